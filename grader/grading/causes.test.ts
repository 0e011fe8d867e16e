import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { FailureReport, GradeReport } from "../report/schema.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import { commandIn, reportOf, withoutTimes } from "../testing/in-process.ts";
import { referenceFiles, rightBut } from "../testing/submissions.ts";

/** Each server draws its luck when it starts: one test in fifty or so goes wrong in each of two ways. */
const RARELY = rightBut(
	`if (me === 0) {
		const luck = Math.random();
		if (luck < 0.02) setTimeout(forgetful, 30);
		else if (luck < 0.04) setTimeout(hasty, 45);
	}`,
	`
function forgetful() {
	throw new Error("out of luck");
}

function hasty() {
	throw new Error("out of luck");
}
`,
);

const ALWAYS = rightBut("if (me === 1) setTimeout(() => { throw new Error('no luck'); }, 10 + 20 * Math.random());");

/** The beginning of the first failure's screen: what happened, when and where. */
const screenOf = (text: string) => text.slice(text.indexOf("\nFAIL ")).split("\n").slice(1, 4).join("\n");

describe("a failure that hides in a few schedules", () => {
	let folder: string;
	let first: { readonly text: string; readonly report: GradeReport; readonly code: number };
	before(async () => {
		const files = { ...(await referenceFiles()), "raft.ts": RARELY };
		folder = await folderWith(
			Object.fromEntries(Object.entries(files).map(([name, text]) => [`my raft/${name}`, text])),
		);
		process.env.GITHUB_STEP_SUMMARY = path.join(folder, "summary.md");
		first = await reportOf(folder, [
			...["InitialElection", "-t", "my raft/raft.ts", "-s", "7", "-r", "200", "-j", "2"],
			...["--reporter", "table"],
			...["--reporter", "github=github.txt", "--reporter", "markdown=report.md"],
		]);
		delete process.env.GITHUB_STEP_SUMMARY;
	});
	after(removeFolders);

	const failuresOf = (report: GradeReport): readonly FailureReport[] => report.tests[0]?.failures ?? [];

	it("is found, and its two causes are told apart by their places", () => {
		expect(first.code).to.equal(1);
		const failures = failuresOf(first.report);
		expect(failures.map(({ places }) => places[0]?.functionName.split(".").at(-1)).toSorted()).to.deep.equal([
			"forgetful",
			"hasty",
		]);
		for (const { check, message, runs } of failures) {
			expect(check).to.equal("fault-exception");
			expect(message).to.equal("S0: a timer callback threw: Error: out of luck");
			expect(runs.length).to.be.within(1, 12);
		}
		const [test] = first.report.tests;
		const failed = test?.runs.filter(({ status }) => status === "failed").map(({ run }) => run) ?? [];
		expect(failures.flatMap(({ runs }) => runs).toSorted()).to.deep.equal(failed.toSorted());
		expect(test?.passed).to.equal(200 - failed.length);
		expect(first.text).to.include(`${200 - failed.length}/200`);
	});

	it("is remembered: --last-failed makes those runs again, and only those", async () => {
		const failed = failuresOf(first.report).flatMap(({ runs }) => runs.slice(0, 5));
		const again = await reportOf(folder, ["--last-failed", "-t", "my raft/raft.ts"]);
		expect(again.report.tests[0]?.runs.map(({ run }) => run).toSorted()).to.deep.equal(failed.toSorted());
		expect(again.report.tests[0]?.passed).to.equal(0);
	});

	it("is not what a part of its name stands for, and that is said", async () => {
		const [one = ""] = failuresOf(first.report).flatMap(({ runs }) => runs);
		const short = await commandIn(folder, [one.slice(0, -6), "-t", "my raft/raft.ts"]);
		expect(short.errors).to.equal(
			`raft-grade: a short seed is a seed of its own; the run that failed the last time is ${one}\n`,
		);
		const whole = await commandIn(folder, [one, "-t", "my raft/raft.ts"]);
		expect(whole.errors).to.equal("");
	});

	it("is forgotten one by one: a run that is made by its name says nothing of the others", async () => {
		const [one = "", ...others] = failuresOf(first.report).flatMap(({ runs }) => runs.slice(0, 5));
		await reportOf(folder, [one, "-t", "my raft/raft.ts"]);
		const again = await reportOf(folder, ["--last-failed", "-t", "my raft/raft.ts"]);
		expect(again.report.tests[0]?.runs.map(({ run }) => run).toSorted()).to.deep.equal([one, ...others].toSorted());
	});

	it("is replayed exactly by the command that each report gives", async () => {
		const texts = {
			terminal: first.text,
			GitHub: readFileSync(path.join(folder, "github.txt"), "utf8").replaceAll("%0A", "\n"),
			summary: readFileSync(path.join(folder, "summary.md"), "utf8"),
			JSON: failuresOf(first.report)
				.map(({ replay }) => replay)
				.join("\n"),
		};
		const [failure] = failuresOf(first.report);
		const wanted = `npx raft-grade ${failure?.runs[0]} --target 'my raft/raft.ts'`;
		for (const [where, text] of Object.entries(texts)) {
			// The terminal breaks lines.
			expect(text.replaceAll(/\s+/g, " "), where).to.include(wanted);
		}
		const run = failure?.runs[0] ?? "";
		for (const args of [[run], ["--replay", run]]) {
			const again = await reportOf(folder, [...args, "-t", "my raft/raft.ts"]);
			expect(failuresOf(again.report)).to.deep.equal([{ ...failure, runs: [run] }]);
			expect(screenOf(again.text)).to.equal(screenOf(first.text)).and.include("out of luck");
			expect(again.code).to.equal(1);
		}
	});

	it("is the same with one worker as with two, but for the time it takes", async () => {
		const { report } = await reportOf(folder, [
			"InitialElection",
			"-t",
			"my raft/raft.ts",
			"-s",
			"7",
			"-r",
			"200",
			"-j",
			"1",
		]);
		expect(withoutTimes(report)).to.deep.equal(withoutTimes(first.report));
	});

	it("is the same when shards share the work, and their reports are merged", async () => {
		const args = ["2A", "-t", "my raft/raft.ts", "-s", "7", "-r", "9"];
		const { report } = await reportOf(folder, args);
		for (const i of [1, 2, 3])
			await commandIn(folder, [...args, "--shard", `${i}/3`, "--reporter", `json=shard-${i}.json`]);
		const merged = await reportOf(folder, ["merge", "shard-3.json", "shard-1.json", "shard-2.json"]);
		expect(withoutTimes(merged.report)).to.deep.equal(withoutTimes(report));
		expect(report.tests.map(({ planned }) => planned)).to.deep.equal([9, 9, 9]);
	});

	it("is found by --until-fail, which says how fast it goes, and is reported as any other", async () => {
		const { code, text, report } = await reportOf(folder, [
			...["InitialElection", "-t", "my raft/raft.ts", "-s", "7", "--until-fail"],
		]);
		expect(code).to.equal(1);
		expect(text).to.match(/^target my raft\/raft\.ts, seed 7, InitialElection, until one fails/);
		expect(text).to.match(/^\d+ runs in [\d.]+ s, \d+ seeds a second, the last one failed$/m);
		const [failure] = failuresOf(report);
		// Calm runs now and then here too, and the very seeds of a repeated run.
		expect(failuresOf(first.report).flatMap(({ runs }) => runs)).to.include(failure?.runs[0]);
	});

	it("stands in one group if it is one cause, however many runs fail of it", async () => {
		const own = await folderWith({ ...(await referenceFiles()), "raft.ts": ALWAYS });
		const { report, text } = await reportOf(own, ["InitialElection", "-r", "50", "-s", "7"]);
		const failures = failuresOf(report);
		expect(failures.map(({ runs }) => runs.length)).to.deep.equal([50]);
		expect(text.split("\nFAIL ")).to.have.length(2);
	});
});
