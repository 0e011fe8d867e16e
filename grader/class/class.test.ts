import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { ExitCode } from "../exit-code.ts";
import type { GradeReport } from "../report/schema.ts";
import { folderWith, raftGrade, removeFolders } from "../testing/command.ts";
import { commandIn, readReport, reportOf, withoutTimes } from "../testing/in-process.ts";
import { CAN_LIST_PROCESSES, descendantsOf, isRunning, startRaftGrade, until } from "../testing/processes.ts";
import { referenceFiles, SILENT } from "../testing/submissions.ts";
import { kinds, makeClass } from "./testing/make-class.ts";

/** A slice of the class that grader/studies/class-study.ts grades. */
const SLICE = [
	"reference",
	"style-callbacks",
	"variant-batching",
	"mutant-vote-twice-in-a-term",
	"hostile-index-setters",
	"hostile-import-of-fs",
	"broken-climbs",
	"broken-two-modules",
	"broken-case-clash",
	"template",
];
const WHAT = ["InitialElection", "BasicAgree"];
const HOW = ["--seed", "7", "--race-repeat", "2", "--no-config"];

/** The files of a folder, and when each was last made anew. */
async function stamps(folder: string): Promise<Map<string, string>> {
	const names = existsSync(folder) ? (await readdir(folder)).filter((name) => !name.startsWith(".")) : [];
	const all = names.map(async (name): Promise<[string, string]> => {
		const { ino, mtimeMs } = await stat(path.join(folder, name));
		return [name, `${ino} ${mtimeMs}`];
	});
	return new Map(await Promise.all(all));
}

/** Of a report, what doesn't depend on the folder in which the command ran. */
function withoutPlace(report: GradeReport) {
	return JSON.parse(JSON.stringify(withoutTimes(report)).replaceAll(" --no-config", ""));
}

describe("grading a class", function () {
	this.timeout(300_000);
	let home: string;
	const chosen = SLICE.map((name) => kinds.find((kind) => kind.name === name) ?? expect.fail(`no kind ${name}`));

	before(async () => {
		home = await folderWith({});
		await makeClass(path.join(home, "submissions"), SLICE.length, chosen);
		const { code, text } = await commandIn(home, ["class", "submissions", ...WHAT, ...HOW]);
		expect(code, text).to.equal(ExitCode.passed);
		expect(text).to.include("10 submissions, 3 cannot be graded");
	});

	after(removeFolders);

	const results = () => path.join(home, "class-results");
	const resultOf = (kind: string) => {
		const slug = `s${String(SLICE.indexOf(kind)).padStart(3, "0")}-${kind}`;
		return readReport(path.join(results(), "results", `${slug}.json`));
	};

	for (const name of SLICE.filter((kind) => !kind.startsWith("broken"))) {
		it(`gives ${name} what the single command gives it`, async () => {
			const folder = path.join(await folderWith({}), "lab");
			const kind = kinds.find((one) => one.name === name);
			if (typeof kind?.make !== "function") return expect.fail("no folder");
			await kind.make(folder);
			const single = await reportOf(folder, [...WHAT, ...HOW]);
			expect(withoutPlace(resultOf(name))).to.deep.equal(withoutPlace(single.report));
		});
	}

	it("gives broken ones no points and a sentence, and writes nothing outside of its folder", async () => {
		const csv = await readFile(path.join(results(), "grades.csv"), "utf8");
		expect(csv.trim().split("\r\n")).to.have.length(11);
		expect(csv).to.match(/^s006-broken-climbs,,,,0,8,unusable,,.*leads out of the folder/m);
		expect(resultOf("broken-two-modules").message).to.match(/it holds two modules/);
		expect(await readdir(home)).to.have.members(["submissions", "class-results"]);
		expect(await readdir(results())).to.have.members([
			".raft-grade",
			"class.html",
			"class.json",
			"feedback",
			"grades.csv",
			"results",
		]);
		expect(await readdir(path.join(results(), "feedback"))).to.have.length(10);
	});

	it("does nothing twice: run again, it writes the same", async () => {
		const before = await stamps(path.join(results(), ".raft-grade/results"));
		expect(before.size).to.equal(7);
		const files = await stamps(results());
		const { code, text } = await commandIn(home, ["class", "submissions", ...WHAT, ...HOW]);
		expect(code).to.equal(ExitCode.passed);
		expect(text).to.include("7 graded before");
		expect(await stamps(path.join(results(), ".raft-grade/results"))).to.deep.equal(before);
		expect((await stamps(results())).get("grades.csv")).to.equal(files.get("grades.csv"));
	});

	it("killed at any moment and started again, ends with the same gradebook, each submission graded once", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const args = ["class", "submissions", ...WHAT, ...HOW, "--output", "killed"];
		const store = path.join(home, "killed/.raft-grade/results");
		const seen = new Map<string, string>();
		const check = async () => {
			for (const [name, stamp] of await stamps(store)) {
				expect(seen.get(name) ?? stamp, `${name} was graded twice`).to.equal(stamp);
				seen.set(name, stamp);
			}
		};
		const children: number[] = [];
		for (let kill = 0; kill < 4; kill++) {
			const started = startRaftGrade(args, home);
			const { pid = 0 } = started.child;
			// However quick the machine is, the first time it is killed while it has somebody at work.
			await until(() => descendantsOf(pid).length > 0 || started.child.exitCode !== null);
			const timer = setTimeout(
				() => {
					children.push(...descendantsOf(pid));
					started.child.kill("SIGKILL");
				},
				kill === 0 ? 0 : Math.random() * 2000,
			);
			const code = await started.ended();
			clearTimeout(timer);
			await check();
			if (code === ExitCode.passed) break;
		}
		const last = startRaftGrade(args, home);
		expect(await last.ended(), last.said()).to.equal(ExitCode.passed);
		await check();
		expect(seen.size).to.equal(7);
		const gradebooks = await Promise.all(
			["killed", "class-results"].map((name) => readFile(path.join(home, name, "grades.csv"), "utf8")),
		);
		expect(gradebooks[0]).to.equal(gradebooks[1]);
		const [left, there] = await Promise.all(
			["killed", "class-results"].map((name) => readdir(path.join(home, name), { recursive: true })),
		);
		expect(left?.sort()).to.deep.equal(there?.sort());
		expect(children.length).to.be.above(0);
		await until(() => !children.some(isRunning));
	});

	it("is stopped with Ctrl-C: what is graded is there, the exit code says so, and it goes on from there", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const hanging = SILENT.replace("getState: () =>", "getState: () => { for (;;); }, other: () =>");
		const cwd = await folderWith({ "subs/a.ts": SILENT, "subs/b.ts": hanging });
		const args = ["class", "subs", "InitialElection", "-s", "7", "--no-config", "-j", "1", "--step-timeout", "60"];
		const started = startRaftGrade(args, cwd);
		const first = path.join(cwd, "class-results/results/a.json");
		while (!existsSync(first) && started.child.exitCode === null)
			await new Promise((resolve) => setTimeout(resolve, 50));
		started.child.kill("SIGINT");
		expect(await started.ended(), started.said()).to.equal(ExitCode.interrupted);
		expect(started.said()).to.include("1 of 2 graded").and.include("the same command goes on from here");
		const csv = await readFile(path.join(cwd, "class-results/grades.csv"), "utf8");
		expect(csv)
			.to.match(/^a,,,,0,5,failed,/m)
			.and.match(/^b,,,,,5,not graded yet,/m);
		expect(await readFile(path.join(cwd, "class-results/class.html"), "utf8")).to.include("1 of 2 are not graded");
		const again = await commandIn(cwd, [...args.slice(0, -1), "0.3"]);
		expect(again.text).to.include("2 of 2 graded");
	});

	it("says so if it is stopped while it looks into the submissions, and writes no gradebook of some of them", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		// Of those that cannot be graded, the result is there as soon as they have been looked into.
		const many = Array.from({ length: 2_000 }, (_, i) => [`subs/s${i}/notes.md`, `${i}\n`] as const);
		const cwd = await folderWith(Object.fromEntries(many));
		const started = startRaftGrade(["class", "subs", "InitialElection", "--no-config"], cwd);
		await until(() => started.said().includes("seed "));
		started.child.kill("SIGINT");
		expect(await started.ended(), started.said()).to.equal(ExitCode.interrupted);
		expect(started.said()).to.include("stopped before the grading began: the same command begins again");
		expect(existsSync(path.join(cwd, "class-results/grades.csv"))).to.equal(false);
		const kept = await readdir(path.join(cwd, "class-results/results")).catch(() => []);
		expect(kept.length).to.be.below(many.length);
	});

	it("takes another seed, another policy or --regrade for another grading, and keeps a seed that it has drawn", async () => {
		const cwd = await folderWith({ "subs/a.ts": SILENT, "c.json": '{"points":{"InitialElection":7}}' });
		const grade = (...more: string[]) => commandIn(cwd, ["class", "subs", "InitialElection", ...more]);
		const first = await grade();
		const seed = /^seed (\w+)/.exec(first.text)?.[1];
		expect((await grade()).text)
			.to.match(new RegExp(`^seed ${seed},`))
			.and.include("1 graded before");
		for (const more of [
			["--seed", "7"],
			["--config", "c.json", "--seed", "7"],
			["--regrade", "--seed", "7"],
		]) {
			expect((await grade(...more)).text, more.join()).to.not.include("graded before");
		}
		expect((await grade("--seed", "7")).text).to.include("1 graded before");
		expect((await grade()).text).to.match(/^seed 7,/);
	});

	it("does not let two work in one folder, nor in a folder that is something else", async () => {
		const cwd = await folderWith({ "subs/a.ts": SILENT, "thesis/chapter.txt": "" });
		const into = (output: string) => commandIn(cwd, ["class", "subs", "InitialElection", "--output", output]);
		const refused = await into("thesis");
		expect(refused.code).to.equal(ExitCode.unusable);
		expect(refused.text).to.include("thesis is not empty, and not from an earlier grading");
		const [one, two] = [0, 1].map(() => startRaftGrade(["class", "subs", "InitialElection", "--output", "both"], cwd));
		const codes = [await one?.ended(), await two?.ended()].sort();
		expect(codes).to.deep.equal([ExitCode.passed, ExitCode.unusable]);
		expect(`${one?.said()}${two?.said()}`).to.include("both is in use by process");
	});

	it("shows students nothing of hidden tests", async () => {
		const cwd = await folderWith({ "subs/a.ts": SILENT, "c.json": '{"hidden":["BasicAgree"],"seed":"7"}' });
		await commandIn(cwd, ["class", "subs", ...WHAT, "--config", "c.json"]);
		const folder = path.join(cwd, "class-results");
		for (const name of ["feedback.md", "feedback.html"]) {
			const text = await readFile(path.join(folder, "feedback/a", name), "utf8");
			expect(text).to.include("InitialElection").and.include("hidden tests: 0 of 1 passed");
			expect(text).to.not.include("BasicAgree");
		}
		expect(await readFile(path.join(folder, "results/a.json"), "utf8")).to.include("BasicAgree");
	});

	it("makes a page of each student's first failure: what is of hidden tests stays with staff", async () => {
		const cwd = await folderWith({
			"subs/a.ts": SILENT,
			"subs/b/raft.ts": 'export { make } from "./reference/index.ts";',
			...Object.fromEntries(Object.entries(await referenceFiles()).map(([name, text]) => [`subs/b/${name}`, text])),
			"open.json": '{"seed":"7"}',
			"hidden.json": '{"hidden":["InitialElection"],"seed":"7"}',
		});
		const grade = (...more: string[]) => commandIn(cwd, ["class", "subs", "InitialElection", ...more]);
		const folder = path.join(cwd, "class-results");
		const traces = (name: string) =>
			readReport(path.join(folder, `results/${name}.json`)).tests.flatMap(({ failures }) =>
				failures.map(({ trace }) => trace),
			);
		await grade("--config", "open.json");
		expect(await readdir(path.join(folder, "feedback/a"))).to.have.members(["feedback.html", "feedback.md"]);
		const first = await grade("--config", "open.json", "--trace");
		expect(first.code, first.text).to.equal(ExitCode.passed);
		expect(first.text).to.include("making the pages of 1 submission\n").and.include("2 graded before");
		const [run] = readReport(path.join(folder, "results/a.json")).tests[0]?.failures[0]?.runs ?? [];
		expect(traces("a")).to.deep.equal([`feedback/a/${run}.html`]);
		const page = await readFile(path.join(folder, `feedback/a/${run}.html`), "utf8");
		expect(page).to.include(`"run":"${run}"`).and.not.include(cwd);
		const feedback = await readFile(path.join(folder, "feedback/a/feedback.html"), "utf8");
		expect(feedback).to.include(`<a href="${encodeURIComponent(`${run}.html`)}">`);
		expect(await readFile(path.join(folder, "feedback/a/feedback.md"), "utf8")).to.include(`Page: \`${run}.html\``);
		expect(await readFile(path.join(folder, "class.html"), "utf8")).to.include(
			'<a href="feedback/a/InitialElection%40',
		);
		expect(await readdir(path.join(folder, "feedback/b"))).to.have.members(["feedback.html", "feedback.md"]);

		// Made once; and still there without the option.
		expect((await grade("--config", "open.json", "--trace")).text).to.not.include("making the pages");
		await grade("--config", "open.json");
		expect(traces("a")).to.deep.equal([`feedback/a/${run}.html`]);

		await grade("--config", "hidden.json");
		expect(await readdir(path.join(folder, "feedback/a"))).to.have.members(["feedback.html", "feedback.md"]);
		await grade("--config", "hidden.json", "--trace");
		expect(await readdir(path.join(folder, "feedback/a"))).to.have.members(["feedback.html", "feedback.md"]);
		expect(traces("a")).to.deep.equal([`traces/a/${run}.html`]);
		expect(await readFile(path.join(folder, `traces/a/${run}.html`), "utf8")).to.include(`"run":"${run}"`);
		expect(await readFile(path.join(folder, "feedback/a/feedback.md"), "utf8")).to.not.include("InitialElection");
	});

	it("compares submissions, whatever they are handed in as, for staff alone", async () => {
		const copies = path.join(await folderWith({}), "class");
		const of = (name: string) => kinds.find((kind) => kind.name === name) ?? expect.fail(`no kind ${name}`);
		await makeClass(copies, 4, [
			of("reference"),
			of("style-callbacks"),
			of("mutant-vote-twice-in-a-term"),
			of("template"),
		]);
		const cwd = path.dirname(copies);
		const args = ["class", "class", "InitialElection", "--seed", "7", "--no-config", "--similar"];
		const { code, text } = await commandIn(cwd, args);
		expect(code, text).to.equal(ExitCode.passed);
		const folder = path.join(cwd, "class-results");
		expect(text).to.match(/similar\.html: \d compared, \d pairs? alike beyond chance \(staff\)\n$/);
		const csv = await readFile(path.join(folder, "similar.csv"), "utf8");
		expect(csv).to.match(
			/^s000-reference,s002-mutant-vote-twice-in-a-term,(?:1\.000|0\.9\d\d),1,similar\/\d\.html\r$/m,
		);
		expect(await readFile(path.join(folder, "class.html"), "utf8")).to.include('<a href="similar.html">');
		expect(await readFile(path.join(folder, "similar/1.html"), "utf8")).to.include("s000-reference");
		const given = await readdir(path.join(folder, "feedback"), { recursive: true });
		expect(given.filter((name) => name.includes("similar"))).to.deep.equal([]);
	});

	it("grades repositories at a commit, without touching them", async () => {
		const cwd = await folderWith({
			"repos/a/raft.ts": SILENT,
			"list.csv": "student,repository,at\nann,repos/a,handin\nbea,repos/none,\n",
		});
		const git = (...args: string[]) =>
			execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: path.join(cwd, "repos/a") });
		git("init", "-q");
		git("add", ".");
		git("commit", "-qm", "x");
		git("tag", "handin");
		await writeFile(path.join(cwd, "repos/a/raft.ts"), "not TypeScript");
		const { text } = await commandIn(cwd, ["class", "list.csv", "InitialElection"]);
		expect(text)
			.to.include("there is no such repository")
			.and.match(/1 of 2 graded, median .* points; 1 could not be, and has 0/);
		const csv = await readFile(path.join(cwd, "class-results/grades.csv"), "utf8");
		expect(csv).to.match(/^ann,,,,0,5,failed,,repos\/a,commit [0-9a-f]{12} \(handin\)/m);
		expect(await readFile(path.join(cwd, "repos/a/raft.ts"), "utf8")).to.equal("not TypeScript");
	});

	it("says a mistake of the course's once, not of every submission", async () => {
		const cwd = await folderWith({
			"subs/a.ts": SILENT,
			"subs/b.ts": `${SILENT}// b`,
			"subs/c.ts": `${SILENT}// c`,
			"suite.ts": "",
			"c.json": '{"suites":[{"file":"suite.ts","tests":{"Missing":{}}}]}',
		});
		const { code, errors } = await commandIn(cwd, ["class", "subs", "--config", "c.json"]);
		expect(code).to.equal(ExitCode.unusable);
		expect(errors).to.equal(
			"raft-grade: suite.ts declares no test Missing, which the config names: raft-grade check-config says more\n",
		);
	});

	it("fits 80 columns", async () => {
		const [help, graded] = [
			await raftGrade(["class", "--help"]),
			await commandIn(home, ["class", "submissions", ...WHAT, ...HOW]),
		];
		for (const line of [...help.stdout.split("\n"), ...graded.text.split("\n")])
			expect(line.length, line).to.be.at.most(80);
	});

	it("says who is not in the roster, and that no submission has what --target names", async () => {
		const cwd = await folderWith({
			"all/alice/raft.ts": "export const make = 1;",
			"all/bob/raft.ts": "export const make = 1;",
			"roster.csv": "Student,ID\nAlice,1\n",
		});
		const options = ["--roster", "roster.csv", "--target", "lab.ts", "--seed", "7", "--no-config"];
		const { text } = await commandIn(cwd, ["class", "all", "InitialElection", ...options]);
		expect(text).to.include("not in roster.csv, so with lines of their own in the gradebook: bob\n");
		expect(text.replaceAll("\n", " ")).to.include("no submission has lab.ts, as --target says");
	});

	it("says clearly what is wrong with the command", async () => {
		const cwd = await folderWith({ "empty/.keep": "", "all/alice/raft.ts": "export const make = 1;", file: "" });
		await mkdir(path.join(cwd, "none"));
		const cases: readonly (readonly [readonly string[], RegExp])[] = [
			[["class"], /missing required argument 'submissions'/],
			[["class", "nosuch"], /there is no folder nosuch/],
			[["class", "empty"], /there are no submissions in empty/],
			[["class", "empty", "Figure9"], /there is no part or test "Figure9"/],
			[["class", "empty", "--max-files", "0"], /not a number of files/],
			[["class", "empty", "--gradebook", "excel"], /canvas, gradescope, plain/],
			[["class", "all", "--roster", "nosuch.csv"], /nosuch\.csv cannot be read: there is no such file/],
			[["class", "all", "--output", "file"], /--output file is a file: name a folder/],
			[["class", "all", "--output", "file/in"], /--output file\/in cannot be written: what should be a folder/],
		];
		for (const [args, says] of cases) {
			const { code, text } = await commandIn(cwd, args);
			expect(code, args.join(" ")).to.equal(ExitCode.unusable);
			expect(text).to.match(says);
			expect(text.trim().split("\n")).to.have.length(1);
		}
		expect(existsSync(path.join(cwd, "class-results"))).to.equal(false);
	});
});
