import type { GradeOptions } from "../cli/grade.ts";
import type { Output } from "../output.ts";
import { parseReporters } from "../report/reporter-option.ts";
import type { GradeReport } from "../report/schema.ts";
import { openReports } from "../report/sinks.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { countRuns, type Judging, judge } from "./judge.ts";
import { rememberFailed } from "./last-failed.ts";
import { describeSchedules, hasBaseSeed } from "./plan.ts";
import { showProgress } from "./progress.ts";
import { ReportBuilder } from "./report-builder.ts";

/** What is to be graded, and how that is to be told. */
export interface Grading extends Judging {
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
 * @throws UsageError for a reporter or a page that cannot be written, when all others are, WorkerFault for a fault of raft-grade itself.
 */
export async function gradeOnce(grading: Grading, output: Output, signal: AbortSignal): Promise<GradeReport> {
	const { session, tests, seed, options } = grading;
	const context = { env: process.env, cwd: process.cwd() };
	const reports = await openReports(parseReporters(options.reporters), context, output.write);
	const runs = countRuns(tests);
	const progress = showProgress(runs);
	let untraced: Error | undefined;
	try {
		const report = await judge(
			grading,
			{
				begin: () => {
					reports.begin({
						target: session.target.name,
						seed: hasBaseSeed(tests) ? seed : undefined,
						tests: tests.length,
						runs,
						schedules: describeSchedules(tests),
					});
				},
				ran: ({ run, outcome }) => progress.ran(run.test, outcome.failure !== undefined),
				test: (test) => reports.test(test),
				untraced: (why) => {
					untraced = why;
				},
			},
			signal,
		);
		progress.stop();
		if (report.message !== null) output.error(`raft-grade: ${untrustedLine(report.message)}`);
		reports.end(report);
		const areNamed = tests.some((test) => test.runs.some(({ isNamed }) => isNamed));
		if (options.shard === undefined) await rememberFailed(session.target.file, context.cwd, report, areNamed);
		// Said when everything else has been.
		if (untraced !== undefined) throw untraced;
		return report;
	} finally {
		progress.stop();
	}
}
