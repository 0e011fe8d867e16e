import path from "node:path";
import type { Place } from "../../harness/index.ts";
import type { CauseId } from "../../labs/catalog/causes.ts";
import type { Story } from "../narrative/story.ts";
import { failureKind } from "../report/group.ts";
import type { ReportPlace } from "../report/schema.ts";
import type { RunFailure } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import type { RunResult, TestResult } from "./make-runs.ts";

/** A failed run, and what is known of it after it was run again to be looked at. */
export interface ExplainedRun extends RunResult {
	readonly failure: RunFailure;
	readonly lastEvents: readonly string[];
	/** Undefined if it was not looked at. */
	readonly story?: Story | undefined;
	/** What it speaks for, the likeliest first. */
	readonly likely?: readonly CauseId[] | undefined;
}

/**
 * Of a test's first so many schedules, all failures with one message are looked at: those that failed in one place are told from those that failed in
 * another. Schedules, not failures, so that shards look at the same ones together.
 */
const LOOKED_AT = 20;

/**
 * Runs failed runs again, with the journal and with stack traces: the first of each kind, and if it failed in a place of the
 * submission, others of its kind, which may have failed in other places.
 *
 * @returns the failed runs of each test, by its name.
 */
export async function explainFailures(
	pool: Pool,
	tests: readonly TestResult[],
	signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly ExplainedRun[]>> {
	const explained = new Map<RunResult, ExplainedRun>();
	const look = async (results: readonly RunResult[]) => {
		const orders = results.map((result) => ({ ...result.run, purpose: "explain" as const, result }));
		await pool.run(
			orders,
			({ result }, { failure, lastEvents = [], story, causes }) => {
				const known = result.outcome.failure as RunFailure;
				// The same run has to fail in the same way; if ever it didn't, what was judged counts.
				const isSame = failure?.check === known.check;
				explained.set(result, { ...result, failure: isSame ? failure : known, lastEvents, story, likely: causes });
			},
			signal,
		);
	};
	const failed = tests.map(({ results }) => results.filter(({ outcome }) => outcome.failure !== undefined));
	// What the sandbox stopped once is not let loose again.
	const kinds = failed.flatMap((results) => [...byKind(results.filter((result) => !isContained(result))).values()]);
	await look(kinds.flatMap(([first]) => (first === undefined ? [] : [first])));
	const withPlaces = kinds.filter(([first]) => first !== undefined && hasPlaces(explained.get(first)));
	await look(withPlaces.flatMap(([, ...others]) => others.filter(({ run }) => run.repetition < LOOKED_AT)));
	return new Map(
		tests.map(({ test }, i) => [
			test.test,
			(failed[i] ?? []).map((result) => explained.get(result) ?? unexplained(result)),
		]),
	);
}

/** A place as reports tell it: relative to where the command runs. */
export function toReportPlace({ file, line, column, functionName }: Place): ReportPlace {
	return { file: path.relative(process.cwd(), file), line, column, functionName };
}

function byKind(results: readonly RunResult[]): Map<string, RunResult[]> {
	const kinds = new Map<string, RunResult[]>();
	for (const result of [...results].sort((a, b) => a.run.repetition - b.run.repetition)) {
		const kind = failureKind(result.outcome.failure as RunFailure);
		const known = kinds.get(kind);
		if (known === undefined) kinds.set(kind, [result]);
		else known.push(result);
	}
	return kinds;
}

function hasPlaces(run: ExplainedRun | undefined): boolean {
	return (run?.failure.details.places?.length ?? 0) > 0;
}

function isContained({ outcome }: RunResult): boolean {
	return outcome.failure?.isContained === true;
}

function unexplained(result: RunResult): ExplainedRun {
	return { ...result, failure: result.outcome.failure as RunFailure, lastEvents: [] };
}
