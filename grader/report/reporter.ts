import type { GradeReport, TestReport } from "./schema.ts";

/** What is known before the first test. */
export interface ReportHeader {
	/** How to name the target to a person. */
	readonly target: string;
	readonly seed: string;
	/** How many tests, and how many runs in all. */
	readonly tests: number;
	readonly runs: number;
	/** Which schedules, in words. */
	readonly schedules: string;
}

/**
 * One kind of report. Each method returns the text that comes next, which may be empty; whoever calls it decides where it goes. Made for one
 * grading only: it may remember what it has seen.
 */
export interface Reporter {
	/** Before the first test. */
	begin?(header: ReportHeader): string;
	/** A test is over. Its failures are not explained yet (no places, no last events); those in {@link end}'s report are. */
	test?(test: TestReport): string;
	/** Everything is over: passed, failed, interrupted or unusable (then without {@link begin}). */
	end(report: GradeReport): string;
}
