import { describeStatus, passedOfPlanned } from "./describe-test.ts";
import { failureSections } from "./failure-sections.ts";
import { jsonText } from "./json-text.ts";
import { describePoints } from "./points.ts";
import type { Reporter } from "./reporter.ts";
import type { GradeReport, TestReport } from "./schema.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

/**
 * TAP 14, the Test Anything Protocol. It comes all at once at the end: only then is a failure explained, and its explanation belongs under
 * its test.
 */
export function tapReporter(): Reporter {
	return {
		end: (report) =>
			lines(report)
				.map((line) => `${line}\n`)
				.join(""),
	};
}

function lines(report: GradeReport): string[] {
	const head = ["TAP version 14"];
	if (report.status === "unusable") {
		const message = untrustedLines(report.message ?? "");
		return [
			...head,
			...message.slice(1).map(comment),
			`Bail out! ${escapeText(message[0] ?? describeStatus("unusable"))}`,
		];
	}
	const tests = report.tests.filter(({ planned }) => planned > 0);
	const incomplete = tests.filter(({ status }) => status === "incomplete").length;
	return [
		...head,
		`1..${tests.length}`,
		comment(`target ${untrustedLine(report.target.name)}, seed ${untrustedLine(report.seed)}`),
		...tests.flatMap(testPoint),
		comment(describePoints(report.points)),
		// To say that such a test passed or was skipped would be to say that all is well, and that it failed, that something is wrong.
		...(incomplete > 0 || report.status === "interrupted"
			? [`Bail out! stopped before the end: ${incomplete} of ${tests.length} tests not finished`]
			: []),
	];
}

function testPoint(test: TestReport, index: number): string[] {
	if (test.status === "incomplete") return [];
	const ok = test.status === "passed" ? "ok" : "not ok";
	const name = escapeText(untrustedLine(`${test.part} ${test.test}: ${test.title}`));
	return [`${ok} ${index + 1} - ${name}`, ...diagnostics(test)];
}

/** YAML, in which a value is written as JSON: that is YAML too, and leaves a text no way out of its quotation marks. */
function diagnostics(test: TestReport): string[] {
	const failures = test.failures.map((failure) => ({
		message: untrustedLine(failure.message),
		check: untrustedLine(failure.check),
		at_ms: failure.atMs,
		...Object.fromEntries(
			failureSections(failure, test).map(({ label, paragraphs }) => [label.replaceAll(" ", "_"), paragraphs]),
		),
	}));
	return [
		"  ---",
		`  passed: ${jsonText(passedOfPlanned(test))}`,
		`  points: ${jsonText(describePoints(test.points))}`,
		...list("advice", test.advice.map(untrustedLine)),
		...list("failures", failures),
		"  ...",
	];
}

function list(key: string, items: readonly unknown[]): string[] {
	return items.length === 0 ? [] : [`  ${key}:`, ...items.flatMap((item) => yamlItem(item, "    "))];
}

function yamlItem(item: unknown, indent: string): string[] {
	if (typeof item !== "object" || item === null) return [`${indent}- ${jsonText(item)}`];
	return Object.entries(item).flatMap(([key, value], i) => {
		const start = `${indent}${i === 0 ? "- " : "  "}${key}:`;
		if (!Array.isArray(value)) return [`${start} ${jsonText(value)}`];
		return [start, ...value.map((entry) => `${indent}    - ${jsonText(entry)}`)];
	});
}

function comment(text: string): string {
	return `# ${text}`;
}

/** `#` would begin a directive such as SKIP, and a brace at the end a subtest. */
function escapeText(text: string): string {
	return text.replaceAll(/[\\#]/g, "\\$&").replace(/\{$/, "{ .");
}
