import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, ROOT, removeFolders, run } from "./testing/command.ts";

/** A small right-shaped submission that uses what the package gives, types included. */
const SUBMISSION = `import { decode, encode, type Make } from "raft-grade";

export const make: Make = (_peers, me, persister) => {
	persister.save(encode({ me }), new Uint8Array(0));
	const { me: read } = decode<{ me: number }>(persister.readRaftState());
	return {
		start: () => ({ index: -1, term: read - me, isLeader: false }),
		getState: () => ({ term: read - me, isLeader: false }),
		snapshot() {},
		kill() {},
	};
};
`;

const OWN_TEST = `import { loadProgram, parseSeed, runTest } from "raft-grade/harness";
import { catalog } from "raft-grade/labs";

const program = await loadProgram("src/raft.ts");
const { failure } = await runTest({ program, seed: parseSeed("7"), servers: 3 }, async (cluster) => {
	cluster.checkNoLeader();
	await cluster.checkOneLeader();
});
console.log(catalog.length, failure?.message);
`;

describe("the published package", function () {
	this.timeout(300_000);
	let project = "";

	before(async () => {
		project = await folderWith({
			"package.json": '{"name":"lab","private":true,"type":"module"}',
			"src/raft.ts": SUBMISSION,
			"own-test.mjs": OWN_TEST,
			"tsconfig.json":
				'{"compilerOptions":{"strict":true,"module":"NodeNext","noEmit":true,"types":[]},"include":["src"]}',
		});
		const packed = await run("npm", ["pack", "--pack-destination", project], ROOT);
		expect(packed.code, packed.stderr).to.equal(0);
		const tarball = (await readdir(project)).find((name) => name.endsWith(".tgz")) ?? "";
		const installed = await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], project);
		expect(installed.code, installed.stderr).to.equal(0);
	});

	after(removeFolders);

	const npx = (...args: string[]) => run("npx", ["raft-grade", ...args], project);

	it("passes its own model solution", async () => {
		const { code, stdout, stderr } = await npx("2A", "SnapshotInit", "--target", "reference");
		expect(stderr).to.not.include("raft-grade:");
		expect(stdout).to.include("4 of 4 passed");
		expect(code).to.equal(0);
	});

	it("runs a submission that imports it", async () => {
		const { code, stdout } = await npx("InitialElection");
		expect(stdout).to.include("target src/raft.ts").and.include("expected one leader, got none");
		expect(code).to.equal(1);
	});

	it("runs its template", async () => {
		const { code, stdout } = await npx("InitialElection", "--target", "template");
		expect(stdout).to.include("expected one leader, got none");
		expect(code).to.equal(1);
	});

	it("gives the contract's types to a strict compiler", async () => {
		const tsc = path.join(ROOT, "node_modules/.bin/tsc");
		expect(await run(tsc, ["-p", "."], project)).to.include({ code: 0, stdout: "" });
	});

	it("gives the harness and the labs to people who write tests", async () => {
		const { stdout, stderr } = await run(process.execPath, ["own-test.mjs"], project);
		expect(stderr).to.equal("");
		expect(stdout).to.equal("28 expected one leader, got none: S0 term 0, S1 term 0, S2 term 0\n");
	});

	it("brings the handouts, and none of its own tests", async () => {
		const root = path.join(project, "node_modules/raft-grade");
		const files = await readdir(root, { recursive: true });
		expect(files).to.include.members(["labs/handouts/2A.md", "reference/README.md", "student-template/package.json"]);
		expect(files.filter((file) => /\.test\.|testing|studies/.test(file))).to.deep.equal([]);
	});
});

describe("a clone", () => {
	it("runs npx raft-grade right after npm ci", async () => {
		const { code, stdout } = await run("npx", ["raft-grade", "BasicAgree", "--target", "reference"], ROOT);
		expect(stdout).to.include("1 of 1 passed");
		expect(code).to.equal(0);
	});
});
