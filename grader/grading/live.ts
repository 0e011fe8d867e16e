import pc from "picocolors";
import type { SimulationEvent } from "../../harness/index.ts";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { describeEvent, serversOf } from "../report/describe-event.ts";
import { describeSubject } from "../report/reporter.ts";
import { seconds } from "../report/text.ts";
import { runName } from "../run-name.ts";
import { interruptible } from "./interruption.ts";
import { type Grading, gradeOnce } from "./once.ts";
import { hasBaseSeed } from "./plan.ts";
import { openSession } from "./session.ts";

/** What somebody who watches wants to see as it happens: not each message. */
const SHOWN: ReadonlySet<SimulationEvent["kind"]> = new Set([
	"boot",
	"crash",
	"connect",
	"disconnect",
	"pause",
	"state",
	"start",
	"apply",
	"apply-snapshot",
	"snapshot",
	"network",
	"log",
	"tester",
	"warning",
	"failure",
]);

/**
 * Runs tests with virtual time tied to the wall clock, and shows what happens as it happens, a line an event. The verdicts are those of
 * runs that nobody watched.
 */
export async function runLive(grading: Grading, output: Output): Promise<ExitCode> {
	return interruptible(async (signal) => {
		const { session, tests, seed, options } = grading;
		// A run takes as long as it takes.
		const patient = { ...session, limits: { ...session.limits, runMs: Number.POSITIVE_INFINITY } };
		const { pool } = await openSession(patient, signal);
		output.line(describeSubject({ target: session.target.name, seed: hasBaseSeed(tests) ? seed : undefined }));
		pool.onEvent = (event) => {
			if (SHOWN.has(event.kind)) output.line(describeLine(event));
		};
		try {
			for (const run of tests.flatMap((test) => test.runs)) {
				if (signal.aborted) break;
				output.line(`\n${pc.bold(runName(run.test, run))}`);
				await pool.run([{ ...run, purpose: "watch" as const, speed: options.speed }], () => {}, signal);
			}
		} finally {
			pool.close();
		}
		output.line("");
		return ExitCode[(await gradeOnce(grading, output, signal)).status];
	});
}

function describeLine(event: SimulationEvent): string {
	const [server] = serversOf(event);
	const who = server === undefined ? pc.cyan("tester") : `S${server}`.padEnd(6);
	return `${seconds(event.atMs).padStart(10)}  ${who}  ${describeEvent(event)}`;
}
