import type { GradeReport, TestReport } from "./schema.ts";

/** How many of a test's schedules passed, of those it should run: `7/8`. */
export function passedOfPlanned({ passed, planned }: TestReport): string {
	return `${passed}/${planned}`;
}

/** Why a test is incomplete. */
export function describeIncomplete({ runs, planned }: TestReport): string {
	return `not finished: ${runs.length} of ${planned} ${planned === 1 ? "schedule" : "schedules"} run, none failed`;
}

/** What became of the grading, in a sentence for its head. */
export function describeStatus(status: GradeReport["status"]): string {
	switch (status) {
		case "passed":
			return "passed";
		case "failed":
			return "failed";
		case "unusable":
			return "the submission could not be graded";
		case "interrupted":
			return "stopped before the end: this is not a final result";
	}
}

/** Real seconds that a test took over all its runs. */
export function wallSeconds({ runs }: TestReport): number {
	return runs.reduce((total, { wallMs }) => total + wallMs, 0) / 1000;
}
