import { expect } from "chai";
import { catalog } from "../labs/catalog.ts";
import { folderWith, ROOT, raftGrade, removeFolders, run } from "./testing/command.ts";
import { commandIn } from "./testing/in-process.ts";

/** A server that never becomes leader. */
const SILENT = `export const make = () => ({
	start: () => ({ index: -1, term: 0, isLeader: false }),
	getState: () => ({ term: 0, isLeader: false }),
	snapshot() {},
	kill() {},
});
`;

/** A server that fails in a place of its own. */
const THROWING = `export const make = (peers, me) => {
	setTimeout(() => {
		if (me === 1) explode();
	}, 25);
	return {
		start: () => ({ index: -1, term: 0, isLeader: false }),
		getState: () => ({ term: 0, isLeader: false }),
		snapshot() {},
		kill() {},
	};
};

function explode(): never {
	throw new Error("out of luck");
}
`;

describe("the command", () => {
	after(removeFolders);

	it("passes a right solution: a row a test, the totals, the seed, exit code 0", async () => {
		const { code, stdout, stderr } = await raftGrade(["2A", "BasicAgree", "--target", "reference", "--seed", "7"]);
		expect(stderr).to.equal("");
		expect(stdout).to.match(/^target reference, seed 7, schedule calm\n/);
		for (const test of ["InitialElection", "ReElection", "ManyElections", "BasicAgree"]) {
			expect(stdout).to.match(new RegExp(`^${test} +pass +[\\d.]+ +\\d`, "m"));
		}
		expect(stdout).to.match(/^4 of 4 passed/m);
		expect(code).to.equal(0);
	});

	it("fits 80 columns, whatever fails", async () => {
		const folder = await folderWith({ "raft.ts": THROWING, "src/raft.ts": SILENT });
		for (const target of ["raft.ts", "src/raft.ts"]) {
			const { text: stdout } = await commandIn(folder, ["2A", "Figure8", "--target", target]);
			for (const line of stdout.split("\n")) expect(line.length, line).to.be.at.most(80);
		}
	});

	it("says in 80 columns how it is used, and which tests there are", async () => {
		const commands = [
			"",
			"class",
			"worker",
			"replay",
			"shrink",
			"init",
			"doctor",
			"explain",
			"check-config",
			"merge",
			"pack",
			"similar",
		];
		const asked = commands.map((command) => [...(command === "" ? [] : [command]), "--help"]);
		for (const args of [...asked, ["--list"], ["--list", "2X"]]) {
			const { code, stdout } = await raftGrade([...args]);
			expect(code).to.equal(0);
			expect(stdout.length).to.be.above(100);
			for (const line of stdout.split("\n")) expect(line.length, `${args.join(" ")}: ${line}`).to.be.at.most(80);
		}
	}).timeout(60_000);

	it("says each problem of a config on a line of its own", async () => {
		const config = { points: { InitialElection: "some" }, nosuch: 1 };
		const folder = await folderWith({ "raft.ts": SILENT, "raft-grade.config.json": JSON.stringify(config) });
		const { code, errors } = await commandIn(folder, ["2A"]);
		const lines = errors.trimEnd().split("\n");
		expect(lines).to.have.length(2);
		for (const line of lines) expect(line).to.match(/^raft-grade: raft-grade\.config\.json: /);
		expect(code).to.equal(2);
	});

	it("explains a failure on one screen, and exits with 1", async () => {
		const folder = await folderWith({ "src/raft.ts": SILENT });
		const { code, text: stdout } = await commandIn(folder, ["InitialElection", "--seed", "7"]);
		expect(stdout).to.include("FAIL InitialElection (2A, 5 points) at ");
		expect(stdout).to.include("expected one leader, got none: S0 term 0, S1 term 0, S2 term 0");
		expect(stdout).to.match(/paper +§5\.1, §5\.2/);
		expect(stdout).to.match(/usual causes +- An election is not begun when it should be/);
		expect(stdout).to.match(/see it again +npx raft-grade InitialElection@[0-9a-f]+\n/);
		expect(code).to.equal(1);
	});

	it("names the student's own file and line", async () => {
		const folder = await folderWith({ "src/raft.ts": THROWING });
		const { text: stdout } = await commandIn(folder, ["InitialElection"]);
		expect(stdout).to.include("FAIL InitialElection (2A, 5 points) at 0.025 s of virtual time");
		expect(stdout).to.include("S1: a timer callback threw: Error: out of luck");
		expect(stdout).to.match(/where +src\/raft\.ts:14:8 in explode\n +src\/raft\.ts:3:17/);
	});

	it("replays a failing run exactly from what it printed", async () => {
		const folder = await folderWith({ "src/raft.ts": SILENT });
		const first = await commandIn(folder, ["ReElection", "--schedule", "race"]);
		const run = /npx raft-grade (ReElection@[0-9a-f]+)/.exec(first.text)?.[1] ?? "";
		const again = await commandIn(folder, [run]);
		const screen = (stdout: string) => stdout.slice(stdout.indexOf("FAIL ReElection ("));
		expect(screen(again.text)).to.equal(screen(first.text));
	});

	it("runs a test alone as it runs among all", async () => {
		const figures = (stdout: string) => /^Persist1 +pass +(.*\d) +\d+$/m.exec(stdout)?.[1];
		const alone = await commandIn(ROOT, ["Persist1", "--target", "reference", "--seed", "5"]);
		const among = await commandIn(ROOT, ["2C", "--grep", "Persist", "--target", "reference", "--seed", "5"]);
		expect(figures(alone.text)).to.be.a("string").that.equals(figures(among.text));
	});

	it("lists all tests with their points", async () => {
		const { code, text: stdout } = await commandIn(ROOT, ["--list"]);
		for (const { id, points } of catalog) expect(stdout).to.match(new RegExp(`^ +${id} +${points} points`, "m"));
		expect(code).to.equal(0);
	});

	it("does not mind when nobody reads on", async () => {
		const { stdout, stderr } = await run("sh", ["-c", "node grader/bin.js --list | true"], ROOT);
		expect({ stdout, stderr }).to.deep.equal({ stdout: "", stderr: "" });
	});

	it("understands the Go lab's names, in any case", async () => {
		const { text: stdout } = await commandIn(ROOT, ["--list", "TestFigure82C", "testbasicagree"]);
		expect(stdout).to.include("Figure8 ").and.include("BasicAgree ").and.not.include("Backup");
	});

	it("checks that everything takes the same course twice", async () => {
		const args = ["2A", "Persist1", "--target", "reference", "--check-determinism", "--schedule", "race"];
		const { code, text: stdout } = await commandIn(ROOT, args);
		expect(stdout).to.include("4 of 4 tests took the same course twice");
		expect(code).to.equal(0);
	});

	it("shows a watched run as it happens, with the student's own log lines", async () => {
		const logging = SILENT.replace("({\n", '(console.log("made", { here: 1 }), {\n');
		const folder = await folderWith({ "raft.ts": logging });
		const { text: stdout } = await commandIn(folder, ["InitialElection", "--speed", "1000"]);
		expect(stdout).to.match(/0\.000 s {2}S2 +log: made \{ here: 1 \}/);
		expect(stdout).to.match(/0\.000 s {2}S0 +is connected/);
	});

	it("prints help and its version", async () => {
		expect((await raftGrade(["--help"])).stdout)
			.to.include("Usage: raft-grade")
			.and.include("Exit code: 0 passed");
		expect((await raftGrade(["--version"])).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
	});
});
