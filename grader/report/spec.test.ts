import { expect } from "chai";
import fc from "fast-check";
import type { GradeReport } from "./schema.ts";
import { specReporter } from "./spec.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import {
	everywhere,
	failingReport,
	interruptedReport,
	passingReport,
	unusableReport,
} from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are
const OUR_COLOURS = /\u001b\[\d+m/g;

/** Without our own colours, which the environment may have turned on. A submission's escape sequences would be left. */
const write = (report: GradeReport) => writeReport(specReporter(), report).replaceAll(OUR_COLOURS, "");

describe("the spec report", () => {
	it("shows each test under its part as soon as it is over", () => {
		const reporter = specReporter();
		const [first, second, third] = failingReport().tests.map((test) => reporter.test?.(test) ?? "");
		expect(first).to.match(/^\n.*2A.*\n.*✓.* InitialElection: the story of InitialElection 8\/8/);
		expect(second).to.match(/^ .*✗.* ManyElections: the story of ManyElections 1\/8.*\(1\.7 s\)/);
		expect(third).to.match(/^\n.*2B.*\n/);
	});

	it("shows how often a test passed only if it ran more than once", () => {
		expect(write(passingReport())).to.include("    ✓ BasicAgree: the story of BasicAgree (1.7 s)\n");
	});

	it("sums up, then shows the failures, numbered", () => {
		const text = write(failingReport());
		expect(text).to.include("\n  2 passing (67.2 s of virtual time)\n  3 failing\n  11.25 of 15 points\n");
		expect(text.match(/^ {2}\d\) .*$/gm)).to.deep.equal([
			"  1) 2A ManyElections: the story of ManyElections",
			"  2) 2A ManyElections: the story of ManyElections",
			"  3) 2B BasicAgree: the story of BasicAgree",
			"  4) 2B SecretStory: secret title",
		]);
		expect(text).to.include("     see it again  npx raft-grade ManyElections@95320fe3532c7458\n");
	});

	it("says what was not finished", () => {
		const text = write(interruptedReport());
		expect(text).to.include("    - ReElection: the story of ReElection 1/2");
		expect(text).to.include("\n  3 not finished\n    ReElection: not finished: 1 of 2 schedules run, none failed\n");
		expect(text).to.match(/stopped before the end: this is not a final result\n$/);
	});

	it("says why a target is unusable", () => {
		expect(write(unusableReport())).to.equal(
			'the submission could not be graded\n  src/raft.ts:3:1: Could not resolve "./log.ts"\n  export make, please\n',
		);
	});

	it("fits 80 columns", () => {
		const [test] = failingReport().tests;
		if (test === undefined) throw new Error("no test");
		const long = { ...test, title: "a title ".repeat(20), failures: failingReport().tests[1]?.failures ?? [] };
		const report = { ...failingReport(), tests: [long] };
		expect(write(report)).to.match(/✓ InitialElection: a title .*… 8\/8 \(1\.7 s\)\n/);
		for (const line of write(report).split("\n")) expect(line.length, line).to.be.at.most(80);
	});

	it("is the same but for what a submission says, and lets it draw nothing", () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				const written = `${write(failingReport(everywhere(text)))}${write(unusableReport(text))}`;
				expect(written).to.not.match(CONTROL_CHARACTER);
				// In a CI's log, such a line would be a command.
				expect(written).to.not.match(/^\s*::|##/m);
				for (const line of written.split("\n")) expect(line.length, line).to.be.at.most(80);
				expect(written.match(/^ {4}[✓✗] .*$/gm)).to.have.length(5);
				expect(written.match(/^ {2}\d\) .*$/gm)).to.have.length(4);
			}),
		);
	});
});
