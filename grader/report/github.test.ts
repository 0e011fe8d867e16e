import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import fc from "fast-check";
import { githubReporter } from "./github.ts";
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
import { untrustedLine } from "./untrusted.ts";

const ENV = {
	GITHUB_STEP_SUMMARY: "/ci/summary.md",
	GITHUB_OUTPUT: "/ci/output",
	GITHUB_WORKSPACE: path.resolve("/ci/repo"),
};
const CWD = path.resolve("/ci/repo/submission");

describe("the GitHub report", () => {
	it("annotates the innermost place of each failure, named from the repository's root", () => {
		const [notice, ...errors] = commands(write(failingReport()).log);
		expect(notice).to.deep.equal({
			name: "notice",
			properties: { title: "InitialElection" },
			message: "20 heartbeats a second to each peer; ten are enough",
		});
		expect(errors.map(({ properties }) => properties)).to.deep.equal([
			{ file: "submission/src/raft.ts", line: "12", col: "3", title: "ManyElections (2A)" },
			{ title: "ManyElections (2A)" },
			{ title: "BasicAgree (2B)" },
		]);
		expect(errors[0]?.message).to.equal(
			"two leaders in term 3: S0 and S5 (at 1.679 s of virtual time)\n6 of 8 schedules failed in this way\nsee it again: npx raft-grade ManyElections@95320fe3532c7458\npage: src/raft.ts",
		);
	});

	it("annotates no file outside of the repository", () => {
		const [, error] = commands(write(failingReport({ ...everywhere("x"), file: "../../elsewhere.ts" })).log);
		expect(error?.properties).to.deep.equal({ title: "ManyElections (2A)" });
	});

	it("names a file that has a comma, a colon or a percent sign in its name", () => {
		const [, error] = commands(write(failingReport({ ...everywhere("x"), file: "src/a:b,line=9,title=c%2C%.ts" })).log);
		expect(error?.properties).to.include({
			file: "submission/src/a:b,line=9,title=c%2C%.ts",
			line: "12",
			title: "ManyElections (2A)",
		});
	});

	it("names a test that has a comma or a colon in its name", () => {
		const report = passingReport();
		const test = "Backup: a, b:";
		const [notice] = commands(write({ ...report, tests: report.tests.map((known) => ({ ...known, test })) }).log);
		expect(notice?.properties).to.deep.equal({ title: test });
	});

	it("logs the visible tests and the result", () => {
		const { log } = write(failingReport());
		expect(log).to.match(
			/^raft-grade: target src\/raft\.ts, seed 5eed\n✓ 2A InitialElection 8\/8\n✗ 2A ManyElections 1\/8\n✗ 2B BasicAgree 7\/8\n::/,
		);
		expect(log).to.match(
			/\nhidden tests: 1 of 2 passed \(5\.25 of 6 points\)\nraft-grade: failed, 11\.25 of 15 points\n$/,
		);
	});

	it("says so if the target was unusable, or the grading interrupted", () => {
		expect(commands(write(unusableReport("no make\nin src/raft.ts")).log)).to.deep.equal([
			{
				name: "error",
				properties: { title: "raft-grade cannot use the submission" },
				message: "no make\nin src/raft.ts",
			},
		]);
		expect(commands(write(interruptedReport()).log)[0]?.message).to.equal(
			"stopped before the end: this is not a final result",
		);
	});

	it("sets the step's outputs", () => {
		expect(outputs(failingReport())).to.include({ passed: "false", score: "11.25", "max-score": "15" });
		expect(outputs(passingReport())).to.include({ passed: "true", score: "6", "max-score": "6" });
		expect(outputs(interruptedReport())).to.include({ passed: "false", score: "3" });
		expect(outputs({ ...unusableReport(), points: { earned: 7, possible: 9 } })).to.include({
			passed: "false",
			score: "0",
		});
	});

	for (const [kind, make] of Object.entries(sampleReports)) {
		it(`sets a result as GitHub Classroom reads it, of a report that is ${kind}`, () => {
			const result = classroom(make());
			expect(result.status).to.equal(
				{ passed: "pass", failed: "fail", unusable: "error", interrupted: "error" }[make().status],
			);
			const score = result.tests.reduce((sum, test) => sum + test.score, 0);
			expect(score).to.be.closeTo(make().points.earned, 0.02);
		});
	}

	it("names the tests, their points, and where they failed to GitHub Classroom", () => {
		const { max_score, tests } = classroom(failingReport());
		expect(max_score).to.equal(15);
		expect(tests.map(({ name, status, score }) => [name, status, score])).to.deep.equal([
			["InitialElection (2A)", "pass", 3],
			["ManyElections (2A)", "fail", 0.38],
			["BasicAgree (2B)", "fail", 2.63],
			["hidden tests: 1 of 2 passed (5.25 of 6 points)", "fail", 5.25],
		]);
		expect(tests[1]).to.include({
			filename: "src/raft.ts",
			line_no: 12,
			test_code: "npx raft-grade ManyElections@95320fe3532c7458",
		});
		expect(classroom(interruptedReport()).tests.map(({ status }) => status)).to.deep.equal([
			"pass",
			"error",
			"error",
			"fail",
		]);
		expect(classroom(unusableReport("no make")).tests).to.have.length(1);
		expect(classroom(unusableReport("no make")).tests[0]).to.include({ status: "error", message: "no make" });
	});

	it("writes the summary in Markdown", () => {
		expect(write(failingReport()).appended.get("/ci/summary.md")).to.match(/^## raft-grade: failed\n/);
	});

	it("writes no file that GitHub did not name", () => {
		const reporter = githubReporter({ env: { GITHUB_OUTPUT: "" }, cwd: CWD });
		expect(reporter.appends).to.deep.equal([]);
		expect(writeReport(reporter, failingReport())).to.include("::error file=src/raft.ts,line=12");
	});

	it("shows nothing else of hidden tests, anywhere", () => {
		for (const report of [failingReport(), interruptedReport()]) {
			const { log, appended } = write(report);
			const shown = [log, ...appended.values(), JSON.stringify(classroom(report))].join("\n");
			for (const secret of HIDDEN_SECRETS) expect(shown).to.not.include(secret);
		}
	});

	it("gives the same commands and outputs whatever a submission says", () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				const report = failingReport({ ...everywhere(text), file: `src/${text}` });
				const { log } = write(report);
				expect(log).to.not.match(CONTROL_CHARACTER);
				expect(log).to.not.include("##");
				const found = commands(log);
				expect(found.map(({ name }) => name)).to.deep.equal(["notice", "error", "error", "error"]);
				expect(found[1]?.properties.title).to.equal("ManyElections (2A)");
				expect(found[1]?.message).to.match(
					/^[^\n]* \(at 1\.679 s of virtual time\)\n6 of 8 [^\n]*\nsee it again: [^\n]*\npage: [^\n]*$/,
				);
				expect(found[0]?.message).to.equal(untrustedLine(text));
				expect(outputs(report)).to.include({ passed: "false", score: "11.25", "max-score": "15" });
				expect(classroom(report).tests.map(({ score }) => score)).to.deep.equal([3, 0.38, 2.63, 5.25]);
				expect(classroom(unusableReport(text)).status).to.equal("error");
				expect(commands(write(unusableReport(text)).log)).to.have.length(1);
			}),
		);
	});
});

function write(report: GradeReport): { log: string; appended: ReadonlyMap<string, string> } {
	const reporter = githubReporter({ env: ENV, cwd: CWD });
	const log = writeReport(reporter, report);
	return { log, appended: new Map(reporter.appends?.map((file) => [file.path, file.text(report)])) };
}

interface Command {
	readonly name: string;
	readonly properties: Readonly<Record<string, string>>;
	readonly message: string;
}

/** What GitHub's runner finds in a log: it looks at each line, without the space before it. */
function commands(log: string): Command[] {
	return log
		.split(/\r\n|\r|\n/)
		.map((line) => line.trimStart())
		.filter((line) => line.startsWith("::"))
		.map((line) => {
			const [, name = "", properties = "", message = ""] = /^::(\S+) (.*?)::(.*)$/.exec(line) ?? [];
			const pairs = properties.split(",").map((pair) => {
				const [key = "", ...value] = pair.split("=");
				return [key, unescapeCommand(value.join("="))] as const;
			});
			return { name, properties: Object.fromEntries(pairs), message: unescapeCommand(message) };
		});
}

function unescapeCommand(text: string): string {
	const characters: Readonly<Record<string, string>> = { "%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%" };
	return text.replaceAll(/%(?:0A|0D|3A|2C|25)/g, (code) => characters[code] ?? "");
}

/** The outputs, as GitHub's runner reads them: `name=value`, a line each. */
function outputs(report: GradeReport): Readonly<Record<string, string>> {
	const text = write(report).appended.get("/ci/output") ?? "";
	expect(text).to.match(/^(?:[a-z-]+=[A-Za-z0-9.+/=]+\n){4}$/);
	return Object.fromEntries(
		text
			.trimEnd()
			.split("\n")
			.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
	);
}

interface ClassroomResult {
	readonly status: string;
	readonly max_score: number;
	readonly tests: readonly {
		readonly name: string;
		readonly status: string;
		readonly score: number;
		readonly message: string;
	}[];
}

/** The form in which autograding-grading-reporter and the graders beside it pass results on. */
const validate = new Ajv2020().compile({
	type: "object",
	required: ["version", "status", "max_score", "tests"],
	additionalProperties: false,
	properties: {
		version: { const: 1 },
		status: { enum: ["pass", "fail", "error"] },
		max_score: { type: "number", minimum: 0 },
		tests: {
			type: "array",
			minItems: 1,
			items: {
				type: "object",
				required: [
					"name",
					"status",
					"score",
					"max_score",
					"message",
					"test_code",
					"filename",
					"line_no",
					"execution_time",
				],
				additionalProperties: false,
				properties: {
					name: { type: "string", minLength: 1 },
					status: { enum: ["pass", "fail", "error"] },
					score: { type: "number", minimum: 0 },
					max_score: { type: "number", minimum: 0 },
					message: { type: "string", maxLength: 500 },
					test_code: { type: "string" },
					filename: { type: "string" },
					line_no: { type: "integer", minimum: 0 },
					execution_time: { type: "string", pattern: "^[0-9.]+s$" },
				},
			},
		},
	},
});

function classroom(report: GradeReport): ClassroomResult {
	const result = JSON.parse(Buffer.from(outputs(report).result ?? "", "base64").toString("utf8"));
	expect(validate(result), JSON.stringify(validate.errors)).to.equal(true);
	return result;
}
