import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { ExitCode } from "../exit-code.ts";
import { readVersion } from "../package-root.ts";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { heard } from "../testing/heard.ts";
import { UsageError } from "../usage-error.ts";
import { completeManifest, packageName } from "./init/manifest.ts";
import { ownSpec } from "./init/own-spec.ts";
import { initProject, TEMPLATE_FILES } from "./init.ts";

const TEMPLATE = path.join(ROOT, "student-template");

/** All files in a folder, as paths with slashes. */
async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => !entry.isDirectory());
	return files
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
		.sort();
}

async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		expect(error).to.be.instanceOf(UsageError);
		return (error as UsageError).message;
	}
	throw new Error("it was not refused");
}

const read = (folder: string, name: string) => readFileSync(path.join(folder, name), "utf8");
const manifestOf = (folder: string) => JSON.parse(read(folder, "package.json"));

describe("raft-grade init", () => {
	after(removeFolders);

	it("lays down all of the template, .gitignore under its own name, and says what to do next", async () => {
		const cwd = await folderWith({});
		const output = heard();
		expect(await initProject({ folder: "labs/raft-lab", cwd }, output)).to.equal(ExitCode.passed);
		const folder = path.join(cwd, "labs/raft-lab");
		const template = (await filesIn(TEMPLATE)).filter((name) => !name.endsWith(".test.ts"));
		const expected = template.map((name) => (name === "gitignore" ? ".gitignore" : name)).sort();
		expect(await filesIn(folder)).to.deep.equal(expected);
		for (const [from, to] of TEMPLATE_FILES) expect(read(folder, to)).to.equal(read(TEMPLATE, from));
		expect(output.text()).to.match(/^labs\/raft-lab:\n {2}package\.json\n/);
		for (const name of expected) expect(output.text()).to.include(`\n  ${name}\n`);
		expect(output.text()).to.match(/\nNext:\n {2}cd labs\/raft-lab\n {2}npm install\n {2}npx raft-grade 2A\n$/);
	});

	it("makes a package.json that installs the raft-grade that runs: here a clone, by its path", async () => {
		const cwd = await folderWith({});
		await initProject({ folder: "My Lab!", cwd }, heard());
		const { devDependencies, scripts, name } = manifestOf(path.join(cwd, "My Lab!"));
		const place = devDependencies["raft-grade"].replace(/^file:/, "");
		expect(path.relative(path.resolve(realpathSync(path.join(cwd, "My Lab!")), place), ROOT)).to.equal("");
		expect(devDependencies).to.include.keys("typescript", "@types/node");
		expect(scripts["2D"]).to.equal("raft-grade 2D");
		expect(name).to.equal("my-lab");
	});

	it("writes a path that holds although the folder is reached over a link", async () => {
		const cwd = await folderWith({ "deep/er/x.txt": "" });
		await symlink(path.join(cwd, "deep/er"), path.join(cwd, "short"));
		await initProject({ folder: "short/lab", cwd }, heard());
		const place = manifestOf(path.join(cwd, "deep/er/lab")).devDependencies["raft-grade"].slice("file:".length);
		const from = realpathSync(path.join(cwd, "deep/er/lab"));
		expect(path.relative(path.resolve(from, place), ROOT)).to.equal("");
	});

	it("takes the folder where one is, and does nothing the second time", async () => {
		const cwd = await folderWith({});
		const first = heard();
		await initProject({ folder: ".", cwd }, first);
		expect(first.text()).to.include(".:\n").and.not.include("cd ");
		const before = read(cwd, "package.json");
		const second = heard();
		await initProject({ folder: ".", cwd }, second);
		expect(second.text()).to.include(". has all of the template already");
		expect(read(cwd, "package.json")).to.equal(before);
	});

	it("keeps what a package.json has, its indentation too, adds what it lacks, and says both", async () => {
		const own =
			'{\n  "scripts": {\n    "test": "mine"\n  },\n  "name": "Mine",\n  "dependencies": { "raft-grade": "^0.0.7" }\n}';
		const cwd = await folderWith({ "package.json": own });
		const output = heard();
		await initProject({ folder: ".", cwd }, output);
		const text = read(cwd, "package.json");
		expect(text).to.match(/^\{\n {2}"scripts": \{\n {4}"test": "mine",\n {4}"2A": "raft-grade 2A",\n/);
		expect(text).to.match(/\}$/);
		const { name, dependencies, devDependencies, type, raftGrade } = JSON.parse(text);
		expect({ name, type, raftGrade }).to.deep.equal({
			name: "Mine",
			type: "module",
			raftGrade: { target: "src/raft.ts" },
		});
		expect(dependencies).to.deep.equal({ "raft-grade": "^0.0.7" });
		expect(devDependencies).to.have.keys("typescript", "@types/node");
		expect(output.text()).to.match(/package\.json, completed by .*scripts\.2A/);
		expect(output.text()).to.include('keeps its own scripts.test (the template has "raft-grade all")');
		for (const line of output.text().split("\n")) expect(line.length, line).to.be.at.most(80);
	});

	it("names every file that is in the way, and writes nothing", async () => {
		const files = { "README.md": "mine", "src/raft.ts": "mine", ".gitignore": read(TEMPLATE, "gitignore") };
		const cwd = await folderWith({ ...files, "package.json": "{}" });
		const message = await refusal(initProject({ folder: ".", cwd }, heard()));
		expect(message).to.match(/already has README\.md, src\/raft\.ts, other than the template's; nothing was written/);
		expect(await filesIn(cwd)).to.deep.equal([...Object.keys(files), "package.json"].sort());
		expect(read(cwd, "package.json")).to.equal("{}");
	});

	it("takes a file whose lines git has ended otherwise for the same", async () => {
		const cwd = await folderWith({ "README.md": read(TEMPLATE, "README.md").replaceAll("\n", "\r\n") });
		expect(await initProject({ folder: ".", cwd }, heard())).to.equal(ExitCode.passed);
		expect(read(cwd, "README.md")).to.include("\r\n");
	});

	it("overwrites neither a folder, a file where a folder belongs, nor a link that leads nowhere", async () => {
		const cwd = await folderWith({ "a/src": "a file", "b/x.txt": "", "c/README.md/x.txt": "" });
		await symlink(path.join(cwd, "nowhere"), path.join(cwd, "b/tsconfig.json"));
		for (const [folder, name] of [
			["a", "src"],
			["b", "tsconfig.json"],
			["c", "README.md"],
		] as const) {
			expect(await refusal(initProject({ folder, cwd }, heard()))).to.include(`already has ${name},`);
		}
		expect(existsSync(path.join(cwd, "nowhere"))).to.equal(false);
	});

	it("refuses a package.json that isn't one, and writes nothing", async () => {
		const bad: Record<string, RegExp> = {
			"{": /package\.json is not valid JSON: .*; nothing was written/,
			"[]": /package\.json must hold an object; nothing was written/,
			'{"scripts":["x"]}': /"scripts" in .*package\.json must be an object; nothing was written/,
		};
		for (const [text, sentence] of Object.entries(bad)) {
			const cwd = await folderWith({ "package.json": text });
			expect(await refusal(initProject({ folder: ".", cwd }, heard()))).to.match(sentence);
			expect(await filesIn(cwd)).to.deep.equal(["package.json"]);
		}
	});

	it("refuses a place that can't be a folder", async () => {
		const cwd = await folderWith({ file: "" });
		expect(await refusal(initProject({ folder: "file", cwd }, heard()))).to.match(/file is a file: name a folder/);
		expect(await refusal(initProject({ folder: "file/lab", cwd }, heard()))).to.match(/can't be used: not a directory/);
		expect(await refusal(initProject({ folder: " ", cwd }, heard()))).to.match(/name the folder to make/);
		await mkdir(path.join(cwd, "package.json"));
		expect(await refusal(initProject({ folder: ".", cwd }, heard()))).to.match(/package\.json can't be used: illegal/);
	});
});

describe("the spec of the raft-grade that runs", () => {
	after(removeFolders);

	/** What a project in `lab` gets from a raft-grade that `project` has installed under a spec. */
	const specFrom = async (manifest: object, place = "project/node_modules/raft-grade") => {
		const folder = realpathSync(await folderWith({ "project/package.json": JSON.stringify(manifest) }));
		return { spec: ownSpec(path.join(folder, "lab"), path.join(folder, place)), folder };
	};

	it("is the one by which npx, or a project, has installed it", async () => {
		for (const spec of ["^0.1.0", "github:someone/raft-grade#v1", "https://example.com/raft-grade.tgz", "*"]) {
			expect((await specFrom({ dependencies: { "raft-grade": spec } })).spec).to.equal(spec);
		}
	});

	it("leads to the same file from the new folder", async () => {
		const cases: Record<string, string> = {
			"file:raft-grade-0.1.0.tgz": "file:../project/raft-grade-0.1.0.tgz",
			"file:../packed/raft grade.tgz": "file:../packed/raft grade.tgz",
			"../lab/raft-grade.tgz": "file:raft-grade.tgz",
			"link:../clone": "file:../clone",
			"file:/opt/raft-grade.tgz": "file:/opt/raft-grade.tgz",
			"file:~/raft-grade.tgz": "file:~/raft-grade.tgz",
		};
		for (const [spec, expected] of Object.entries(cases)) {
			expect((await specFrom({ devDependencies: { "raft-grade": spec } })).spec, spec).to.equal(expected);
		}
	});

	it("is found past the folders that package managers nest", async () => {
		const place = "project/node_modules/.pnpm/raft-grade@0.1.0/node_modules/raft-grade";
		expect((await specFrom({ dependencies: { "raft-grade": "~0.1.0" } }, place)).spec).to.equal("~0.1.0");
	});

	it("is the version where nothing says more, or what is said holds only there", async () => {
		const version = `^${readVersion()}`;
		expect((await specFrom({})).spec).to.equal(version);
		expect((await specFrom({ dependencies: { "raft-grade": "workspace:*" } })).spec).to.equal(version);
		expect(ownSpec("/home/x/lab", "/usr/lib/node_modules/raft-grade")).to.equal(version);
	});

	it("is the clone's path for a clone", () => {
		expect(ownSpec("/home/x/lab", "/home/src/raft-grade")).to.equal("file:../../src/raft-grade");
	});
});

describe("a package's name", () => {
	it("is one that npm takes, from whatever the folder is called", () => {
		const names: Record<string, string> = {
			"raft-lab": "raft-lab",
			"My Raft (2nd try)": "my-raft-2nd-try",
			"Übung 5": "ubung-5",
			"._hidden": "hidden",
			"": "raft-lab",
			実験: "raft-lab",
			node_modules: "raft-lab",
			typescript: "typescript-lab",
		};
		for (const [folder, name] of Object.entries(names))
			expect(packageName(folder, ["typescript"]), folder).to.equal(name);
		expect(packageName("x".repeat(300), [])).to.equal("x".repeat(100));
	});
});

describe("completing a package.json", () => {
	const template = { type: "module", scripts: { a: "1" }, devDependencies: {} };
	const completed = (text: string) => completeManifest(text, "package.json", template, "lab", "^1.0.0");

	it("keeps tabs, spaces, a missing last line end, and Windows line ends", () => {
		expect(completed('{\n\t"name": "x"\n}\n').text).to.match(/^\{\n\t"name": "x",\n\t"type"[\s\S]*\}\n$/);
		expect(completed('{\n    "name": "x"\n}').text).to.match(/^\{\n {4}"name": "x",\n {4}"type"[\s\S]*\}$/);
		expect(completed('{\r\n  "name": "x"\r\n}\r\n').text).to.match(/^(?:[^\r\n]*\r\n)+$/);
	});

	it("reads past a byte order mark", () => {
		expect(completed('\uFEFF{"type":"module"}').added).to.include("scripts.a").and.not.include("type");
	});

	it("says nothing of what is the same, and changes nothing where nothing lacks", () => {
		const text = '{"name":"x","type":"module","scripts":{"a":"1","b":"2"},"devDependencies":{"raft-grade":"*"}}';
		expect(completed(text)).to.deep.include({ added: [], kept: [] });
	});
});
