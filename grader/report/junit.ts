import { describeIncomplete, describeStatus, passedOfPlanned, wallSeconds } from "./describe-test.ts";
import { failureHead, failuresText } from "./failure-text.ts";
import { roundPoints } from "./points.ts";
import type { Reporter } from "./reporter.ts";
import type { GradeReport, TestReport } from "./schema.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";
import { element, type XmlElement, xmlDocument } from "./xml.ts";

const TOOL = "raft-grade";

/** JUnit's XML, in the dialect that Jenkins, GitLab and the actions for GitHub read: a suite per part, a case per test. */
export function junitReporter(): Reporter {
	return { end: (report) => xmlDocument(suites(report)) };
}

function suites(report: GradeReport): XmlElement {
	const parts = [...new Set(report.tests.map(({ part }) => part))];
	const all = parts.map((part) => partSuite(part, report));
	// Neither may look like a grading in which nothing failed.
	if (report.status === "unusable" || report.status === "interrupted") all.unshift(errorSuite(report));
	const failures = report.tests.filter(({ status }) => status === "failed").length;
	return element(
		"testsuites",
		{
			name: TOOL,
			tests: report.tests.length + all.length - parts.length,
			failures,
			errors: all.length - parts.length,
			time: secondsText(sumSeconds(report.tests)),
		},
		all,
	);
}

function partSuite(part: string, report: GradeReport): XmlElement {
	const tests = report.tests.filter((test) => test.part === part);
	const count = (wanted: TestReport["status"]) => tests.filter(({ status }) => status === wanted).length;
	const attributes = {
		name: untrustedLine(part),
		tests: tests.length,
		failures: count("failed"),
		errors: 0,
		skipped: count("incomplete"),
		time: secondsText(sumSeconds(tests)),
	};
	return element("testsuite", attributes, [properties(report), ...tests.map(testCase)]);
}

function errorSuite(report: GradeReport): XmlElement {
	const [message = describeStatus(report.status)] = untrustedLines(report.message ?? "");
	const body = `${untrustedLines(report.message ?? describeStatus(report.status)).join("\n")}\n`;
	return element("testsuite", { name: TOOL, tests: 1, failures: 0, errors: 1, skipped: 0, time: secondsText(0) }, [
		properties(report),
		element("testcase", { name: untrustedLine(report.target.name), classname: TOOL, time: secondsText(0) }, [
			element("error", { message, type: report.status }, [body]),
		]),
	]);
}

function properties({ seed, tool, target, status, points }: GradeReport): XmlElement {
	const values = {
		status,
		target: untrustedLine(target.name),
		seed: untrustedLine(seed),
		version: tool.version,
		node: tool.node,
		points: roundPoints(points.earned),
		"points-possible": roundPoints(points.possible),
	};
	return element(
		"properties",
		{},
		Object.entries(values).map(([name, value]) => element("property", { name, value })),
	);
}

function testCase(test: TestReport): XmlElement {
	const attributes = {
		name: untrustedLine(test.test),
		// What stands before the last point is taken for a package.
		classname: `${TOOL}.${untrustedLine(test.part)}`,
		time: secondsText(wallSeconds(test)),
	};
	return element("testcase", attributes, [...outcome(test), ...advice(test)]);
}

function outcome(test: TestReport): XmlElement[] {
	if (test.status === "incomplete") return [element("skipped", {}, [describeIncomplete(test)])];
	if (test.status === "passed") return [];
	const [first] = test.failures;
	const message = first === undefined ? `passed ${passedOfPlanned(test)}` : failureHead(first);
	const others = test.failures.length - 1;
	const more = others > 0 ? `; and ${others} other ${others === 1 ? "kind" : "kinds"} of failure` : "";
	const type = untrustedLine(first?.check ?? "failed");
	// A line break first: the text is read as it stands, and its columns must be aligned.
	return [element("failure", { message: `${message}${more}`, type }, [`\n${failuresText(test)}`])];
}

function advice({ advice }: TestReport): XmlElement[] {
	if (advice.length === 0) return [];
	return [element("system-out", {}, [advice.map((text) => `advice: ${untrustedLine(text)}\n`).join("")])];
}

function sumSeconds(tests: readonly TestReport[]): number {
	return tests.reduce((sum, test) => sum + wallSeconds(test), 0);
}

function secondsText(seconds: number): string {
	return seconds.toFixed(3);
}
