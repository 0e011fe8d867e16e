import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Container, modesIn } from "./pack/testing/container.ts";
import { folderWith, ROOT, removeFolders, run } from "./testing/command.ts";
import { referenceFiles, SILENT } from "./testing/submissions.ts";

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

const COURSE = `import { defineConfig } from "raft-grade/config";

export default defineConfig({
	tests: ["2A", "extra"],
	points: { InitialElection: 3, ReElection: 4, ManyElections: 5 },
	hidden: ["ReElection", "CrashWhileAbsent"],
	repeats: 3,
	suites: [{ file: "tests/catching-up.ts", tests: { LongAbsence: { points: 7 }, CrashWhileAbsent: { points: 1 } } }],
	reference: "solution/index.ts",
	seed: "c0de",
});
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

	it("grades a class", async () => {
		const { code, stdout, stderr } = await npx("class", "src", "InitialElection", "--output", "class");
		expect(stderr).to.not.include("raft-grade:");
		expect(stdout).to.include("1 of 1 graded, median");
		expect(await readFile(path.join(project, "class/feedback/raft/feedback.md"), "utf8")).to.include("InitialElection");
		expect(code).to.equal(0);
	});

	it("says what to install for a queue, which is not there unless somebody wants it", async () => {
		const { code, stderr } = await npx("worker", "--queue", "redis://ann:secret@127.0.0.1:1");
		expect(stderr)
			.to.match(/^raft-grade: --queue needs the packages bullmq and ioredis, .*npm install bullmq@6 ioredis@6/m)
			.and.not.include("secret");
		expect(code).to.equal(2);
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

	it("takes a student from nothing to a pass of 2A", async () => {
		const init = await npx("init", "lab");
		expect(init.code, init.stderr).to.equal(0);
		expect(init.stdout).to.include("npx raft-grade 2A");
		const lab = path.join(project, "lab");
		const installed = await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], lab);
		expect(installed.code, installed.stderr).to.equal(0);
		expect((await run("npx", ["raft-grade", "doctor"], lab)).stdout).to.match(/^✓ starts/m);

		const first = await run("npm", ["run", "2A"], lab);
		expect(first.stdout).to.include("FAIL InitialElection").and.include("expected one leader, got none");
		expect(first.code).to.equal(1);

		// Not through npx: it doesn't pass a signal on that is sent to it alone.
		const watching = spawn(path.join(lab, "node_modules/.bin/raft-grade"), ["2A", "--watch", "--seed", "7"], {
			cwd: lab,
			env: { ...process.env, NO_COLOR: "1" },
		});
		let seen = "";
		watching.stdout.on("data", (data) => {
			seen += data;
		});
		const stop = () => watching.kill("SIGKILL");
		process.once("exit", stop);
		const ended = new Promise<number | null>((resolve) => watching.on("close", resolve));
		const shows = async (text: string) => {
			for (let i = 0; i < 600 && !seen.includes(text); i++) await sleep(100);
			expect(seen).to.include(text);
		};
		await shows("waiting for a change");
		expect(seen).to.include("0 of 3 passed");
		// What a student writes in an afternoon.
		await cp(path.join(project, "node_modules/raft-grade/reference"), path.join(lab, "src/mine"), { recursive: true });
		seen = "";
		await writeFile(path.join(lab, "src/raft.ts"), 'export { make } from "./mine/index.ts";\n');
		await shows("3 of 3 passed");
		watching.kill("SIGINT");
		expect(await ended).to.equal(130);
		process.off("exit", stop);
	});

	it("lets an instructor set points, hide and add tests, take an own reference, and merge shards", async () => {
		const course = path.join(project, "course");
		const inPackage = (name: string) => path.join(project, "node_modules/raft-grade", name);
		await cp(inPackage("reference"), path.join(course, "solution"), { recursive: true });
		await cp(inPackage("docs/examples/tests"), path.join(course, "tests"), { recursive: true });
		await writeFile(path.join(course, "raft-grade.config.ts"), COURSE);
		const inCourse = (...args: string[]) => run("npx", ["raft-grade", ...args], course);

		const checked = await inCourse("check-config");
		expect(checked.stdout)
			.to.match(/^LongAbsence +extra +7 +3 +yes$/m)
			.and.match(/^ReElection +2A +4 +3 +hidden$/m);
		const whole = await inCourse("all", "--target", "reference", "--reporter", "json=whole.json");
		expect(whole.stdout)
			.to.match(/^LongAbsence +3\/3/m)
			.and.include("20 of 20 points");
		expect(whole.code).to.equal(0);
		for (const shard of ["1", "2"]) {
			const args = ["--target", "reference", "--shard", `${shard}/2`, "--reporter", `json=${shard}.json`];
			expect((await inCourse("all", ...args)).code).to.equal(0);
		}
		expect((await inCourse("merge", "2.json", "1.json", "--reporter", "json=merged.json")).code).to.equal(0);
		const read = async (name: string) =>
			JSON.parse(await readFile(path.join(course, name), "utf8"), (key, value) => (key === "wallMs" ? 0 : value));
		const merged = await read("merged.json");
		expect(merged).to.deep.equal(await read("whole.json"));
		expect(merged.points).to.deep.equal({ earned: 20, possible: 20 });
		expect(merged.tests.map((test: { visibility: string }) => test.visibility)).to.include("hidden");
	});

	describe("as Gradescope's autograder", () => {
		let container = new Container("");
		let right: Record<string, string> = {};

		const pack = (...args: string[]) =>
			run("npx", ["raft-grade", "pack", "gradescope", ...args], path.join(project, "cs101"));

		before(async () => {
			const inPackage = (name: string) => path.join(project, "node_modules/raft-grade", name);
			const course = path.join(project, "cs101");
			await cp(inPackage("reference"), path.join(course, "solution"), { recursive: true });
			await cp(inPackage("docs/examples/tests"), path.join(course, "tests"), { recursive: true });
			await writeFile(path.join(course, "raft-grade.config.ts"), COURSE);
			const packed = await pack();
			expect(packed.code, packed.stderr).to.equal(0);
			expect(packed.stdout).to.include("autograder.zip").and.include("5 tests, 15 schedules, 20 points");
			expect(packed.stdout).to.match(/^seed +c0de: the same for all submissions$/m);
			expect(packed.stdout.split("\n").filter((line) => line.length > 80)).to.deep.equal([]);
			container = new Container(path.join(project, "autograder"));
			await container.unpack(path.join(course, "autograder.zip"));
			const built = await container.setUp();
			expect(built.stdout).to.include("5 of 5 passed");
			expect(built.code, built.stderr).to.equal(0);
			const reference = Object.entries(await referenceFiles());
			right = Object.fromEntries(reference.map(([name, text]) => [name.replace("reference/", "src/"), text]));
			// The solution's entry is its index; src/raft.ts is another file of its.
			right["package.json"] = '{"raftGrade":{"target":"src/index.ts"}}';
		});

		it("has scripts that can be run, and nothing of the course's but what the policy needs", async () => {
			const modes = modesIn(new Uint8Array(await readFile(path.join(project, "cs101/autograder.zip"))));
			expect(modes.get("setup.sh")).to.equal(0o100755);
			expect(modes.get("run_autograder")).to.equal(0o100755);
			const course = [...modes.keys()].filter((name) => name.startsWith("course/"));
			expect(course).to.include.members(["course/raft-grade.config.ts", "course/tests/catching-up.ts"]);
			expect(course).to.include("course/solution/elections.ts");
			expect(course).to.not.include("course/solution/README.md");
		});

		it("gives a right solution all points, and shows nothing of hidden tests", async () => {
			const { score, output, tests, stdout } = await container.grade(right);
			expect(score, stdout).to.equal(20);
			expect(output).to.include("3 of 3 tests passed");
			const hidden = tests.filter(({ visibility }) => visibility === "hidden").map(({ name }) => name.split(":")[0]);
			expect(hidden).to.deep.equal(["ReElection", "CrashWhileAbsent"]);
		});

		it("finds a submission in the one folder of an upload", async () => {
			const nested = Object.entries(right).map(([name, text]) => [`alice/raft lab/${name}`, text]);
			const { score, stdout } = await container.grade({
				...Object.fromEntries(nested),
				"__MACOSX/alice/._raft": "",
				"alice/.DS_Store": "",
			});
			expect(score, stdout).to.equal(20);
		});

		it("tells what a wrong solution did, and how the student sees it again at home", async () => {
			const results = await container.grade({ "src/raft.ts": SILENT });
			expect(results.score).to.equal(0);
			const [first] = results.tests;
			expect(first?.output).to.match(/npx raft-grade InitialElection@[0-9a-f]+\n/);
			expect(results.stdout_visibility).to.equal("hidden");
			const shown = JSON.stringify([results.output, results.tests.filter((test) => test.visibility === "visible")]);
			expect(shown).to.not.include("ReElection").and.not.include("CrashWhileAbsent").and.not.include("source/");
		});

		it("gives what cannot be used no points, and says why", async () => {
			const unusable: [Record<string, string>, RegExp][] = [
				[{ "src/raft.ts": "export const make = (" }, /gets no points:\n.*raft\.ts:1:\d+: Unexpected end of file/],
				[{ "src/raft.ts": "export const maek = 1;" }, /gets no points:\n.*make/],
				[{ "essay.txt": "a raft is a boat" }, /gets no points:\nno submission in submission/],
				[{}, /no submission in submission/],
				[{ "package.json": "{" }, /package\.json is not valid JSON/],
				[{ "package.json": '{"raftGrade":{"target":"../../x.ts"}}' }, /names \.\.\/\.\.\/x\.ts, which does not exist/],
				[{ "src/raft.ts": 'import "node:fs";\nexport const make = 1;' }, /node:fs is not available/],
			];
			for (const [files, sentence] of unusable) {
				const { score, output, tests } = await container.grade(files);
				expect(score).to.equal(0);
				expect(output).to.match(sentence);
				expect(tests.map(({ score }) => score).filter((points) => points > 0)).to.deep.equal([]);
			}
		});

		it("has a result of what was graded when its time is over", async () => {
			const packed = await pack("--minutes", "0.08", "-o", "hasty.zip");
			expect(packed.code, packed.stderr).to.equal(0);
			await container.unpack(path.join(project, "cs101/hasty.zip"));
			const endless = `${SILENT.replace("getState: () => (", "getState: () => { for (;;) {} return (").replace("}),\n\tsnapshot", "}); },\n\tsnapshot")}`;
			const { score, output } = await container.grade({ "src/raft.ts": endless });
			expect(score).to.equal(0);
			expect(output).to.include("stopped before the end");
			await container.unpack(path.join(project, "cs101/autograder.zip"));
		});

		it("has a result, and blames nobody, if the grader is killed", async () => {
			const node = path.join(container.root, "node/bin/node");
			await mkdir(path.dirname(node), { recursive: true });
			await writeFile(node, "#!/bin/sh\nkill -9 $$\n", { mode: 0o755 });
			const { score, output } = await container.grade(right);
			await rm(node);
			expect(score).to.equal(0);
			expect(output).to.include("did not come to an end").and.include("says nothing of your submission");
		});

		it("refuses what could not be graded", async () => {
			for (const [args, sentence] of [
				[["2F"], /no part or test "2F"/],
				[["InitialElection@7"], /without seeds/],
				[["--config", "none.ts"], /no config file none\.ts/],
				[["-o", "solution/index.ts/there.zip"], /there\.zip cannot be written: what should be a folder/],
				[["--minutes", "soon"], /"soon" is not a number of minutes/],
			] as const) {
				const { code, stderr } = await pack(...args);
				expect(stderr).to.match(sentence);
				expect(code).to.equal(2);
			}
			expect((await run("npx", ["raft-grade", "pack", "moodle"], project)).stderr).to.match(/choices are gradescope/);
		});
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
