import { expect } from "chai";
import fc from "fast-check";
import { markdownReporter } from "./markdown.ts";
import { codeBlock, codeSpan, prose } from "./markdown-text.ts";
import type { GradeReport } from "./schema.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import {
	everywhere,
	failingReport,
	HIDDEN_SECRETS,
	interruptedReport,
	passingReport,
	unusableReport,
} from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";

const write = (report: GradeReport) => writeReport(markdownReporter(), report);

describe("the Markdown report", () => {
	it("has the result, the points and a table of the visible tests", () => {
		const text = write(failingReport());
		expect(text).to.match(
			/^## raft-grade: failed\n\n\*\*11\.25 of 15 points\*\*, 1 of 3 tests passed; hidden tests: 1 of 2 passed \(5\.25 of 6 points\)\n/,
		);
		expect(text).to.include(
			"| 2A | InitialElection | ✅ 8/8 | 3 / 3 | 1.7 | 17.8 |\n| 2A | ManyElections | ❌ 1/8 | 0.38 / 3 | 1.7 | 17.8 |\n",
		);
	});

	it("explains each kind of failure", () => {
		const text = write(failingReport());
		expect(text).to.include(
			"`two leaders in term 3: S0 and S5` at 1.679 s of virtual time. 6 of 8 schedules failed in this way.\n",
		);
		expect(text).to.include(
			"- Expected: `one leader`\n- Actual: `one leader`\n- Where: `src/raft.ts:12:3 in becomeLeader`\n",
		);
		expect(text).to.include("- Usual cause: A server voted twice in that term: ");
		expect(text).to.include("- See it again: `npx raft-grade ManyElections@95320fe3532c7458`\n");
		expect(text).to.include('```text\nS0 1.658 s AppendEntries to S4: {"term":3}\n');
		expect(text).to.include("` stopped by the sandbox. 1 of 8 schedules");
	});

	it("shows of hidden tests no more than how many passed", () => {
		for (const report of [failingReport(), interruptedReport()]) {
			for (const secret of HIDDEN_SECRETS) expect(write(report)).to.not.include(secret);
		}
		expect(write(passingReport())).to.not.include("hidden");
	});

	it("says why there is no result, or no final one", () => {
		expect(write(unusableReport())).to.include(
			'could not be graded\n\n**No points**\n\n```text\nsrc/raft.ts:3:1: Could not resolve "./log.ts"\n',
		);
		expect(write(unusableReport())).to.not.match(/\| test \||not finished/);
		const interrupted = write(interruptedReport());
		expect(interrupted).to.match(/^## raft-grade: stopped before the end: this is not a final result\n/);
		expect(interrupted).to.include("not finished: 1 of 2 schedules run, none failed\n");
		expect(interrupted).to.include("| 2B | BasicAgree | ⏹️ 0/2 | 0 / 3 |  |  |\n");
	});

	it("keeps its build whatever a submission says", () => {
		const friendly = skeleton(write(failingReport(everywhere("x"))));
		expect(friendly).to.include("- Expected: □\n").and.include("at 1.679 s").and.not.include("becomeLeader");
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				// An empty value has no line of its own: that is not what is looked at here.
				const written = write(failingReport(everywhere(`x${text}`)));
				expect(written).to.not.match(CONTROL_CHARACTER);
				expect(skeleton(written)).to.equal(friendly);
			}),
			{ numRuns: 300 },
		);
	});
});

describe("Markdown text", () => {
	it("has more backticks around a code span than in it", () => {
		expect(codeSpan("a")).to.equal("`a`");
		expect(codeSpan("a `` b")).to.equal("```a `` b```");
		expect(codeSpan("`a")).to.equal("`` `a ``");
		expect(codeSpan("")).to.equal("");
	});

	it("has a longer fence around a block than in it", () => {
		expect(codeBlock(["a"])).to.equal("```text\na\n```\n");
		expect(codeBlock(["````", "x"])).to.equal("`````text\n````\nx\n`````\n");
	});

	it("is escaped as prose", () => {
		expect(prose("a|b <i> *x* [y](z) @me #1 `c` \\ &amp; _u_")).to.equal(
			"a&#124;b &#60;i&#62; &#42;x&#42; &#91;y&#93;(z) &#64;me &#35;1 &#96;c&#96; &#92; &#38;amp; &#95;u&#95;",
		);
	});
});

/**
 * What is left when code is taken out, blocks first, as CommonMark finds it: a fence is closed by a line of at least as many backticks, a
 * code span by a run of exactly as many.
 */
function skeleton(markdown: string): string {
	const lines: string[] = [];
	let fence: string | undefined;
	for (const line of markdown.split("\n")) {
		if (fence === undefined) {
			fence = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1];
			lines.push(fence === undefined ? line : "■");
		} else if (/^ {0,3}`{3,}\s*$/.test(line) && line.trim().length >= fence.length) {
			fence = undefined;
		}
	}
	return lines.map((line) => line.replaceAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, "□")).join("\n");
}
