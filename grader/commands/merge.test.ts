import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ExitCode } from "../exit-code.ts";
import { assembleReport, assembleTest } from "../report/assemble.ts";
import type { GradeReport, RunRecord } from "../report/schema.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import { heard } from "../testing/heard.ts";
import { UsageError } from "../usage-error.ts";
import { merge } from "./merge.ts";

/** A shard of two of a grading of one test with two schedules. */
function shard(index: number, status: RunRecord["status"] = "passed", unusable: string | null = null): GradeReport {
	const run: RunRecord = {
		run: `Backup@${index}`,
		repetition: index - 1,
		schedule: "calm",
		status,
		virtualMs: 10,
		wallMs: 1,
		servers: 5,
		rpcs: 1,
		bytes: 1,
		agreements: 1,
	};
	const about = { test: "Backup", part: "2B", title: "t", visibility: "visible" as const, possible: 5 };
	const test = assembleTest({ ...about, planned: 1, runs: [run], failures: [], advice: [] }, "all-or-nothing");
	return assembleReport(
		{
			tool: { name: "raft-grade", version: "1.2.3", node: "20.19.0" },
			target: { name: "src/raft.ts", hash: "ab" },
			seed: "7",
			shard: { index, count: 2 },
			scoring: "all-or-nothing",
			wallMs: 5,
			unusable,
			isInterrupted: false,
		},
		unusable === null ? [test] : [],
	);
}

describe("merge", () => {
	after(removeFolders);

	/** Runs the command on these files, of which values other than texts are written as JSON. */
	async function merged(files: Record<string, unknown>, reporters: readonly string[] = [], named = Object.keys(files)) {
		const texts = Object.entries(files).map(([name, value]) => [
			name,
			typeof value === "string" ? value : JSON.stringify(value),
		]);
		const cwd = await folderWith(Object.fromEntries(texts));
		const output = heard();
		const code = await merge({ files: named, reporters, cwd }, output);
		return { code, cwd, text: output.text() };
	}

	async function refusal(files: Record<string, unknown>, named?: readonly string[]): Promise<string> {
		try {
			await merged(files, [], named as string[]);
		} catch (error) {
			expect(error).to.be.instanceOf(UsageError);
			return (error as Error).message;
		}
		throw new Error("it was not refused");
	}

	it("reports as if the grading had been made in one go", async () => {
		const { code, text } = await merged({ "b.json": shard(2), "a.json": shard(1) });
		expect(code).to.equal(ExitCode.passed);
		expect(text).to.match(/Backup\s+2\/2/);
	});

	it("says by its exit code what came of it", async () => {
		expect((await merged({ "a.json": shard(1), "b.json": shard(2, "failed") })).code).to.equal(ExitCode.failed);
		const { code, text } = await merged({ "a.json": shard(1), "b.json": shard(2, "passed", "no make()") });
		expect(code).to.equal(ExitCode.unusable);
		expect(text).to.match(/^raft-grade: no make\(\)$/m);
	});

	it("writes the reports that are asked for", async () => {
		const { cwd } = await merged({ "a.json": shard(1), "b.json": shard(2) }, ["json=all.json"]);
		const report = JSON.parse(readFileSync(path.join(cwd, "all.json"), "utf8"));
		expect(report).to.include({ status: "passed", shard: null });
		expect(report.tests[0].runs).to.have.lengthOf(2);
	});

	it("refuses what is no report, in one sentence", async () => {
		expect(await refusal({}, ["no.json"])).to.equal("there is no report no.json");
		expect(await refusal({ "reports/a.json": shard(1) }, ["reports"])).to.equal(
			"reports is a folder: name the report files in it, such as reports/*.json",
		);
		expect(await refusal({ "a.json": JSON.stringify(shard(1)).slice(0, 99) })).to.match(
			/^a\.json is not valid JSON, perhaps cut short: /,
		);
		for (const other of ["7", "null", "[]", '{"name":"my-raft"}', '{"format":1}']) {
			expect(await refusal({ "a.json": other }), other).to.match(/^a\.json is no report of raft-grade's: /);
		}
		expect(await refusal({ "a.json": { ...shard(1), format: 2 } })).to.equal(
			"a.json is a report of format 2, and this raft-grade reads format 1: merge with the version that wrote it",
		);
	});

	it("refuses a broken report, with the place", async () => {
		const report = shard(1);
		const [test] = report.tests;
		const broken = { ...report, seed: 7, tests: [{ ...test, runs: [{ ...test?.runs[0], virtualMs: "10" }] }] };
		expect(await refusal({ "a.json": broken })).to.equal(
			"a.json is a broken report: seed must be a string, not 7 (and 1 more problems); let raft-grade write it again",
		);
		expect(await refusal({ "a.json": { ...broken, seed: "7" } })).to.equal(
			"a.json is a broken report: tests[0].runs[0].virtualMs must be a number, not a string; let raft-grade write it again",
		);
		expect(await refusal({ "a.json": { ...report, tests: undefined } })).to.match(
			/tests is missing: it must be a list/,
		);
		expect(await refusal({ "a.json": { ...report, status: "great" } })).to.match(
			/status must be "passed" or "failed" or/,
		);
	});

	it("names the files of shards that don't fit together", async () => {
		expect(await refusal({ "a.json": shard(1) })).to.equal("shard 2/2 is missing");
		expect(await refusal({ "a.json": shard(1), "b.json": shard(1) })).to.equal(
			"shard 1/2 is there twice: a.json and b.json",
		);
		expect(await refusal({ "a.json": { ...shard(1), shard: null } })).to.match(/^a\.json is no shard's/);
	});
});
