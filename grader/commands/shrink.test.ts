import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { commandIn, reportOf } from "../testing/in-process.ts";
import { CAN_LIST_PROCESSES, startRaftGrade, until, workersOf } from "../testing/processes.ts";
import { referenceFiles, rightBut } from "../testing/submissions.ts";

/** Fails when a server's clock jumps: when its machine is paused. Timers that are late do not do that. */
const STALLS = rightBut(`
	let last = Date.now();
	setInterval(() => {
		if (Date.now() - last > 12) throw new Error("stalled");
		last = Date.now();
	}, 2);
`);
const FAILS_ANYWAY = rightBut("setTimeout(() => { if (me === 1) throw new Error('no luck'); }, 500);");

describe("raft-grade shrink", () => {
	let reference: Record<string, string>;
	before(async () => {
		reference = await referenceFiles();
	});
	after(removeFolders);
	const inFolder = (submission: string) => folderWith({ ...reference, "raft.ts": submission });

	/** A run of that test that fails. */
	async function failingRun(folder: string, test: string): Promise<string> {
		const { report } = await reportOf(folder, [test, "-s", "7", "--schedule", "race", "-r", "4"]);
		return report.tests[0]?.failures[0]?.runs[0] ?? "none fails";
	}

	it("finds the one choice that matters, tells it, and names a run that anybody can make again", async () => {
		const folder = await inFolder(STALLS);
		const run = await failingRun(folder, "ReElection");
		const { code, text, errors } = await commandIn(folder, ["shrink", run]);
		expect([code, errors]).to.deep.equal([1, ""]);
		expect(text).to.match(/^1 of [\d,]+ chance decisions matters;/m);
		expect(text).to.match(/^ {2}1\. S\d was paused for \d\d ms at \d\.\d{3} s\.$/m);
		expect(text).to.match(/^Then, at \d\.\d{3} s: S\d: .*stalled/m);
		for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(80);
		const shrunk = /see it again {2}npx raft-grade (\S+)$/m.exec(text)?.[1] ?? "";
		expect(shrunk).to.match(new RegExp(`^${run}~Z\\d\\w$`));

		// It fails again wherever a run can be made, and says so under its own name.
		const again = await reportOf(folder, [shrunk]);
		expect(again.code).to.equal(1);
		expect(again.report.tests[0]?.failures[0]?.runs).to.deep.equal([shrunk]);
		expect((await reportOf(folder, ["--replay", shrunk])).report.tests[0]?.runs[0]?.run).to.equal(shrunk);
		expect((await reportOf(folder, ["--last-failed"])).report.tests[0]?.runs[0]?.run).to.equal(shrunk);
		expect((await commandIn(folder, ["explain", shrunk])).text).to.include(`npx raft-grade ${shrunk}\n`);
		expect((await commandIn(folder, [shrunk, "--check-determinism"])).code).to.equal(0);
		// Without that choice nothing goes wrong, and it passes.
		expect((await commandIn(folder, [`${run}~0`])).code).to.equal(0);
		// A shrunk run cannot be shrunk further.
		expect((await commandIn(folder, ["shrink", shrunk])).text).to.include("1 of 1 chance decision matters");
	}).timeout(120_000);

	it("finds the same on one worker as on several, and tells programs in JSON", async () => {
		const folder = await inFolder(STALLS);
		const run = await failingRun(folder, "InitialElection");
		const texts: string[] = [];
		for (const jobs of ["1", "3"]) {
			const { text } = await commandIn(folder, ["shrink", run, "--format", "json", "-j", jobs]);
			texts.push(text);
		}
		expect(texts[1]).to.equal(texts[0]);
		const schema = JSON.parse(readFileSync(path.join(ROOT, "docs/schemas/shrunk-1.schema.json"), "utf8"));
		const isValid = new Ajv2020({ strict: true }).compile(schema);
		expect(isValid(JSON.parse(texts[0] ?? "")), JSON.stringify(isValid.errors)).to.equal(true);
		const { shrunk, ...story } = JSON.parse(texts[0] ?? "");
		expect(story).to.include({ format: 1, run, check: "fault-exception", isComplete: true });
		expect(shrunk).to.include({ isOtherSeed: false });
		expect(shrunk.choices).to.have.length(1);
		expect(shrunk.replay).to.equal(`npx raft-grade ${shrunk.run}`);
	}).timeout(120_000);

	it("says so if nothing has to go wrong", async () => {
		const folder = await inFolder(FAILS_ANYWAY);
		const { code, text } = await commandIn(folder, ["shrink", "InitialElection@1"]);
		expect(code).to.equal(1);
		expect(text).to.match(/^None of \d+ chance decisions matters: it fails in the calm,/m);
		expect(text).to.include("npx raft-grade InitialElection@1~0\n");
		expect(text).to.match(/tried +1 runs?$/m);
	});

	it("--explain tells it in reports", async () => {
		const folder = await inFolder(FAILS_ANYWAY);
		const args = ["InitialElection@1", "--explain", "--reporter", "table", "--reporter", "markdown=report.md"];
		const { text, report } = await reportOf(folder, args);
		const shrunk = report.tests[0]?.failures[0]?.shrunk;
		expect(shrunk).to.include({ run: "InitialElection@1~0", replay: "npx raft-grade InitialElection@1~0" });
		expect(text).to.match(/what mattered None of \d+ chance decisions matters/);
		expect(text).to.include("see it shrunk npx raft-grade InitialElection@1~0\n");
		expect(readFileSync(path.join(folder, "report.md"), "utf8")).to.include("What mattered:\n");
	});

	it("has nothing to say of a run that passes, and refuses what is no run", async () => {
		const folder = await inFolder(rightBut(""));
		expect(await commandIn(folder, ["shrink", "InitialElection@1"])).to.include({
			code: 0,
			text: "InitialElection@1 passes: there is nothing to shrink\n",
		});
		const refusals: Readonly<Record<string, string>> = {
			InitialElection: "InitialElection: name a run as test@seed",
			"Figre8@1": 'there is no part or test "Figre8": did you mean Figure8',
			"InitialElection@xyz": '"xyz" is not a seed',
			"InitialElection@1~L2": '"L2" does not say which choices of a run are kept',
		};
		for (const [run, sentence] of Object.entries(refusals)) {
			const { code, text } = await commandIn(folder, ["shrink", run]);
			expect(code, run).to.equal(2);
			expect(text, run).to.include(sentence);
		}
		expect((await commandIn(folder, ["shrink", "InitialElection@1", "--tries", "0"])).text).to.include(
			'"0" is not a number of runs',
		);
	});

	it("does not let what hangs hang again and again", async () => {
		const folder = await inFolder(rightBut("setTimeout(() => { for (;;); }, 500);"));
		const { code, text } = await commandIn(folder, ["shrink", "InitialElection@1"]);
		expect(code).to.equal(2);
		expect(text).to.include("InitialElection@1 never came to an end, so it cannot be shrunk: ");
	}).timeout(60_000);

	it("ends when it is interrupted, or when time is up", async function () {
		const folder = await inFolder(STALLS);
		const { code, text } = await commandIn(folder, ["shrink", "Figure8@1", "--budget", "0.001"]);
		expect(code).to.equal(2);
		expect(text).to.include("Figure8@1 takes too long to be shrunk: give it more time with --budget <seconds>");
		if (!CAN_LIST_PROCESSES) this.skip();
		const started = startRaftGrade(["shrink", "Figure8@1", "-j", "1"], folder);
		await until(() => workersOf(started.child.pid as number).length > 0);
		started.child.kill("SIGINT");
		expect(await started.ended()).to.equal(130);
		expect(started.said()).to.equal("");
	}).timeout(60_000);
});
