import { expect } from "chai";
import { folderWith, raftGrade, removeFolders } from "./testing/command.ts";
import { commandIn } from "./testing/in-process.ts";

/** A server that does nothing, and is right in its shape. */
const SERVER = `{
	start: () => ({ index: -1, term: 0, isLeader: false }),
	getState: () => ({ term: 0, isLeader: false }),
	snapshot() {},
	kill() {},
}`;

/** Bad commands and bad targets: one sentence each, which names what is wrong. */
const CASES: readonly {
	readonly what: string;
	readonly args?: readonly string[];
	readonly files?: Readonly<Record<string, string>>;
	readonly says: string | RegExp;
}[] = [
	{ what: "an unknown part", args: ["2E"], says: 'there is no part or test "2E": raft-grade --list names them' },
	{ what: "a misspelt test", args: ["Figure9"], says: 'there is no part or test "Figure9": did you mean Figure8?' },
	{ what: "an unknown option", args: ["--fast"], says: "unknown option '--fast'" },
	{ what: "a misspelt option", args: ["--sede", "1"], says: "Did you mean --seed?" },
	{
		what: "a seed that isn't one",
		args: ["--seed", "lucky"],
		says: '"lucky" is not a seed: give 1 to 16 hexadecimal digits',
	},
	{ what: "a run whose seed isn't one", args: ["Backup@xyz"], says: '"xyz" is not a seed' },
	{ what: "a schedule that isn't one", args: ["--schedule", "wild"], says: "Allowed choices are calm, race" },
	{ what: "a clock that isn't one", args: ["--clock", "sand"], says: "Allowed choices are virtual, real" },
	{ what: "a speed that isn't one", args: ["--speed", "0"], says: '"0" is not a speed' },
	{ what: "a pattern that isn't one", args: ["--grep", "("], says: "--grep (: Invalid regular expression" },
	{ what: "a pattern that matches nothing", args: ["--grep", "Paxos"], says: "--grep Paxos: no test matches" },
	...contradictions(),
	{ what: "a replay of no run", args: ["--replay", "Figure8"], says: "--replay Figure8: name a run as test@seed" },
	{ what: "a replay of an unknown test", args: ["--replay", "Figure9@1"], says: "did you mean Figure8?" },
	{
		what: "a replay with words beside it",
		args: ["--replay", "Figure8@1", "2A"],
		says: "--replay Figure8@1 says what to run: leave out 2A",
	},
	{ what: "a shard that isn't one", args: ["--shard", "3/2"], says: '"3/2" is not a shard: there is no number 3 of 2' },
	{ what: "no workers", args: ["--jobs", "0"], says: '"0" is not a number of workers: give a whole number from 1 on' },
	{ what: "half a worker", args: ["-j", "1.5"], says: '"1.5" is not a number of workers' },
	{ what: "no schedules", args: ["-r", "0"], says: '"0" is not a number of schedules: give a whole number from 1 on' },
	{ what: "too little memory", args: ["--memory", "1"], says: '"1" is not an amount of memory' },
	{ what: "no time", args: ["--timeout", "0"], says: '"0" is not a number of seconds' },
	{ what: "no time for a step", args: ["--step-timeout", "-1"], says: '"-1" is not a number of seconds' },
	{ what: "endless time", args: ["--timeout", "Infinity"], says: '"Infinity" is not a number of seconds' },
	{ what: "an unknown reporter", args: ["--reporter", "nosuch"], says: '--reporter: there is no reporter "nosuch"' },
	{
		what: "two reports on standard output",
		args: ["--reporter", "spec", "--reporter", "tap"],
		says: "--reporter: spec and tap would both write to standard output",
	},
	{
		what: "two reports in one file",
		args: ["--reporter", "json=a.txt,tap=./a.txt"],
		says: "two reports would go to ./a.txt",
	},
	{
		what: "a report that cannot be written",
		args: ["--reporter", "json=raft.ts/report.json"],
		says: /raft\.ts\/report\.json/,
	},
	{
		what: "pages of failures where none can be written",
		args: ["--trace=raft.ts/pages"],
		says: "nothing can be written to raft.ts/pages: what should be a folder on the way there is a file",
	},
	{
		what: "a shard with a seed of its own",
		args: ["--shard", "1/2"],
		says: "--shard: all shards must have one seed, or their reports can't be merged: name one with --seed",
	},
	{ what: "a policy that isn't there", args: ["--config", "lost.json"], says: /lost\.json/ },
	{
		what: "runs of the last time where there was none",
		args: ["--last-failed"],
		says: "--last-failed: raft.ts has not been graded from this folder yet: grade it without --last-failed first",
	},
	{ what: "no target at all", files: {}, says: /^raft-grade: no submission in this folder: name one with --target/ },
	{
		what: "a target that does not exist",
		args: ["--target", "nowhere.ts"],
		says: "--target nowhere.ts: there is no such file or folder, and no package of that name is installed",
	},
	{
		what: "a raftGrade.target that does not exist",
		files: { "package.json": '{"raftGrade":{"target":"lost.ts"}}' },
		says: /raftGrade\.target in .*package\.json names lost\.ts, which does not exist/,
	},
	{ what: "a package.json that isn't one", files: { "package.json": "{" }, says: /package\.json is not valid JSON/ },
	{
		what: "a target that is no module",
		args: ["--target", "notes.txt"],
		files: { "notes.txt": "to do" },
		says: "notes.txt is not a module: name a .ts, .mts, .js or .mjs file",
	},
	{
		what: "a syntax error",
		files: { "raft.ts": "export const make = () => {\n\tconst = 1;\n};\n" },
		says: 'raft.ts:2:8: Expected identifier but found "="',
	},
	{
		what: "no make",
		files: { "raft.ts": "export const create = 1;" },
		says: /must export a function make.*but it exports create \(raft\.ts\)/,
	},
	{ what: "a make that is no function", files: { "raft.ts": "export const make = 1;" }, says: "but make is number" },
	{
		what: "a module that throws",
		files: { "raft.ts": "null!.x;\nexport const make = 1;" },
		says: /loading the module threw: TypeError: .* \(raft\.ts:1\)/,
	},
	{
		what: "an import that isn't there",
		files: { "raft.ts": 'import { sleeep } from "raft-grade";\nexport const make = () => sleeep(5);' },
		says: "S0: make() threw: TypeError: sleeep is not a function (raft.ts:2)",
	},
	{
		what: "a make that throws",
		files: { "raft.ts": "export function make() {\n\tthrow new Error('later');\n}" },
		says: "S0: make() threw: Error: later (raft.ts:2)",
	},
	{
		what: "a make that returns nothing",
		files: { "raft.ts": "export function make() {}" },
		says: "make() must return an object with start, getState, snapshot, kill, but it returned undefined",
	},
	{
		what: "a make that returns a promise",
		files: { "raft.ts": `export async function make() { return ${SERVER}; }` },
		says: "make() must return the server at once, but it returned a promise: do not make it async",
	},
	{
		what: "a missing method",
		files: { "raft.ts": `export const make = () => { const { kill, ...raft } = ${SERVER}; return raft; };` },
		says: "the object that make() returned has no method kill(): kill is undefined",
	},
	{
		what: "a getState that returns a promise",
		files: {
			"raft.ts": `export const make = () => ({ ...${SERVER}, async getState() { return { term: 0, isLeader: false }; } });`,
		},
		says: "getState() must return { term, isLeader }, but it returned a promise: it must answer at once",
	},
	{
		what: "an import of what a machine hasn't got",
		files: { "raft.ts": 'import fs from "node:fs";\nexport const make = () => fs;' },
		says: "raft.ts:1:16: node:fs is not available on a simulated machine",
	},
	{
		what: "an import of what isn't there",
		files: { "raft.ts": 'import { log } from "./log.ts";\nexport const make = log;' },
		says: 'raft.ts:1:21: Could not resolve "./log.ts"',
	},
	{
		what: "a config that names a test which its suite does not declare",
		files: {
			"raft.ts": `export const make = () => (${SERVER});`,
			"raft-grade.config.json": '{"suites":[{"file":"more.ts","tests":{"Forgotten":{}}}]}',
			"more.ts":
				'import { lab } from "raft-grade/labs";\ndescribe("more", () => lab("Other", { servers: 3 }, async () => {}));',
		},
		args: ["Forgotten"],
		says: "more.ts declares no test Forgotten, which the config names: raft-grade check-config says more",
	},
];

/** Ways to run that exclude each other, each with each. */
function contradictions(): { readonly what: string; readonly args: readonly string[]; readonly says: string }[] {
	const ways = [
		["--replay", "Figure8@1"],
		["--last-failed"],
		["--until-fail"],
		["--shard", "1/2"],
		["--check-determinism"],
	] as const;
	const pairs = ways.flatMap((first, i) => ways.slice(i + 1).map((second) => [first, second] as const));
	const watched = ways.slice(2).map((way) => [["--watch"], way] as const);
	return [...pairs, ...watched].map(([first, second]) => ({
		what: `${first[0]} with ${second[0]}`,
		args: [...first, ...second],
		says: `${first[0]} and ${second[0]} exclude each other: give one of them`,
	}));
}

describe("bad input", () => {
	after(removeFolders);

	for (const { what, args = [], files, says } of CASES) {
		it(`${what}: one sentence, exit code 2`, async () => {
			const folder = await folderWith(files ?? { "raft.ts": `export const make = () => (${SERVER});` });
			const { code, text, errors } = await commandIn(folder, args);
			if (typeof says === "string") expect(errors).to.include(says);
			else expect(errors).to.match(says);
			expect(errors.trim().split("\n"), "lines").to.have.length(1);
			expect(errors).to.match(/^raft-grade: /);
			expect(text, "and nothing else").to.equal(errors);
			expect(code).to.equal(2);
		});
	}

	it("ends the process with 2, too, and is said on standard error", async () => {
		const { code, stdout, stderr } = await raftGrade(["--fast"], await folderWith({}));
		expect({ code, stdout, stderr }).to.deep.equal({
			code: 2,
			stdout: "",
			stderr: "raft-grade: unknown option '--fast' (Did you mean --list?)\n",
		});
	});
});
