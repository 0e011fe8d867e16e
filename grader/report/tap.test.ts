import { expect } from "chai";
import fc from "fast-check";
import { type FinalResults, Parser, type Result } from "tap-parser";
import { parse as parseYaml } from "yaml";
import type { GradeReport } from "./schema.ts";
import { tapReporter } from "./tap.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import {
	everywhere,
	failingReport,
	interruptedReport,
	passingReport,
	unusableReport,
} from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";
import { untrustedLine } from "./untrusted.ts";

const write = (report: GradeReport) => writeReport(tapReporter(), report);

describe("the TAP report", () => {
	it("passes if everything passed", () => {
		const { results, points } = read(write(passingReport()));
		expect(results).to.include({ ok: true, count: 2, pass: 2, fail: 0, skip: 0, todo: 0, bailout: false });
		expect(points[0]).to.deep.include({ id: 1, name: "2A InitialElection: the story of InitialElection" });
	});

	it("fails with the failed tests, and explains them", () => {
		const { results, points } = read(write(failingReport()));
		expect(results).to.include({ ok: false, count: 5, pass: 2, fail: 3, skip: 0, todo: 0, bailout: false });
		expect(points.map(({ ok }) => ok)).to.deep.equal([true, false, false, false, true]);
		const failures = points[1]?.diag.failures;
		expect(failures).to.have.length(2);
		expect(failures[0]).to.deep.include({
			message: "two leaders in term 3: S0 and S5",
			check: "election-safety",
			at_ms: 1679,
			where: ["src/raft.ts:12:3 in becomeLeader", "src/node.ts:12:3"],
			see_it_again: ["npx raft-grade ManyElections@95320fe3532c7458"],
		});
	});

	it("bails out of an interrupted grading, in which no test is said to have passed that did not", () => {
		const { results, points } = read(write(interruptedReport()));
		expect(results).to.include({ ok: false, count: 1, bailout: "stopped before the end: 3 of 4 tests not finished" });
		expect(points.map(({ id }) => id)).to.deep.equal([1]);
		expect(write(interruptedReport())).to.include("\n1..4\n");
	});

	it("bails out of an unusable target, with the reason", () => {
		const { results, points } = read(write(unusableReport("no make # SKIP\nin src/raft.ts")));
		expect(results.ok).to.equal(false);
		expect(results.bailout).to.equal("no make # SKIP");
		expect(points).to.deep.equal([]);
	});

	it("takes nothing in a test's name for a directive or a subtest", () => {
		for (const title of ["an issue # SKIP", "an issue # TODO x", "\\", "a \\# SKIP", "a brace {", "a \\{", "{"]) {
			const report = passingReport();
			const { results, points } = read(write({ ...report, tests: report.tests.map((test) => ({ ...test, title })) }));
			expect(results).to.include({ ok: true, count: 2, pass: 2, skip: 0, todo: 0 });
			expect(points[1]?.name.replace(/ \.$/, "")).to.equal(`2B BasicAgree: ${title}`);
		}
	});

	it("says the same with hostile texts", () => {
		for (const text of hostileTexts) expectSame(text);
	});

	it("says the same whatever a submission says", () => {
		fc.assert(fc.property(anyText, expectSame));
	});
});

function expectSame(text: string): void {
	const written = write(failingReport(everywhere(text)));
	expect(written).to.not.match(CONTROL_CHARACTER);
	const { results, points } = read(written);
	expect(results).to.include({ ok: false, count: 5, pass: 2, fail: 3, skip: 0, todo: 0, bailout: false });
	expect(points.map(({ ok }) => ok)).to.deep.equal([true, false, false, false, true]);
	expect(points[1]?.diag.failures[0].message).to.equal(untrustedLine(text));
	for (const [, yaml = ""] of written.matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/gm))
		expect(() => parseYaml(yaml)).to.not.throw();
	const unusable = read(write(unusableReport(text)));
	expect(unusable.results.ok).to.equal(false);
	expect(unusable.results.bailout).to.be.a("string");
	expect(unusable.points).to.deep.equal([]);
}

/** Parses strictly: whatever is not TAP is a failure of its own, which none of the above would expect. */
function read(text: string): { results: FinalResults; points: readonly Result[] } {
	let results: FinalResults | undefined;
	const points: Result[] = [];
	const parser = new Parser({ strict: true }, (final) => {
		results = final;
	});
	parser.on("assert", (point: Result) => points.push(point));
	const extra: string[] = [];
	parser.on("extra", (line: string) => extra.push(line));
	parser.end(text);
	if (results === undefined) throw new Error("the parser came to no end");
	expect(extra).to.deep.equal([]);
	return { results, points };
}
