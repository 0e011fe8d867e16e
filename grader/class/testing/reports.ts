import type { GradeReport, TestReport } from "../../report/schema.ts";
import type { Student } from "../find/student.ts";
import { digestOf, type Outcome } from "../outcome.ts";

/** What a hostile submission might say. */
export const NASTY = `</pre><script>alert(1)</script><img src=x onerror=alert(1)> "'\`& \u001b[2J ::error::x`;

/** A test's report; failed, saying something nasty, unless it says otherwise. */
export function testWith(test: Partial<TestReport>): TestReport {
	const name = test.test ?? "InitialElection";
	const isPassed = test.status === "passed";
	return {
		test: name,
		part: "2A",
		title: "initial election",
		visibility: "visible",
		status: "failed",
		points: { earned: isPassed ? 5 : 0, possible: 5 },
		planned: 1,
		passed: isPassed ? 1 : 0,
		virtualMs: { median: 3000, worst: 3000 },
		runs: [],
		failures: isPassed
			? []
			: [
					{
						check: "one-leader",
						message: `no leader ${NASTY}`,
						atMs: 3000,
						expected: NASTY,
						actual: NASTY,
						places: [{ file: `src/${NASTY}.ts`, line: 1, column: 2, functionName: NASTY }],
						contained: false,
						runs: [`${name}@1f`],
						replay: `npx raft-grade ${name}@1f`,
						paper: "§5.2",
						causes: ["It has no timer."],
						lastEvents: [`S0 0.1 s ${NASTY}`],
					},
				],
		advice: [],
		...test,
	};
}

/** A report. */
export function reportWith(report: Partial<GradeReport>): GradeReport {
	const tests = report.tests ?? [testWith({})];
	const sum = (of: (test: TestReport) => number) => tests.reduce((total, test) => total + of(test), 0);
	return {
		format: 1,
		tool: { name: "raft-grade", version: "0.1.0", node: "v20.19.0" },
		target: { name: "src/raft.ts", hash: null },
		status: "failed",
		message: null,
		seed: "7",
		shard: null,
		scoring: "all-or-nothing",
		wallMs: 100,
		points: { earned: sum(({ points }) => points.earned), possible: sum(({ points }) => points.possible) },
		tests,
		...report,
	};
}

/** What became of a submission. */
export function outcomeWith(
	students: readonly [Student, ...Student[]],
	report: GradeReport | undefined,
	isLate = false,
): Outcome {
	const from = students[0].name;
	return {
		submission: { slug: from.replaceAll(/\W/g, "-"), students, from, isLate, source: { kind: "broken", why: "" } },
		module: { root: "", file: "raft.ts", why: "the usual name", notes: [] },
		notes: [],
		result: report === undefined ? undefined : digestOf(report, 2),
		fault: undefined,
	};
}
