import type { GradeReport, TestReport } from "./schema.ts";
import { untrustedLine } from "./untrusted.ts";

/** What is known before the first test. */
export interface ReportHeader {
	/** How to name the target to a person. */
	readonly target: string;
	/** The seed of the runs; undefined if all of them were asked for by their own. */
	readonly seed: string | undefined;
	/** How many tests, and how many runs in all. */
	readonly tests: number;
	readonly runs: number;
	/** Which schedules, in words. */
	readonly schedules: string;
}

/** What is graded with which seed, for the first line of what is shown. */
export function describeSubject({ target, seed }: Pick<ReportHeader, "target" | "seed">): string {
	return untrustedLine(seed === undefined ? `target ${target}` : `target ${target}, seed ${seed}`);
}

/** What a reporter may have to know of the place it runs in. */
export interface ReporterContext {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** What paths in a report are relative to. */
	readonly cwd: string;
}

/** A file of the CI system's, to which a reporter has something to add. */
export interface AppendedFile {
	readonly path: string;
	/** What to append: whole lines. */
	text(report: GradeReport): string;
}

/**
 * One kind of report. Each method returns the text that comes next: whole lines, each with its newline, or nothing. Whoever calls it decides
 * where it goes. Made for one grading only: it may remember what it has seen.
 */
export interface Reporter {
	/** Appended to when everything is over, besides the text that {@link end} returns. */
	readonly appends?: readonly AppendedFile[];
	/** Before the first test. */
	begin?(header: ReportHeader): string;
	/** A test is over. Its failures are not explained yet (no places, no last events); those in {@link end}'s report are. */
	test?(test: TestReport): string;
	/** Everything is over: passed, failed, interrupted or unusable (then without {@link begin}). */
	end(report: GradeReport): string;
}
