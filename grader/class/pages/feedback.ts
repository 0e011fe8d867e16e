import { describeIncomplete, describeStatus, passedOfPlanned } from "../../report/describe-test.ts";
import { failureSections } from "../../report/failure-sections.ts";
import { failureTime } from "../../report/failure-text.ts";
import { describeHidden, visibleTests } from "../../report/hidden.ts";
import { markdownReport } from "../../report/markdown.ts";
import { codeSpan } from "../../report/markdown-text.ts";
import { describePoints, roundPoints } from "../../report/points.ts";
import type { FailureReport, GradeReport, TestReport } from "../../report/schema.ts";
import { page, text } from "./html.ts";

/** What a student is told besides the report. Neither form shows hidden tests. */
export interface FeedbackFacts {
	readonly name: string;
	/** What was graded, and what was chosen or left out: a sentence each. */
	readonly remarks: readonly string[];
}

/** Feedback as Markdown. */
export function feedbackMarkdown(report: GradeReport, { name, remarks }: FeedbackFacts): string {
	const head = [`# ${codeSpan(name)}`, ...remarks.map((remark) => `- ${codeSpan(remark)}`)].join("\n");
	return `${head}\n\n${markdownReport(report)}`;
}

/** Feedback as a page. */
export function feedbackPage(report: GradeReport, { name, remarks }: FeedbackFacts): string {
	const visible = visibleTests(report);
	const passed = visible.filter(({ status }) => status === "passed").length;
	const hidden = describeHidden(report);
	const isUnusable = report.status === "unusable";
	const title = `${name}: ${isUnusable ? "no points" : describePoints(report.points)}`;
	const verdict = isUnusable
		? `<p class="bad"><b>No points:</b> ${text(describeStatus(report.status))}.</p>\n`
		: `<p><b>${text(describePoints(report.points))}</b>, ${passed} of ${visible.length} tests passed${hidden === undefined ? "" : `; ${text(hidden)}`}</p>\n`;
	return page(
		title,
		[
			`<h1>${text(name)}</h1>\n`,
			verdict,
			...(report.message === null ? [] : [`<pre>${text(report.message)}</pre>\n`]),
			...remarks.map((remark) => `<p class="soft">${text(remark)}</p>\n`),
			...(visible.length === 0 || isUnusable ? [] : [testTable(visible)]),
			...visible.map(testDetails),
			`<footer>raft-grade ${text(report.tool.version)}, seed <code>${text(report.seed)}</code></footer>\n`,
		].join(""),
	);
}

function testTable(tests: readonly TestReport[]): string {
	const rows = tests.map(
		(
			test,
		) => `<tr><td>${text(test.part)}</td><td>${test.failures.length > 0 ? `<a href="#${text(test.test)}">${text(test.test)}</a>` : text(test.test)}</td>
<td>${text(test.title)}</td><td class="${test.status === "passed" ? "good" : "bad"}">${text(test.status)}</td>
<td class="n">${text(passedOfPlanned(test))}</td><td class="n">${roundPoints(test.points.earned)} / ${roundPoints(test.points.possible)}</td></tr>`,
	);
	return `<div class="scroll"><table>
<thead><tr><th>part</th><th>test</th><th>what it is about</th><th>result</th><th class="n">schedules passed</th><th class="n">points</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div>\n`;
}

function testDetails(test: TestReport): string {
	const parts = [
		...(test.status === "incomplete" && test.runs.length > 0 ? [`<p>${text(describeIncomplete(test))}</p>\n`] : []),
		...test.advice.map((advice) => `<p>Advice: ${text(advice)}</p>\n`),
		...test.failures.map((failure) => failureDetails(failure, test)),
	];
	if (parts.length === 0) return "";
	return `<h2 id="${text(test.test)}">${text(test.test)}: ${text(test.title)}</h2>\n${parts.join("")}`;
}

function failureDetails(failure: FailureReport, test: TestReport): string {
	const sections = failureSections(failure, test).map(({ label, paragraphs }) => {
		// Both are lines of a machine's, to be read as they stand.
		const isCode = label === "last events" || label === "see it again";
		const link = label === "page" ? failure.trace : undefined;
		const content =
			link !== undefined
				? `<a href="${encodeURIComponent(link)}">${text(link)}</a>`
				: isCode
					? `<pre>${paragraphs.map(text).join("\n")}</pre>`
					: paragraphs.map((paragraph) => `<div>${text(paragraph)}</div>`).join("");
		return `<dt>${text(label)}</dt><dd>${content}</dd>\n`;
	});
	return `<div class="failure">
<p><b>${text(failure.message)}</b> <span class="soft">(${text(failureTime(failure))})</span></p>
<dl>
${sections.join("")}</dl>
</div>\n`;
}
