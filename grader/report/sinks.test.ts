import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { UsageError } from "../usage-error.ts";
import type { ReporterChoice } from "./reporter-option.ts";
import type { GradeReport } from "./schema.ts";
import { openReports, type Reports } from "./sinks.ts";
import { failingReport, passingReport } from "./testing/sample-reports.ts";

describe("reports on their way", () => {
	let folder: string;
	let written: string[];
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), "raft-grade-reports-"));
		written = [];
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	const open = (choices: readonly ReporterChoice[], env: Readonly<Record<string, string>> = {}) =>
		openReports(choices, { env, cwd: folder }, (text) => written.push(text));
	const inFolder = (name: string) => path.join(folder, name);
	const read = (name: string) => readFileSync(inFolder(name), "utf8");

	it("go to standard output as they come", async () => {
		const reports = await open([{ name: "spec", path: undefined }]);
		reports.begin(header());
		expect(written.join("")).to.match(/^target src\/raft\.ts/);
		const before = written.length;
		for (const test of failingReport().tests.slice(0, 1)) reports.test(test);
		expect(written.slice(before).join("")).to.include("InitialElection");
		reports.end(failingReport());
		expect(written.at(-1)).to.include("11.25 of 15 points");
		expect(written).to.not.include("");
	});

	it("go to files whole, several at once, in folders that are made", async () => {
		const reports = await open([
			{ name: "tap", path: undefined },
			{ name: "json", path: "a/b/report.json" },
			{ name: "spec", path: "spec.txt" },
		]);
		expect(existsSync(inFolder("spec.txt"))).to.equal(false);
		grade(reports, failingReport());
		expect(written.join("")).to.match(/^TAP version 14\n/);
		expect(JSON.parse(read("a/b/report.json"))).to.deep.equal(failingReport());
		expect(read("spec.txt")).to.match(/^target src\/raft\.ts[\s\S]*✓ InitialElection[\s\S]*11\.25 of 15 points/);
		expect(read("spec.txt")).to.not.include("\u001b");
		expect(readdirSync(folder).sort()).to.deep.equal(["a", "spec.txt"]);
		expect(readdirSync(inFolder("a/b"))).to.deep.equal(["report.json"]);
	});

	it("leave the old file until the new one is there", async () => {
		writeFileSync(inFolder("report.json"), "old");
		const reports = await open([{ name: "json", path: "report.json" }]);
		expect(read("report.json")).to.equal("old");
		grade(reports, passingReport());
		expect(JSON.parse(read("report.json"))).to.deep.equal(passingReport());
	});

	it("follow a link, and leave it one", async () => {
		mkdirSync(inFolder("elsewhere"));
		writeFileSync(inFolder("elsewhere/real.json"), "old");
		symlinkSync("elsewhere/real.json", inFolder("report.json"));
		grade(await open([{ name: "json", path: "report.json" }]), passingReport());
		expect(readlinkSync(inFolder("report.json"))).to.equal("elsewhere/real.json");
		expect(JSON.parse(read("elsewhere/real.json"))).to.deep.equal(passingReport());
	});

	it("go to a device, which stays one", async function () {
		if (process.platform === "win32") this.skip();
		grade(await open([{ name: "json", path: "/dev/null" }]), passingReport());
		expect(readFileSync("/dev/null", "utf8")).to.equal("");
	});

	it("add to the files that GitHub names", async () => {
		const env = { GITHUB_OUTPUT: inFolder("output"), GITHUB_STEP_SUMMARY: inFolder("summary.md") };
		writeFileSync(env.GITHUB_OUTPUT, "before=1\n");
		const reports = await open([{ name: "github", path: undefined }], env);
		expect(read("output")).to.equal("before=1\n");
		grade(reports, passingReport());
		expect(read("output")).to.match(/^before=1\npassed=true\n/);
		expect(read("summary.md")).to.match(/^## raft-grade: passed\n/);
	});

	it("are refused before the first test where they cannot be written", async () => {
		writeFileSync(inFolder("file"), "");
		mkdirSync(inFolder("folder"));
		for (const unwritable of ["file/report.json", "folder"]) {
			const error = await open([{ name: "json", path: unwritable }]).then(
				() => undefined,
				(thrown: unknown) => thrown,
			);
			expect(error).to.be.instanceOf(UsageError);
			expect((error as UsageError).message).to.match(new RegExp(`^the report ${unwritable} cannot be written: `));
		}
		const error = await open([{ name: "github", path: undefined }], { GITHUB_OUTPUT: inFolder("folder") }).catch(
			(thrown: unknown) => thrown,
		);
		expect(error).to.be.instanceOf(UsageError);
	});

	it("are written all the others if one cannot be written in the end", async () => {
		const reports = await open([
			{ name: "json", path: "gone/report.json" },
			{ name: "tap", path: "report.tap" },
		]);
		rmSync(inFolder("gone"), { recursive: true });
		expect(() => grade(reports, passingReport())).to.throw(
			UsageError,
			/^the report gone\/report\.json cannot be written: /,
		);
		expect(read("report.tap")).to.match(/^TAP version 14\n/);
	});
});

function header() {
	return { target: "src/raft.ts", seed: "5eed", tests: 5, runs: 40, schedules: "schedule calm" };
}

function grade(reports: Reports, report: GradeReport): void {
	reports.begin(header());
	for (const test of report.tests) reports.test(test);
	reports.end(report);
}
