import path from "node:path";
import { describeIncomplete, describeStatus, passedOfPlanned, wallSeconds } from "./describe-test.ts";
import { shrunkParagraphs } from "./failure-sections.ts";
import { failureHead } from "./failure-text.ts";
import { describeHidden, hiddenTests, sumPoints, visibleTests } from "./hidden.ts";
import { jsonText } from "./json-text.ts";
import { markdownReport } from "./markdown.ts";
import { describePoints, roundPoints } from "./points.ts";
import { type AppendedFile, describeSubject, type Reporter, type ReporterContext } from "./reporter.ts";
import type { FailureReport, GradeReport, ReportPlace, TestReport } from "./schema.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

/** A test's message in the output `result`, which travels through an environment variable. */
const MESSAGE_MAX = 500;

/**
 * For a GitHub workflow that a student sees: a log, annotations at the student's lines, a summary of the job, and the step's outputs
 * `passed`, `score`, `max-score` and `result`. It does not show hidden tests.
 */
export function githubReporter({ env, cwd }: ReporterContext): Reporter {
	const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, GITHUB_WORKSPACE: workspace } = env;
	const appends: AppendedFile[] = [];
	if (isSet(summary)) appends.push({ path: summary, text: markdownReport });
	if (isSet(output)) appends.push({ path: output, text: outputs });
	const root = isSet(workspace) ? workspace : cwd;
	return {
		appends,
		begin: (header) => `raft-grade: ${describeSubject(header)}\n`,
		test: logLine,
		end: (report) => [...annotations(report, (place) => inRepository(place, root, cwd)), ...closing(report)].join(""),
	};
}

function isSet(value: string | undefined): value is string {
	return value !== undefined && value !== "";
}

const MARKS: Readonly<Record<TestReport["status"], string>> = { passed: "✓", failed: "✗", incomplete: "-" };

function logLine(test: TestReport): string {
	if (test.visibility === "hidden") return "";
	return `${MARKS[test.status]} ${untrustedLine(`${test.part} ${test.test}`)} ${passedOfPlanned(test)}\n`;
}

function closing(report: GradeReport): string[] {
	if (report.status === "unusable") return [`raft-grade: ${describeStatus(report.status)}\n`];
	const hidden = describeHidden(report);
	return [
		...(hidden === undefined ? [] : [`${hidden}\n`]),
		`raft-grade: ${describeStatus(report.status)}, ${describePoints(report.points)}\n`,
	];
}

/** Where an annotation points: a file of the repository, or nowhere. */
type Locate = (place: ReportPlace) => string | undefined;

function annotations(report: GradeReport, locate: Locate): string[] {
	if (report.status === "unusable") {
		const message = untrustedLines(report.message ?? "").join("\n");
		return [command("error", { title: "raft-grade cannot use the submission" }, message)];
	}
	const stopped = command("error", { title: "raft-grade was interrupted" }, describeStatus("interrupted"));
	return [
		...(report.status === "interrupted" ? [stopped] : []),
		...visibleTests(report).flatMap((test) => [
			...test.failures.map((failure) => failureAnnotation(test, failure, locate)),
			...test.advice.map((text) => command("notice", { title: untrustedLine(test.test) }, untrustedLine(text))),
		]),
	];
}

function failureAnnotation(test: TestReport, failure: FailureReport, locate: Locate): string {
	const [place] = failure.places;
	const file = place === undefined ? undefined : locate(place);
	const title = untrustedLine(`${test.test} (${test.part})`);
	const share = test.planned === 1 ? [] : [`${failure.runs.length} of ${test.planned} schedules failed in this way`];
	const page = failure.trace === undefined ? [] : [`page: ${untrustedLine(failure.trace)}`];
	const shrunk = failure.shrunk === undefined ? [] : shrunkParagraphs(failure.shrunk);
	const message = [
		failureHead(failure),
		...share,
		...shrunk,
		`see it again: ${untrustedLine(failure.replay)}`,
		...page,
	].join("\n");
	if (place === undefined || file === undefined) return command("error", { title }, message);
	return command("error", { file, line: place.line, col: place.column, title }, message);
}

/** GitHub takes paths from the repository's root, with slashes. */
function inRepository({ file }: ReportPlace, root: string, cwd: string): string | undefined {
	const relative = path.relative(root, path.resolve(cwd, untrustedLine(file)));
	if (relative.startsWith("..") || path.isAbsolute(relative)) return undefined;
	return relative.replaceAll(path.sep, "/");
}

/** A workflow command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
	const escaped = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
	return `::${name} ${escaped.join(",")}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
	return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
	return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** The step's outputs, each on a line. */
function outputs(report: GradeReport): string {
	const values = {
		passed: report.status === "passed",
		score: report.status === "unusable" ? 0 : roundPoints(report.points.earned),
		"max-score": roundPoints(report.points.possible),
		result: Buffer.from(jsonText(classroomResult(report))).toString("base64"),
	};
	return Object.entries(values)
		.map(([name, value]) => `${name}=${value}\n`)
		.join("");
}

/** One test, as GitHub Classroom's autograding-grading-reporter reads it. */
interface ClassroomTest {
	readonly name: string;
	readonly status: "pass" | "fail" | "error";
	readonly score: number;
	readonly max_score: number;
	readonly message: string;
	readonly test_code: string;
	readonly filename: string;
	readonly line_no: number;
	readonly execution_time: string;
}

/** What goes, in base64, into `<RUNNER>_RESULTS` for that reporter. */
function classroomResult(report: GradeReport) {
	const isJudged = report.status === "passed" || report.status === "failed";
	return {
		version: 1,
		status: isJudged ? CLASSROOM_STATUS[report.status === "passed" ? "passed" : "failed"] : "error",
		max_score: roundPoints(report.points.possible),
		tests: classroomTests(report),
	};
}

const CLASSROOM_STATUS = { passed: "pass", failed: "fail", incomplete: "error" } as const;

function classroomTests(report: GradeReport): ClassroomTest[] {
	if (report.status === "unusable") {
		const message = clip(untrustedLine(report.message ?? describeStatus("unusable")));
		return [{ ...NOWHERE, name: "loading the submission", status: "error", score: 0, max_score: 0, message }];
	}
	return [...visibleTests(report).map(classroomTest), ...hiddenAsOne(report)];
}

const NOWHERE = { test_code: "", filename: "", line_no: 0, execution_time: "0s" };

function classroomTest(test: TestReport): ClassroomTest {
	const [failure] = test.failures;
	const [place] = failure?.places ?? [];
	return {
		name: untrustedLine(`${test.test} (${test.part})`),
		status: CLASSROOM_STATUS[test.status],
		score: roundPoints(test.points.earned),
		max_score: roundPoints(test.points.possible),
		message: clip(classroomMessage(test)),
		test_code: untrustedLine(failure?.replay ?? `npx raft-grade ${test.test}`),
		filename: untrustedLine(place?.file ?? ""),
		line_no: place?.line ?? 0,
		execution_time: `${wallSeconds(test).toFixed(3)}s`,
	};
}

function classroomMessage(test: TestReport): string {
	if (test.status === "incomplete") return describeIncomplete(test);
	return test.failures.map(failureHead).join("; ");
}

function clip(message: string): string {
	return [...message].slice(0, MESSAGE_MAX).join("");
}

function hiddenAsOne(report: GradeReport): ClassroomTest[] {
	const hidden = hiddenTests(report);
	if (hidden.length === 0) return [];
	const points = sumPoints(hidden);
	const isPassed = hidden.every(({ status }) => status === "passed");
	return [
		{
			...NOWHERE,
			name: describeHidden(report) ?? "",
			status: isPassed ? "pass" : "fail",
			score: roundPoints(points.earned),
			max_score: roundPoints(points.possible),
			message: "",
		},
	];
}
