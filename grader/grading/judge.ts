import { type Seed, TargetError } from "../../harness/index.ts";
import type { GradeOptions } from "../cli/grade.ts";
import type { GradeReport, TestReport } from "../report/schema.ts";
import { UsageError } from "../usage-error.ts";
import type { Pool } from "../worker/pool.ts";
import { type ExplainedRun, explainFailures } from "./explaining.ts";
import { makeRuns, type RunResult } from "./make-runs.ts";
import type { PlannedTest } from "./plan.ts";
import { ReportBuilder } from "./report-builder.ts";
import { openSession, type Session } from "./session.ts";

/** What is to be judged, against what, by which rules. */
export interface Judging {
	readonly session: Session;
	readonly tests: readonly PlannedTest[];
	readonly seed: Seed;
	readonly options: Pick<GradeOptions, "bail" | "target" | "config" | "shard"> &
		Partial<Pick<GradeOptions, "trace" | "explain">>;
}

/** Who hears of a judging as it goes. */
export interface JudgingListener {
	/** The target has been loaded. */
	begin?(): void;
	ran?(result: RunResult): void;
	/** A test is over, its failures not explained yet. */
	test?(test: TestReport): void;
	/** The pages of failures could not be written. That changes no verdict. */
	untraced?(why: UsageError): void;
}

/**
 * Makes all runs, and again those that failed, to explain them. Nothing but this decides what a submission gets.
 *
 * @returns the report; if the target cannot be loaded, one that says so.
 * @throws UsageError, WorkerFault as {@link openSession} and {@link makeRuns} do.
 */
export async function judge(judging: Judging, listener: JudgingListener, signal: AbortSignal): Promise<GradeReport> {
	const { session, tests, options } = judging;
	const beganMs = performance.now();
	const builder = new ReportBuilder(judging);
	const runs = countRuns(tests);
	try {
		// What is shrunk keeps all of them busy.
		const jobs = options.explain === true ? session.jobs : Math.max(1, Math.min(session.jobs, runs));
		const { pool, source } = await openSession({ ...session, jobs }, signal);
		try {
			builder.targetHash = source.hash;
			listener.begin?.();
			const results = await makeRuns(pool, tests, {
				bail: options.bail,
				signal,
				onRun: (result) => listener.ran?.(result),
				onTest: (result) => listener.test?.(builder.test(result)),
			});
			const explained = await explainFailures(pool, results, signal);
			const traces = await traceFailures(pool, judging, explained, signal).catch((error: unknown) => {
				if (!(error instanceof UsageError)) throw error;
				listener.untraced?.(error);
				return new Map<string, string>();
			});
			const report = () => builder.report(results, explained, performance.now() - beganMs, signal.aborted, traces);
			if (options.explain !== true || signal.aborted) return report();
			const { withShrunkFailures } = await import("../shrinking/in-report.ts");
			const shrunk = await withShrunkFailures(pool, report().tests, options, signal);
			return { ...report(), tests: shrunk };
		} finally {
			pool.close();
		}
	} catch (error) {
		if (!(error instanceof TargetError)) throw error;
		return builder.unusable(error.message, performance.now() - beganMs);
	}
}

/** How many runs are to be made. */
export function countRuns(tests: readonly PlannedTest[]): number {
	return tests.reduce((total, test) => total + test.runs.length, 0);
}

/** Writes pages, if they are asked for. */
async function traceFailures(
	pool: Pool,
	{ session, tests, options: { trace } }: Judging,
	explained: ReadonlyMap<string, readonly ExplainedRun[]>,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	if (trace === undefined) return new Map();
	const { writeTraces } = await import("./traces.ts");
	const where = { folder: trace, cwd: process.cwd(), target: session.target.name };
	return writeTraces(pool, tests, explained, where, signal);
}
