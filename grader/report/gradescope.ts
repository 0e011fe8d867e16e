import { describeIncomplete, describeStatus, passedOfPlanned, wallSeconds } from "./describe-test.ts";
import { failuresText } from "./failure-text.ts";
import { visibleTests } from "./hidden.ts";
import { jsonText } from "./json-text.ts";
import { roundPoints } from "./points.ts";
import type { Reporter } from "./reporter.ts";
import type { GradeReport, TestReport } from "./schema.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

/**
 * Gradescope's results.json. A student sees the visible tests and the text over them; of hidden tests only the score tells.
 *
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export function gradescopeReporter(): Reporter {
	return { end: (report) => `${jsonText(results(report), "\t")}\n` };
}

/** A results.json that stands for a grading which left none behind. Whose fault that is, it cannot know. */
export function noResult(): string {
	const results = {
		score: 0,
		output:
			"The grading did not come to an end: it was killed, or the autograder is broken. This says nothing of your " +
			"submission. Hand it in again; if that doesn't help, tell the course's staff.",
		output_format: "text",
		stdout_visibility: "hidden",
		tests: [],
	};
	return `${JSON.stringify(results, undefined, "\t")}\n`;
}

function results(report: GradeReport) {
	return {
		score: report.status === "unusable" ? 0 : roundPoints(report.points.earned),
		execution_time: roundSeconds(report.wallMs / 1000),
		output: overallOutput(report),
		output_format: "text",
		test_output_format: "text",
		test_name_format: "text",
		// The terminal's output names hidden tests.
		stdout_visibility: "hidden",
		extra_data: {
			status: report.status,
			seed: report.seed,
			tool: report.tool,
			target: { name: untrustedLine(report.target.name), hash: report.target.hash },
			scoring: report.scoring,
		},
		tests: tests(report),
	};
}

function tests(report: GradeReport) {
	const seen = new Map<string, number>();
	return report.tests.map((test) => {
		// Hidden tests are counted apart: a gap in the numbers would show where they are.
		const series = test.visibility === "hidden" ? `${test.part}.hidden` : test.part;
		const number = (seen.get(series) ?? 0) + 1;
		seen.set(series, number);
		return {
			name: untrustedLine(`${test.test}: ${test.title}`),
			number: `${untrustedLine(series)}.${number}`,
			status: test.status === "passed" ? "passed" : "failed",
			score: roundPoints(test.points.earned),
			max_score: roundPoints(test.points.possible),
			output: testOutput(test),
			output_format: "text",
			visibility: test.visibility,
			extra_data: { passed: test.passed, planned: test.planned, execution_time: roundSeconds(wallSeconds(test)) },
		};
	});
}

function testOutput(test: TestReport): string {
	const head = test.status === "incomplete" ? describeIncomplete(test) : `passed ${passedOfPlanned(test)}`;
	const advice = test.advice.map((text) => `advice: ${untrustedLine(text)}\n`).join("");
	// Where this was graded from, the student is not.
	const asStudents = test.failures.map((failure) => ({ ...failure, replay: `npx raft-grade ${failure.runs[0]}` }));
	const failures = failuresText({ ...test, failures: asStudents });
	return `${head}\n${advice}${failures === "" ? "" : `\n${failures}`}`;
}

function overallOutput(report: GradeReport): string {
	const visible = visibleTests(report);
	const passed = visible.filter(({ status }) => status === "passed").length;
	const run = `raft-grade ${report.tool.version}, seed ${untrustedLine(report.seed)}`;
	switch (report.status) {
		case "unusable":
			return [
				`The submission could not be graded, and gets no points:`,
				...untrustedLines(report.message ?? ""),
				run,
			].join("\n");
		case "interrupted":
			return `The grading was ${describeStatus("interrupted")}.\n${passed} of ${visible.length} tests passed.\n${run}`;
		default:
			return `${passed} of ${visible.length} tests passed.\n${run}`;
	}
}

function roundSeconds(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
