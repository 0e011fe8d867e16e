import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import fc from "fast-check";
import { gradescopeReporter } from "./gradescope.ts";
import type { GradeReport } from "./schema.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import {
	everywhere,
	failingReport,
	HIDDEN_SECRETS,
	interruptedReport,
	passingReport,
	sampleReports,
	unusableReport,
} from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";

const schema = JSON.parse(readFileSync(new URL("testing/gradescope.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

/** What the tests look at. */
interface Results {
	readonly score: number;
	readonly output: string;
	readonly stdout_visibility: string;
	readonly tests: readonly {
		readonly name: string;
		readonly number: string;
		readonly status: string;
		readonly score: number;
		readonly max_score: number;
		readonly output: string;
		readonly visibility: string;
	}[];
}

describe("Gradescope's results.json", () => {
	for (const [kind, make] of Object.entries(sampleReports)) {
		it(`has the documented form for a report that is ${kind}`, () => {
			read(make());
		});
	}

	it("has the points of each test, and their sum", () => {
		const { score, tests } = read(failingReport());
		expect(score).to.equal(11.25);
		expect(tests.map((test) => [test.number, test.status, test.score, test.max_score])).to.deep.equal([
			["2A.1", "passed", 3, 3],
			["2A.2", "failed", 0.38, 3],
			["2B.1", "failed", 2.63, 3],
			["2B.hidden.1", "failed", 2.25, 3],
			["2B.hidden.2", "passed", 3, 3],
		]);
	});

	it("tells a student what went wrong in a visible test, and how to see it again", () => {
		const output = read(failingReport()).tests[1]?.output;
		expect(output).to.match(/^passed 1\/8\n/);
		expect(output).to.include("two leaders in term 3: S0 and S5 (at 1.679 s of virtual time)\n");
		expect(output).to.include("npx raft-grade ManyElections@95320fe3532c7458\n");
		expect(output).to.include("(stopped by the sandbox)");
	});

	it("shows nothing of hidden tests but to course staff", () => {
		const results = read(failingReport());
		expect(results.stdout_visibility).to.equal("hidden");
		expect(results.output).to.equal("1 of 3 tests passed.\nraft-grade 0.1.0, seed 5eed");
		expect(results.tests.map(({ visibility }) => visibility)).to.deep.equal([
			"visible",
			"visible",
			"visible",
			"hidden",
			"hidden",
		]);
		const shown = JSON.stringify({
			...results,
			tests: results.tests.filter(({ visibility }) => visibility === "visible"),
		});
		for (const secret of HIDDEN_SECRETS) expect(shown).to.not.include(secret);
		expect(results.tests[3]?.output).to.include("secret message");
	});

	it("gives an unusable target no points, and says why", () => {
		const { score, tests, output } = read({ ...unusableReport(), points: { earned: 7, possible: 9 } });
		expect(score).to.equal(0);
		expect(tests).to.deep.equal([]);
		expect(output).to.match(
			/^The submission could not be graded.*\nsrc\/raft.ts:3:1: Could not resolve "\.\/log\.ts"\n/,
		);
	});

	it("says of an interrupted grading that it is not final", () => {
		const { output, tests } = read(interruptedReport());
		expect(output).to.match(/^The grading was stopped before the end: this is not a final result\./);
		expect(tests.map(({ status }) => status)).to.deep.equal(["passed", "failed", "failed", "failed"]);
		expect(tests[1]?.output).to.equal("not finished: 1 of 2 schedules run, none failed\n");
	});

	it("passes advice on", () => {
		expect(read(passingReport()).tests[0]?.output).to.equal(
			"passed 1/1\nadvice: 20 heartbeats a second to each peer; ten are enough\n",
		);
	});

	it("keeps its form whatever a submission says", () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				const written = writeReport(gradescopeReporter(), failingReport(everywhere(text)));
				expect(written).to.not.match(CONTROL_CHARACTER);
				const { tests } = read(failingReport(everywhere(text)));
				expect(tests.map(({ status }) => status)).to.deep.equal(["passed", "failed", "failed", "failed", "passed"]);
				for (const { output } of tests) expect(output).to.not.match(CONTROL_CHARACTER);
				expect(read(unusableReport(text)).score).to.equal(0);
			}),
		);
	});
});

function read(report: GradeReport): Results {
	const results = JSON.parse(writeReport(gradescopeReporter(), report));
	expect(validate(results), JSON.stringify(validate.errors)).to.equal(true);
	return results;
}
