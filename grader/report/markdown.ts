import { describeIncomplete, describeStatus, passedOfPlanned } from "./describe-test.ts";
import { describePlace, describeStep, shrunkParagraphs } from "./failure-sections.ts";
import { failureTime } from "./failure-text.ts";
import { describeHidden, visibleTests } from "./hidden.ts";
import { codeBlock, codeSpan, prose } from "./markdown-text.ts";
import { describePoints, roundPoints } from "./points.ts";
import type { Reporter } from "./reporter.ts";
import type { FailureReport, GradeReport, ShrunkReport, TestReport } from "./schema.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

const PLACES_MAX = 3;
const CAUSES_MAX = 3;

/** Feedback for a student, for an issue, a pull request or the summary of a GitHub workflow. It does not show hidden tests. */
export function markdownReporter(): Reporter {
	return { end: markdownReport };
}

/** What {@link markdownReporter} writes. */
export function markdownReport(report: GradeReport): string {
	// Of what could not be run, there is nothing to tell test by test.
	const visible = report.status === "unusable" ? [] : visibleTests(report);
	const blocks = [
		`## raft-grade: ${describeStatus(report.status)}\n`,
		summary(report, visible),
		...(report.message === null ? [] : [codeBlock(untrustedLines(report.message))]),
		...(visible.length === 0 ? [] : [table(visible)]),
		...visible.flatMap(details),
		`raft-grade ${prose(report.tool.version)}, seed ${codeSpan(report.seed)}\n`,
	];
	return blocks.join("\n");
}

function summary(report: GradeReport, visible: readonly TestReport[]): string {
	if (report.status === "unusable") return "**No points**\n";
	const passed = visible.filter(({ status }) => status === "passed").length;
	const hidden = describeHidden(report);
	const lines = [
		`**${describePoints(report.points)}**, ${passed} of ${visible.length} tests passed`,
		...(hidden === undefined ? [] : [hidden]),
	];
	return `${lines.join("; ")}\n`;
}

function table(tests: readonly TestReport[]): string {
	const rows = tests.map((test) => [
		prose(test.part),
		prose(test.test),
		`${MARKS[test.status]} ${passedOfPlanned(test)}`,
		`${roundPoints(test.points.earned)} / ${roundPoints(test.points.possible)}`,
		...(test.virtualMs === null ? ["", ""] : [test.virtualMs.median, test.virtualMs.worst].map(virtualSeconds)),
	]);
	return [
		"| part | test | passed | points | median virtual s | worst |",
		"| --- | --- | ---: | ---: | ---: | ---: |",
		...rows.map((cells) => `| ${cells.join(" | ")} |`),
	]
		.map((line) => `${line}\n`)
		.join("");
}

const MARKS: Readonly<Record<TestReport["status"], string>> = { passed: "✅", failed: "❌", incomplete: "⏹️" };

function details(test: TestReport): string[] {
	const head = `### ${prose(test.test)}: ${prose(test.title)}\n`;
	const blocks = [
		...(test.status === "incomplete" ? [`${describeIncomplete(test)}\n`] : []),
		...test.advice.map((text) => `Advice: ${codeSpan(text)}\n`),
		...test.failures.flatMap((failure) => failureBlocks(failure, test)),
	];
	return blocks.length === 0 ? [] : [head, ...blocks];
}

function failureBlocks(failure: FailureReport, test: TestReport): string[] {
	const share = test.planned === 1 ? "" : ` ${failure.runs.length} of ${test.planned} schedules failed in this way.`;
	const facts = [
		...fact("Expected", failure.expected),
		...fact("Actual", failure.actual),
		...failure.places.slice(0, PLACES_MAX).flatMap((place) => fact("Where", describePlace(place))),
		...(failure.paper === "" ? [] : [`- Paper: ${prose(failure.paper)}\n`]),
		...failure.causes.slice(0, CAUSES_MAX).map((cause) => `- Usual cause: ${prose(cause)}\n`),
		...fact("See it again", failure.replay),
		...fact("Page", failure.trace ?? null),
	];
	return [
		`${codeSpan(failure.message)} ${failureTime(failure)}.${share}\n`,
		facts.join(""),
		...storyBlock(failure.story),
		...(failure.shrunk === undefined ? [] : shrunkBlocks(failure.shrunk)),
		...(failure.lastEvents.length === 0 ? [] : ["Last events:\n", codeBlock(failure.lastEvents.map(untrustedLine))]),
	];
}

function storyBlock(story: FailureReport["story"]): string[] {
	if (story === undefined) return [];
	return ["What happened:\n", codeBlock(story.steps.map((step) => describeStep(step, story.culprit)))];
}

function shrunkBlocks(shrunk: ShrunkReport): string[] {
	return ["What mattered:\n", codeBlock(shrunkParagraphs(shrunk)), fact("See it shrunk", shrunk.replay).join("")];
}

function fact(label: string, text: string | null): string[] {
	return text === null || text === "" ? [] : [`- ${label}: ${codeSpan(text)}\n`];
}

function virtualSeconds(ms: number): string {
	return (ms / 1000).toFixed(1);
}
