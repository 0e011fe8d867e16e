import pc from "picocolors";
import { describeIncomplete, describeStatus, passedOfPlanned } from "./describe-test.ts";
import { failureSections } from "./failure-sections.ts";
import { failureHead } from "./failure-text.ts";
import { describePoints } from "./points.ts";
import { describeSubject, type Reporter } from "./reporter.ts";
import type { FailureReport, GradeReport, TestReport } from "./schema.ts";
import { WIDTH, wrap } from "./text.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

const INDENT = 16;

/** For terminals, in the manner of Mocha's reporter of that name: the tests under their parts as they finish, then the failures. */
export function specReporter(): Reporter {
	let part: string | undefined;
	return {
		begin: (header) => text(wrapped(`${describeSubject(header)}, ${untrustedLine(header.schedules)}`, "")),
		test: (test) => {
			const heading = test.part === part ? [] : ["", `  ${pc.bold(untrustedLine(test.part))}`];
			part = test.part;
			return text([...heading, ...testLines(test)]);
		},
		end: (report) => text(endLines(report)),
	};
}

function testLines(test: TestReport): string[] {
	const share = test.planned === 1 ? "" : ` ${passedOfPlanned(test)}`;
	const time = test.virtualMs === null ? "" : ` (${(test.virtualMs.median / 1000).toFixed(1)} s)`;
	const title = shorten(untrustedLine(`${test.test}: ${test.title}`), WIDTH - `    x ${share}${time}`.length);
	return [`    ${mark(test)} ${title}${share}${pc.dim(time)}`, ...test.advice.flatMap(adviceLines)];
}

function shorten(line: string, width: number): string {
	return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function mark({ status }: TestReport): string {
	if (status === "incomplete") return pc.cyan("-");
	return status === "passed" ? pc.green("✓") : pc.red("✗");
}

function adviceLines(advice: string): string[] {
	return wrapped(`advice: ${untrustedLine(advice)}`, "      ").map((line) => pc.yellow(line));
}

function endLines(report: GradeReport): string[] {
	if (report.status === "unusable") {
		const message = untrustedLines(report.message ?? "").flatMap((line) => wrapped(line, "  "));
		return [pc.red(describeStatus("unusable")), ...message];
	}
	const failed = report.tests.flatMap((test) => test.failures.map((failure) => ({ test, failure })));
	return [
		...totals(report),
		...failed.flatMap(({ test, failure }, i) => ["", ...failureLines(`${i + 1}) `, test, failure)]),
	];
}

function totals(report: GradeReport): string[] {
	const { tests } = report;
	const count = (wanted: TestReport["status"]) => tests.filter(({ status }) => status === wanted).length;
	const virtualMs = tests.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.virtualMs, 0);
	const incomplete = tests.filter(({ status }) => status === "incomplete");
	return [
		"",
		`  ${pc.green(`${count("passed")} passing`)} ${pc.dim(`(${(virtualMs / 1000).toFixed(1)} s of virtual time)`)}`,
		...(count("failed") === 0 ? [] : [`  ${pc.red(`${count("failed")} failing`)}`]),
		...(incomplete.length === 0 ? [] : [`  ${pc.cyan(`${incomplete.length} not finished`)}`]),
		...incomplete.map((test) => `    ${untrustedLine(test.test)}: ${describeIncomplete(test)}`),
		`  ${describePoints(report.points)}`,
		...(report.status === "interrupted" ? [`  ${pc.yellow(describeStatus("interrupted"))}`] : []),
	];
}

function failureLines(number: string, test: TestReport, failure: FailureReport): string[] {
	return [
		`  ${number}${pc.bold(shorten(untrustedLine(`${test.part} ${test.test}: ${test.title}`), WIDTH - 2 - number.length))}`,
		...wrapped(failureHead(failure), "     ").map((line) => pc.red(line)),
		...failureSections(failure, test).flatMap(({ label, paragraphs }) => {
			const lines = paragraphs.flatMap((paragraph) => wrap(paragraph, WIDTH - INDENT - 3));
			return lines.map((line, i) => `     ${pc.dim((i === 0 ? label : "").padEnd(INDENT - 2))}${line}`);
		}),
	];
}

function wrapped(line: string, indent: string): string[] {
	return wrap(line, WIDTH - indent.length).map((part) => `${indent}${part}`);
}

function text(lines: readonly string[]): string {
	return lines.map((line) => `${line}\n`).join("");
}
