import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { interruptible } from "./interruption.ts";
import { type Grading, gradeOnce } from "./once.ts";
import { type PlannedRun, type PlannedTest, seedOf } from "./plan.ts";
import { showProgress } from "./progress.ts";
import { openSession } from "./session.ts";

/** How often those who don't look at a terminal hear how far it is. */
const TELL_EVERY = 1000;

/** Runs on and on, another schedule of every test each time round, until a run fails or somebody stops it. A run that fails is reported as any other. */
export async function runUntilFail(grading: Grading, output: Output): Promise<ExitCode> {
	return interruptible(async (signal) => {
		const { session, tests, seed } = grading;
		const { pool } = await openSession(session, signal);
		const names = tests.length === 1 ? tests[0]?.test : `${tests.length} tests`;
		output.line(`target ${session.target.name}, seed ${seed}, ${names}, until one fails (Ctrl-C stops it)`);
		const progress = showProgress(undefined);
		const found = new AbortController();
		const beganMs = performance.now();
		let failed: PlannedRun | undefined;
		let done = 0;
		try {
			await pool.run(
				endlessly(grading),
				(run, { failure }) => {
					done++;
					progress.ran(run.test, failure !== undefined);
					if (!process.stderr.isTTY && done % TELL_EVERY === 0) output.line(describe(done, beganMs));
					if (failure === undefined || failed !== undefined) return;
					failed = run;
					found.abort();
				},
				AbortSignal.any([signal, found.signal]),
			);
		} finally {
			progress.stop();
			pool.close();
		}
		output.line(`${describe(done, beganMs)}, ${failed === undefined ? "none failed" : "the last one failed"}`);
		if (failed === undefined) return ExitCode.interrupted;
		output.line("");
		const report = await gradeOnce({ ...grading, tests: [onlyRun(tests, failed)] }, output, signal);
		return ExitCode[report.status];
	});
}

/** All schedules of all tests, test by test in turn. */
function* endlessly({ tests, seed, options }: Grading): Generator<PlannedRun> {
	for (let repetition = 0; ; repetition++) {
		for (const { test } of tests) {
			yield {
				test,
				repetition,
				isNamed: false,
				seed: seedOf(test, repetition, options.schedule, seed),
				purpose: "judge",
			};
		}
	}
}

function onlyRun(tests: readonly PlannedTest[], run: PlannedRun): PlannedTest {
	const test = tests.find((one) => one.test === run.test) as PlannedTest;
	return { ...test, runs: [run] };
}

function describe(runs: number, beganMs: number): string {
	const seconds = (performance.now() - beganMs) / 1000;
	return `${runs} runs in ${seconds.toFixed(1)} s, ${(runs / seconds).toFixed(0)} seeds a second`;
}
