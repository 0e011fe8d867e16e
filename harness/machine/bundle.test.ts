import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { observe, sourceOf } from "../testing/observe.ts";
import { bundleProgram, compileProgram, type Program, type ProgramSource } from "./program.ts";
import { TargetError } from "./target-error.ts";

describe("bundling a submission", () => {
	let folder: string;

	beforeEach(async () => {
		folder = await realpath(await mkdtemp(path.join(tmpdir(), "raft-grade-")));
	});

	afterEach(async () => {
		await rm(folder, { recursive: true });
	});

	/** Writes files and bundles the main one of them. */
	async function bundle(files: Readonly<Record<string, string>>, main = "raft.ts"): Promise<ProgramSource> {
		for (const [name, text] of Object.entries(files)) {
			await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
			await writeFile(path.join(folder, name), text);
		}
		return bundleProgram(path.join(folder, main));
	}

	/** Writes files and compiles the main one of them. */
	async function load(files: Readonly<Record<string, string>>, main?: string): Promise<Program> {
		return compileProgram(await bundle(files, main));
	}

	/** What it says instead, with paths from the folder on. */
	async function refusal(files: Readonly<Record<string, string>>, main?: string): Promise<string> {
		try {
			await load(files, main);
		} catch (error) {
			expect(error).to.be.instanceOf(TargetError);
			return (error as Error).message.replaceAll(path.relative(process.cwd(), folder) + path.sep, "");
		}
		throw new Error("it was bundled");
	}

	/** What a server tells that is made of these files. */
	async function told(
		files: Readonly<Record<string, string>>,
		module: string,
		make: string,
		main = "raft.ts",
	): Promise<unknown> {
		const { failure, told } = await observe(await load({ ...files, [main]: sourceOf({ module, make }) }, main));
		if (failure !== undefined) throw failure;
		return told[0];
	}

	describe("names file, line and column of", () => {
		for (const [what, source, sentence] of [
			["a syntax error", "export function make() {\n\treturn {;\n}\n", '2:10: Expected identifier but found ";"'],
			[
				"a module of Node's that a machine hasn't got",
				'\n  import { readFileSync } from "node:fs";\nexport const make = () => readFileSync("x");',
				"2:32: node:fs is not available on a simulated machine",
			],
			[
				"the same without node:",
				'import * as fs from "fs/promises";\nexport const make = () => fs;',
				"1:21: fs/promises is not available on a simulated machine",
			],
			[
				"the same by require()",
				'const net = require("net");\nexport const make = () => net;',
				"1:21: net is not available on a simulated machine",
			],
			[
				"the same by import()",
				'export const make = () => import("node:worker_threads");',
				"1:34: node:worker_threads is not available on a simulated machine",
			],
			[
				"the first of several",
				'import "node:net";\nimport "node:child_process";',
				"1:8: node:net is not available on a simulated machine (and 1 more)",
			],
			[
				"a file that is not there",
				'import { x } from "./log.ts";\nexport const make = () => x;',
				'1:19: Could not resolve "./log.ts"',
			],
			[
				"a package that is not installed",
				'import _ from "no-such-package";\nexport const make = () => _;',
				'1:15: Could not resolve "no-such-package"',
			],
			[
				"await at the top level",
				"export const make = await Promise.resolve(1);",
				"1:21: await is not possible at the top level of a module: do such work in make() or later",
			],
		] as const) {
			it(what, async () => {
				expect(await refusal({ "raft.ts": source })).to.equal(`raft.ts:${sentence}`);
			});
		}

		it("import source and import defer, which would bring in errors of the host's", async () => {
			const source = (phase: string) => `export const make = () => import.${phase}("x");`;
			expect(await refusal({ "raft.ts": source("source") })).to.match(
				/^raft\.ts:1:\d+: Source phase imports are not available/,
			);
			expect(await refusal({ "raft.ts": source("defer") })).to.match(
				/^raft\.ts:1:\d+: Deferred imports are not available/,
			);
		});

		it("what is wrong only in strict mode, as old packages are", async () => {
			const files = { "old.cjs": "// An old file\nexports.f = function (o) {\n\twith (o) {\n\t\treturn x;\n\t}\n};" };
			const source = 'import { f } from "./old.cjs";\nexport const make = () => f({ x: 1 });';
			expect(await refusal({ ...files, "raft.ts": source })).to.match(
				/^old\.cjs:[23]: Strict mode code may not include a with statement$/,
			);
		});

		it("what is wrong in another file", async () => {
			const files = { "raft.ts": 'import { x } from "./lib/log.ts";\nexport const make = () => x;' };
			expect(await refusal({ ...files, "lib/log.ts": "export const x = (;" })).to.equal(
				'lib/log.ts:1:19: Unexpected ";"',
			);
			const os = 'import * as os from "os";\nexport const x = os;';
			expect(await refusal({ ...files, "lib/log.ts": os })).to.equal(
				"lib/log.ts:1:21: os is not available on a simulated machine",
			);
			expect(await refusal({ ...files, "lib/log.ts": "export const y = 1;" })).to.equal(
				'raft.ts:1:10: No matching export in "lib/log.ts" for import "x"',
			);
		});
	});

	describe("takes in", () => {
		it("TypeScript, relative imports, JSON and packages", async () => {
			const files = {
				"lib/log.ts": "export enum Role { Follower = 3 } export class Log { constructor(readonly size: number) {} }",
				"config.json": '{ "heartbeat": 100 }',
				"node_modules/tiny/package.json": '{ "name": "tiny", "main": "index.cjs" }',
				"node_modules/tiny/index.cjs": "exports.twice = (x) => 2 * x;",
			};
			const module = `
				import { Log, Role } from "./lib/log.ts";
				import config from "./config.json";
				import { twice } from "tiny";
				import { EventEmitter } from "events";
			`;
			const make = "tell([new Log(5).size, Role.Follower, config.heartbeat, twice(4), typeof EventEmitter]);";
			expect(await told(files, module, make)).to.deep.equal([5, 3, 100, 8, "function"]);
		});

		it("modules that call something of their own as a global is called", async () => {
			const module = `
				import { Map as Map2, process as process2 } from "./own.ts";
				const { Set, Date } = { Set: "my Set", Date: "my Date" };
				class Buffer {}
				let console = "my console";
				function Event() {}
			`;
			const files = { "own.ts": 'export class Map {} export const process = "my process"; export let Promise = 5;' };
			const make =
				"tell([typeof new Map2().get, process2, Set, Date, new Buffer() instanceof Buffer, console, Event.name, typeof Map, typeof Promise]);";
			expect(await told(files, module, make)).to.deep.equal([
				"undefined",
				"my process",
				"my Set",
				"my Date",
				true,
				"my console",
				"Event",
				"function",
				"function",
			]);
		});

		it("what lies elsewhere in its package", async () => {
			const files = { "package.json": "{}", "lib/log.ts": "export const x = 7;" };
			expect(await told(files, 'import { x } from "../lib/log.ts";', "tell(x);", "src/raft.ts")).to.equal(7);
		});

		it("packages that are installed further up", async () => {
			const files = { "class/alice/package.json": "{}", "node_modules/tiny/index.js": "export const x = 8;" };
			expect(await told(files, 'import { x } from "tiny";', "tell(x);", "class/alice/raft.ts")).to.equal(8);
		});

		it("says so when a file is there under another spelling", async () => {
			const files = {
				"raft.ts": 'import { x } from "./log.ts"; export const make = x;',
				"Log.ts": "export const x = 1;",
			};
			expect(await refusal(files)).to.match(/^raft\.ts:1:\d+: (Cannot read|Could not resolve)/);
		});

		it("names its files", async () => {
			const { file, inputs } = await bundle({
				"raft.ts": 'import "./lib/log.ts"; export const make = 1;',
				"lib/log.ts": "globalThis.x = 1;",
			});
			expect(file).to.equal(path.join(folder, "raft.ts"));
			expect([...inputs].sort()).to.deep.equal([path.join(folder, "lib/log.ts"), path.join(folder, "raft.ts")]);
		});
	});

	describe("keeps to the submission's own files, and refuses", () => {
		const outside = (what: string) => new RegExp(`^raft\\.ts:1:\\d+: ${what} lies outside of the submission's folder$`);

		it("any other file, as text or as JSON", async () => {
			const secret = 'import x from "/proc/self/environ" with { type: "text" };\nexport const make = () => x;';
			expect(await refusal({ "raft.ts": secret })).to.match(
				/lies outside of the submission's folder$|Could not resolve/,
			);
			const settings = JSON.stringify(path.resolve("package.json"));
			const reading = `import x from ${settings};\nexport const make = () => x;`;
			expect(await refusal({ "raft.ts": reading })).to.match(
				outside(path.resolve("package.json").replaceAll(/\W/g, "\\$&")),
			);
		});

		it("another's submission", async () => {
			const files = {
				"alice/raft.ts": "export const make = 1;",
				"bob/raft.ts": 'export { make } from "../alice/raft.ts";',
			};
			expect(await refusal(files, "bob/raft.ts")).to.match(/alice\/raft\.ts lies outside of the submission's folder$/);
			const packages = { ...files, "alice/package.json": "{}", "bob/package.json": "{}" };
			expect(await refusal(packages, "bob/raft.ts")).to.match(
				/alice\/raft\.ts lies outside of the submission's folder$/,
			);
		});

		it("another's packages", async () => {
			const files = { "alice/node_modules/raft/index.js": "export const make = 1;" };
			const source = 'export { make } from "../alice/node_modules/raft/index.js";';
			expect(await refusal({ ...files, "bob/raft.ts": source }, "bob/raft.ts")).to.match(
				/lies outside of the submission's folder$/,
			);
		});

		it("what a link points to", async () => {
			await mkdir(path.join(folder, "bob"));
			await writeFile(path.join(folder, "secret.json"), '{ "key": 1 }');
			await symlink(path.join(folder, "secret.json"), path.join(folder, "bob", "link.json"));
			await symlink(folder, path.join(folder, "bob", "node_modules"));
			for (const name of ["./link.json", "./node_modules/secret.json"]) {
				const source = `import x from "${name}";\nexport const make = () => x;`;
				expect(await refusal({ "bob/raft.ts": source }, "bob/raft.ts"), name).to.match(
					/lies outside of the submission's folder$/,
				);
			}
		});
	});

	it("says so if there is no such file", async () => {
		expect(await refusal({}, "raft.ts")).to.match(/^Could not resolve ".*raft\.ts"$/);
	});
});
