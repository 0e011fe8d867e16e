import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { journal } from "../replay/journal-schema.ts";
import { folderWith, ROOT, removeFolders, run } from "../testing/command.ts";
import { commandIn, reportOf } from "../testing/in-process.ts";
import { mutantFiles, SILENT } from "../testing/submissions.ts";

/** Writes far more than anybody will read, for as long as it runs. */
const FLOODING = SILENT.replace(
	"({\n",
	'(setInterval(() => { for (let i = 0; i < 40; i++) console.log("x".repeat(4_000)); }, 10), {\n',
);

/** Comes to a loop that never ends, after a line. */
const HANGING = SILENT.replace(
	"({\n",
	'(setTimeout(() => console.log("the last word"), 20), setTimeout(() => { for (;;); }, 30), {\n',
);

async function mutantFile(id: string): Promise<string> {
	return path.join(await folderWith(await mutantFiles(id)), "reference/index.ts");
}

describe("raft-grade replay", function () {
	this.timeout(120_000);
	afterEach(removeFolders);

	it("shows columns, after the verdict, and ends as the run does", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const { code, text, errors } = await commandIn(folder, ["replay", "InitialElection@7", "--logs"]);
		expect(errors).to.match(/^InitialElection@7 failed at 5\.\d+ s of virtual time\n {2}expected one leader/);
		expect(text)
			.to.match(/time S0 +S1 +S2\n/)
			.and.include("== FAILS (one-leader): expected one leader");
		for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(80);
		expect(code).to.equal(1);
		const right = await commandIn(ROOT, [
			"replay",
			"InitialElection@7",
			"-t",
			"reference",
			"--logs",
			"--topics",
			"role",
		]);
		expect(right.text).to.include("LEADER of term");
		expect(right.code).to.equal(0);
	});

	it("tells what happened with every view, and marks who broke a rule", async () => {
		const submission = await mutantFile("vote-twice-in-a-term");
		const what = ["replay", "ManyElections@33be3e897f2f6b50", "-t", submission];
		const told = "! 2.118 s S1 has now voted twice in term 3: for S1 and for S0";
		const logs = await commandIn(ROOT, [...what, "--logs"]);
		expect(logs.text).to.match(/\nwhat happened \(!: here S1 broke a rule\):\n {4}1\.623 s S1 stands in term 3/);
		expect(logs.text)
			.to.include(told)
			.and.match(/\n( {9}| {2}2\.118 s)!.*> answers S0's RequestVote/);
		expect(logs.errors).to.not.include("what happened");
		const page = await commandIn(ROOT, [...what, `--trace=${path.join(await folderWith({}), "page.html")}`]);
		expect(page.text).to.include(told);
		const mermaid = await commandIn(ROOT, [...what, "--mermaid"]);
		expect(mermaid.errors).to.include(told);
		expect((await commandIn(ROOT, what)).text).to.match(/what happened .*\n[\s\S]*> 2\.118 s S1 has now voted twice/);
	});

	it("tells in JSON of the events that are in it", async () => {
		const submission = await mutantFile("vote-twice-in-a-term");
		const read = async (...filter: string[]) => {
			const args = ["replay", "ManyElections@33be3e897f2f6b50", "-t", submission, "--format", "json", ...filter];
			const { text } = await commandIn(ROOT, args);
			return journal.strict().parse(JSON.parse(text.slice(text.indexOf("{"))));
		};
		for (const filter of [[], ["--from", "1.7s"], ["--topics", "message"]]) {
			const { events, story } = await read(...filter);
			expect(events[story?.culprit?.event ?? -1]).to.include({
				kind: "handled",
				from: 0,
				to: 1,
				atMs: story?.steps.at(-2)?.atMs,
			});
			for (const { event, atMs } of story?.steps ?? []) if (event !== null) expect(events[event]?.atMs).to.equal(atMs);
		}
		const { story } = await read("--to", "1s");
		expect(story?.culprit).to.equal(null);
		expect(story?.steps.map(({ event }) => event)).to.deep.equal(story?.steps.map(() => null));
	});

	it("is a verdict without a view", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const { code, text } = await commandIn(folder, ["replay", "InitialElection@7"]);
		expect(text).to.include("FAIL InitialElection (2A, 5 points)");
		expect(code).to.equal(1);
	});

	it("writes JSON that keeps to its schema, with filters, to a file or to standard output", async () => {
		const args = ["replay", "Persist1@7", "-t", "reference", "--format", "json", "--from", "0.5s", "--to", "900"];
		const { text, errors } = await commandIn(ROOT, args);
		const value = journal.strict().parse(JSON.parse(text.slice(text.indexOf("{"))));
		expect(errors).to.match(/^Persist1@7 passed: /);
		for (const { atMs } of value.events) expect(atMs).to.be.within(500, 900);
		const folder = await folderWith({});
		const file = path.join(folder, "out/run.json");
		const quiet = await commandIn(ROOT, [...args, "-o", file, "--servers", "1"]);
		expect(quiet.text).to.match(/^Persist1@7 passed: .*\nwritten: .*run\.json\n$/);
		const part = journal.parse(JSON.parse(await readFile(file, "utf8")));
		expect(part.events.length).to.be.within(1, value.events.length - 1);
	});

	it("writes the page where it is told, or beside the others", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const { text } = await commandIn(folder, ["replay", "InitialElection@7", "--trace"]);
		expect(text).to.include("page: raft-grade-traces/InitialElection@7.html (open it in a browser)");
		const page = await readFile(path.join(folder, "raft-grade-traces/InitialElection@7.html"), "utf8");
		expect(page)
			.to.match(/^<!doctype html>/)
			.and.include('"run":"InitialElection@7"');
		await commandIn(folder, ["replay", "--trace=a/b.html", "InitialElection@7", "--around"]);
		expect(await readFile(path.join(folder, "a/b.html"), "utf8")).to.include('"window":{"fromMs":');
	});

	it("writes diagrams for Mermaid and for Perfetto", async () => {
		const replay = (...args: string[]) => commandIn(ROOT, ["replay", "InitialElection@7", "-t", "reference", ...args]);
		expect((await replay("--mermaid")).text).to.match(/\nsequenceDiagram\n/);
		const { text } = await replay("--format", "chrome");
		expect(JSON.parse(text.slice(text.indexOf("{"))).traceEvents).to.have.length.above(50);
	});

	it("refuses what makes no sense, in a sentence", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const refused = async (...args: string[]) => {
			const { code, text } = await commandIn(folder, ["replay", ...args]);
			expect(code).to.equal(2);
			return text;
		};
		expect(await refused("InitialElection", "--logs")).to.include("name a run as test@seed");
		expect(await refused("InitialElecton@7", "--logs")).to.include("did you mean InitialElection");
		expect(await refused("InitialElection@xyz", "--logs")).to.include('"xyz" is not a seed');
		expect(await refused("InitialElection@7", "--logs", "--mermaid")).to.include("exclude each other");
		expect(await refused("InitialElection@7", "-o", "x")).to.include("--output takes a view");
		expect(await refused("InitialElection@7", "--logs", "--around=x")).to.include('--around: "x" is not a time');
		expect(await refused("InitialElection@7", "--logs", "--from", "x")).to.include('"x" is not a time');
		expect(await refused("InitialElection@7", "--logs", "--from", "2s", "--to", "1s")).to.include(
			"nothing lies between",
		);
		expect(await refused("InitialElection@7", "--logs", "--around", "--to", "1s")).to.include("exclude each other");
		expect(await refused("InitialElection@7", "--logs", "--servers", "a")).to.include('"a" is not a server');
		expect(await refused("InitialElection@7", "--logs", "--servers", "7")).to.include("this run has 3 servers");
		expect(await refused("InitialElection@7", "--logs", "--topics", "x")).to.include(
			"nothing in this run has that topic",
		);
		expect(await refused("InitialElection@7", "--trace=raft.ts/x.html")).to.include("cannot be written");
	});

	it("bears a submission that writes without end", async () => {
		const folder = await folderWith({ "raft.ts": FLOODING });
		const { code, text } = await commandIn(folder, ["replay", "InitialElection@7", "--logs", "--topics", "tester"]);
		expect(text)
			.to.include("expected one leader")
			.and.match(/of its beginning \d+ events are left out/);
		expect(code).to.equal(1);
	});

	it("shows what came before a hang, and where it is", async () => {
		const folder = await folderWith({ "raft.ts": HANGING });
		const args = ["replay", "InitialElection@7", "--logs", "--step-timeout", "1"];
		const { code, text } = await commandIn(folder, args);
		expect(text).to.include("log: the last word").and.include("fault-hang");
		expect(code).to.equal(1);
	});

	it("does not page where nobody could", async () => {
		const args = ["grader/bin.js", "replay", "InitialElection@7", "-t", "reference", "--logs"];
		const { stdout } = await run(process.execPath, args, ROOT, { PAGER: "false" });
		expect(stdout).to.include("LEADER of term");
	});
});

describe("raft-grade --trace", function () {
	this.timeout(120_000);
	afterEach(removeFolders);

	it("writes a page for the first failure of each test, and names it in the reports", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const args = ["InitialElection", "ReElection", "--race-repeat", "3", "--seed", "7", "--trace"];
		const { text, report } = await reportOf(folder, [...args, "--reporter", "table", "--reporter", "markdown=a.md"]);
		for (const { failures } of report.tests) {
			const [first, ...others] = failures;
			expect(first?.trace).to.equal(`raft-grade-traces/${first?.runs[0]}.html`);
			for (const other of others) expect(other.trace).to.equal(undefined);
			const page = await readFile(path.join(folder, first?.trace ?? ""), "utf8");
			expect(page).to.include(`"run":"${first?.runs[0]}"`);
			expect(text).to.match(new RegExp(`page +${first?.trace}`));
			expect(await readFile(path.join(folder, "a.md"), "utf8")).to.include(`- Page: \`${first?.trace}\``);
		}
	});

	it("costs nobody a report if a page can't be written in the end", async () => {
		const folder = await folderWith({ "raft.ts": SILENT });
		const args = [
			"InitialElection",
			"--seed",
			"7",
			"--reporter",
			"table",
			"--reporter",
			"json=a.json",
			"--trace=pages",
		];
		await commandIn(folder, args);
		const [page = ""] = await readdir(path.join(folder, "pages"));
		await rm(path.join(folder, "pages", page));
		await mkdir(path.join(folder, "pages", page));
		await rm(path.join(folder, "a.json"));
		const { code, text, errors } = await commandIn(folder, args);
		expect(errors).to.match(
			/^raft-grade: the report pages\/InitialElection@.*\.html cannot be written: it is a folder\n$/,
		);
		expect(text).to.include("FAIL InitialElection");
		expect(JSON.parse(await readFile(path.join(folder, "a.json"), "utf8")).tests).to.have.length(1);
		expect(code).to.equal(2);
	});

	it("keeps those of hidden tests apart, and writes none where all passed", async () => {
		const config = { tests: ["2A"], hidden: ["ReElection"] };
		const folder = await folderWith({ "raft.ts": SILENT, "raft-grade.config.json": JSON.stringify(config) });
		const { report } = await reportOf(folder, ["InitialElection", "ReElection", "--seed", "7", "--trace=pages"]);
		const traces = report.tests.map(({ failures }) => failures[0]?.trace?.replace(/@.*/, ""));
		expect(traces).to.deep.equal(["pages/InitialElection", "pages/hidden/ReElection"]);
		const passed = await reportOf(folder, ["InitialElection", "-t", "reference", "--trace=none"]);
		expect(passed.code).to.equal(0);
	});
});
