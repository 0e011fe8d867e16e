import { type Seed, TargetError } from "../../harness/index.ts";
import type { GradeOptions } from "../cli.ts";
import type { Output } from "../output.ts";
import { parseReporters } from "../report/reporter-option.ts";
import type { GradeReport } from "../report/schema.ts";
import { openReports } from "../report/sinks.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { explainFailures } from "./explaining.ts";
import { rememberFailed } from "./last-failed.ts";
import { makeRuns } from "./make-runs.ts";
import { describeSchedules, type PlannedTest } from "./plan.ts";
import { showProgress } from "./progress.ts";
import { ReportBuilder } from "./report-builder.ts";
import { openSession, type Session } from "./session.ts";

/** What is to be graded, against what, by which rules. */
export interface Grading {
	readonly session: Session;
	readonly tests: readonly PlannedTest[];
	readonly seed: Seed;
	readonly options: GradeOptions;
}

/** Reports that there is nothing to grade: whoever waits for a report's file is to learn of it too. */
export async function reportUnusable(grading: Grading, message: string, output: Output): Promise<GradeReport> {
	const context = { env: process.env, cwd: process.cwd() };
	const reports = await openReports(parseReporters(grading.options.reporters), context, output.write);
	const report = new ReportBuilder(grading).unusable(message, 0);
	output.error(`raft-grade: ${untrustedLine(message)}`);
	reports.end(report);
	return report;
}

/**
 * Grades once, and reports.
 *
 * @returns the report.
 * @throws UsageError for a reporter that cannot write, WorkerFault for a fault of raft-grade itself.
 */
export async function gradeOnce(grading: Grading, output: Output, signal: AbortSignal): Promise<GradeReport> {
	const { session, tests, seed, options } = grading;
	const beganMs = performance.now();
	const context = { env: process.env, cwd: process.cwd() };
	const reports = await openReports(parseReporters(options.reporters), context, output.write);
	const builder = new ReportBuilder(grading);
	const runs = tests.reduce((total, test) => total + test.runs.length, 0);
	const progress = showProgress(runs);
	const finish = async (report: GradeReport) => {
		progress.stop();
		reports.end(report);
		if (options.shard === undefined) await rememberFailed(session.target.file, context.cwd, report);
		return report;
	};
	try {
		const { pool, source } = await openSession({ ...session, jobs: Math.max(1, Math.min(session.jobs, runs)) }, signal);
		try {
			builder.targetHash = source.hash;
			const schedules = describeSchedules(tests);
			reports.begin({ target: session.target.name, seed, tests: tests.length, runs, schedules });
			const results = await makeRuns(pool, tests, {
				bail: options.bail,
				signal,
				onRun: ({ run, outcome }) => progress.ran(run.test, outcome.failure !== undefined),
				onTest: (result) => reports.test(builder.test(result)),
			});
			const explained = await explainFailures(pool, results, signal);
			return await finish(builder.report(results, explained, performance.now() - beganMs, signal.aborted));
		} finally {
			pool.close();
		}
	} catch (error) {
		if (!(error instanceof TargetError)) throw error;
		progress.stop();
		output.error(`raft-grade: ${untrustedLine(error.message)}`);
		return finish(builder.unusable(error.message, performance.now() - beganMs));
	} finally {
		progress.stop();
	}
}
