import { type ReplayedWith, replayCommand } from "../report/replay-command.ts";
import type { FailureReport, ShrunkReport, TestReport } from "../report/schema.ts";
import { parseRun, runName } from "../run-name.ts";
import type { Pool } from "../worker/pool.ts";
import { shrinkAndTell } from "./shrink.ts";
import { summary } from "./story.ts";

/** Fewer than for one run alone: there may be many failures. */
const TRIES = 120;

/**
 * Shrinks the first run of each kind of failure of tests.
 *
 * @returns the tests, with what mattered. What was not shrunk before the signal says stop stays as it was.
 */
export async function withShrunkFailures(
	pool: Pool,
	tests: readonly TestReport[],
	options: ReplayedWith,
	signal: AbortSignal,
): Promise<TestReport[]> {
	const all: TestReport[] = [];
	for (const test of tests) {
		const failures: FailureReport[] = [];
		for (const failure of test.failures) {
			const shrunk = signal.aborted ? undefined : await shrinkFailure(pool, test.test, failure, options, signal);
			failures.push(shrunk === undefined ? failure : { ...failure, shrunk });
		}
		all.push({ ...test, failures });
	}
	return all;
}

async function shrinkFailure(
	pool: Pool,
	test: string,
	{ runs: [original = ""], contained }: FailureReport,
	options: ReplayedWith,
	signal: AbortSignal,
): Promise<ShrunkReport | undefined> {
	if (contained) return undefined;
	const run = parseRun(original.slice(original.indexOf("@") + 1));
	const shrunk = await shrinkAndTell(pool, { test, run, tries: TRIES, signal });
	if (shrunk.kind !== "found" || signal.aborted) return undefined;
	const name = runName(test, shrunk);
	return {
		run: name,
		decisions: shrunk.of,
		summary: summary({ ...shrunk, original }),
		choices: [...shrunk.choices],
		message: shrunk.told.message,
		atMs: shrunk.told.atMs,
		replay: replayCommand(name, options),
	};
}
