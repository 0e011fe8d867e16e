import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, ROOT, removeFolders, run } from "../testing/command.ts";
import { commandIn, reportOf } from "../testing/in-process.ts";
import { referenceFiles, rightBut, SILENT } from "../testing/submissions.ts";

/** Fails in ReElection, and in every schedule of it but the first few. */
const BAD = rightBut("setTimeout(() => { if (me === 0 && peers.length === 7) throw new Error('no luck'); }, 20);");

describe("ways of grading", () => {
	let reference: Record<string, string>;
	before(async () => {
		reference = await referenceFiles();
	});
	after(removeFolders);

	it("--bail stops at the first run that fails: the rest was not finished", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const { code, text, report } = await reportOf(folder, ["2A", "-r", "4", "-s", "7", "--bail", "-j", "1"]);
		expect(code).to.equal(1);
		expect(report.status).to.equal("failed");
		expect(report.tests.map(({ status }) => status)).to.deep.equal(["failed", "incomplete", "incomplete"]);
		expect(report.tests.map(({ runs }) => runs.length)).to.deep.equal([1, 0, 0]);
		expect(report.tests[0]?.failures[0]?.lastEvents).to.have.length.above(0);
		expect(text).to.match(/^InitialElection +0\/4 …/m);
		expect(text).to.include("FAIL InitialElection");
	});

	it("--last-failed makes the failed runs again until they pass, and then none", async () => {
		const folder = await folderWith({ ...reference, "raft.ts": BAD });
		const never = await commandIn(folder, ["--last-failed"]);
		expect(never).to.include({
			code: 2,
			errors:
				"raft-grade: --last-failed: raft.ts has not been graded from this folder yet: grade it without --last-failed first\n",
		});
		const first = await reportOf(folder, ["2A", "-r", "3", "-s", "7"]);
		const failed = first.report.tests[2]?.failures[0]?.runs ?? [];
		expect(failed).to.have.length(3);
		const made = async (...args: string[]) => {
			const { report } = await reportOf(folder, args);
			return report.tests.flatMap(({ runs }) => runs.map(({ run: name }) => name));
		};
		expect(await made("--last-failed")).to.have.members(failed);

		// What was not graded to its end is not forgotten: other tests, and a target that was broken for a while.
		await made("InitialElection");
		await writeFile(path.join(folder, "raft.ts"), "export const make = {");
		expect((await reportOf(folder, ["--last-failed"])).code).to.equal(2);
		await writeFile(path.join(folder, "raft.ts"), rightBut(""));
		expect(await commandIn(folder, ["--last-failed", "InitialElection"])).to.include({
			code: 0,
			text: "nothing failed the last time\n",
		});
		expect(await made("--last-failed", "2A")).to.have.members(failed);
		expect(await commandIn(folder, ["--last-failed"])).to.include({
			code: 0,
			text: "nothing failed the last time\n",
		});
	});

	it("makes several runs of one test that were asked for by name", async () => {
		const folder = await folderWith({ ...reference, "raft.ts": rightBut("") });
		const { code, report } = await reportOf(folder, ["InitialElection@8", "ReElection", "InitialElection@9"]);
		expect(code).to.equal(0);
		expect(report.tests.map(({ test, runs }) => [test, runs.length])).to.deep.equal([
			["InitialElection", 2],
			["ReElection", 1],
		]);
	});

	it("writes several reports at once, and colours and progress only where somebody sees them", async () => {
		const folder = await folderWith({ ...reference, "raft.ts": BAD });
		const args = [
			"2A",
			"-s",
			"7",
			"--reporter",
			"spec",
			"--reporter",
			"json=a.json,tap=a.tap",
			"--reporter",
			"junit=b/c.xml",
		];
		const result = await run(process.execPath, [path.join(ROOT, "grader/bin.js"), ...args], folder, {
			NO_COLOR: undefined,
			CI: undefined,
			FORCE_COLOR: undefined,
		});
		expect(result.stderr).to.equal("");
		expect(result.stdout).to.include("2 passing").and.not.include("\u001b");
		for (const file of ["a.json", "a.tap", "b/c.xml"]) {
			expect(readFileSync(path.join(folder, file), "utf8"), file)
				.to.include("no luck")
				.and.not.include("\u001b");
		}
	});

	it("shows on a terminal how far it is, in lines of its own, and cleans up after itself", async function () {
		const command = `${process.execPath} ${ROOT}grader/bin.js InitialElection ReElection -r 20 -s 7`;
		const env = { NO_COLOR: undefined, CI: undefined, TERM: "xterm" };
		const folder = await folderWith({ ...reference, "raft.ts": rightBut("") });
		const onTerminal = async (more: NodeJS.ProcessEnv = {}) => {
			const { code, stdout } = await run("script", ["-qec", command, "/dev/null"], folder, { ...env, ...more });
			return { code, stdout };
		};
		const { code, stdout } = await onTerminal().catch(() => ({ code: null, stdout: "" }));
		// There is no such program everywhere, nor does it know these options everywhere.
		if (code === null || !stdout.includes("target")) this.skip();
		expect(code).to.equal(0);
		expect(stdout).to.match(/ReElection: \d+ of 40 runs, \d+ a second, \d+ s left/);
		expect(stdout).to.include("\u001b[32m20/20");
		// The cursor is hidden first and shown again at last.
		expect(stdout.lastIndexOf("\u001b[?25h")).to.be.above(stdout.lastIndexOf("\u001b[?25l"));
		// What the table writes stands in lines of its own.
		for (const part of stdout.split("InitialElection  ").slice(0, -1)) expect(part).to.match(/(?:\n|\[0K)$/);
		const plain = await onTerminal({ TERM: "dumb", NO_COLOR: "1" });
		expect(plain.stdout).to.include("20/20").and.not.include("\u001b").and.not.include(" s left");
	});
});
