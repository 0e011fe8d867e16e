import { describePoints } from "./points.ts";
import type { GradeReport, TestReport } from "./schema.ts";

/** The tests of which a student may know. A test all of whose runs are in other shards is none of this report's. */
export function visibleTests({ tests }: GradeReport): readonly TestReport[] {
	return tests.filter(({ visibility, planned }) => visibility === "visible" && planned > 0);
}

/** The tests of which a student may know no more than how many there are and what they brought. */
export function hiddenTests({ tests }: GradeReport): readonly TestReport[] {
	return tests.filter(({ visibility, planned }) => visibility === "hidden" && planned > 0);
}

/** All that a student is told of the hidden tests; undefined without any. */
export function describeHidden(report: GradeReport): string | undefined {
	const hidden = hiddenTests(report);
	if (hidden.length === 0) return undefined;
	const passed = hidden.filter(({ status }) => status === "passed").length;
	return `hidden tests: ${passed} of ${hidden.length} passed (${describePoints(sumPoints(hidden))})`;
}

/** What these tests brought together. */
export function sumPoints(tests: readonly TestReport[]): TestReport["points"] {
	const sum = (of: (test: TestReport) => number) => tests.reduce((total, test) => total + of(test), 0);
	return { earned: sum(({ points }) => points.earned), possible: sum(({ points }) => points.possible) };
}
