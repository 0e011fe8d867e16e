import pc from "picocolors";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { runName } from "../run-name.ts";
import { interruptible } from "./interruption.ts";
import type { Grading } from "./once.ts";
import type { PlannedRun } from "./plan.ts";
import { openSession } from "./session.ts";

/** Makes each run twice, and compares the journals. */
export async function checkDeterminism({ session, tests, seed }: Grading, output: Output): Promise<ExitCode> {
	return interruptible(async (signal) => {
		const { pool } = await openSession(session, signal);
		output.line(`target ${session.target.name}, seed ${seed}, everything twice`);
		const runs = tests.flatMap((test) => test.runs);
		const hashes = new Map(runs.map((run) => [run, [] as string[]]));
		try {
			const twice = [...runs, ...runs].map((run) => ({ ...run, purpose: "hash" as const, run }));
			await pool.run(
				twice,
				({ run }, { journalHash, failure }) => {
					// A run that the sandbox stopped has no journal; its course is not known.
					hashes.get(run)?.push(journalHash ?? `stopped: ${failure?.check}`);
				},
				signal,
			);
		} finally {
			pool.close();
		}
		if (signal.aborted) return ExitCode.interrupted;
		const differing = runs.filter((run) => new Set(hashes.get(run)).size !== 1);
		for (const run of differing) output.line(describeDifference(run, hashes.get(run) ?? []));
		const tellsApart = new Set(differing.map(({ test }) => test)).size;
		output.line(`${tests.length - tellsApart} of ${tests.length} tests took the same course twice`);
		return differing.length === 0 ? ExitCode.passed : ExitCode.failed;
	});
}

function describeDifference(run: PlannedRun, hashes: readonly string[]): string {
	return `${pc.red("DIFFERS")} ${runName(run.test, run)}: journals ${hashes.map((hash) => hash.slice(0, 12)).join(" and ")}`;
}
