import { mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { checkInstallation, checkTypes, type LoadEsbuild } from "../doctor/installation.ts";
import { checkMachine, type MachineFacts } from "../doctor/machine.ts";
import { findProject } from "../doctor/project.ts";
import { ExitCode } from "../exit-code.ts";
import { PACKAGE_ROOT, readVersion } from "../package-root.ts";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { heard } from "../testing/heard.ts";
import { type DoctorOptions, doctor } from "./doctor.ts";
import { initProject } from "./init.ts";

const STUB = `export const make = () => ({ start() {}, getState() {}, snapshot() {}, kill() {} });\n`;

/** What doctor says of a folder with these files; a finding that was broken into lines is one line again. */
async function examined(files: Record<string, string>, rest: Partial<DoctorOptions> = {}) {
	return examinedIn(await folderWith(files), rest);
}

async function examinedIn(cwd: string, rest: Partial<DoctorOptions> = {}) {
	const output = heard();
	const code = await doctor({ target: undefined, cwd, ...rest }, output);
	for (const line of output.text().split("\n")) expect(line.length, line).to.be.at.most(80);
	return { code, text: output.text().replaceAll(/\n {17}/g, " ") };
}

/** A project as init makes it, in a git repository, installed from this clone. */
async function project(more: Record<string, string> = {}): Promise<string> {
	const cwd = await folderWith({});
	await initProject({ folder: ".", cwd }, heard());
	const modules = path.join(cwd, "node_modules");
	for (const folder of [path.join(cwd, ".git"), modules]) mkdirSync(folder);
	symlinkSync(ROOT, path.join(modules, "raft-grade"));
	symlinkSync(path.join(ROOT, "node_modules/typescript"), path.join(modules, "typescript"));
	const files = await folderWith(more);
	for (const name of Object.keys(more)) symlinkSync(path.join(files, name), path.join(modules, name));
	return cwd;
}

describe("raft-grade doctor", () => {
	after(removeFolders);

	it("finds nothing wrong with what init makes, once it is installed", async () => {
		const { code, text } = await examinedIn(await project());
		expect(text).to.not.match(/^✗/m);
		expect(text).to.match(/^✓ submission +src\/raft\.ts$/m);
		expect(text).to.match(/^✓ compiles +yes, and exports make$/m);
		expect(text).to.match(/^✓ files +1: src\/raft\.ts$/m);
		expect(text).to.match(/^✓ tsconfig\.json +has what the stub needs$/m);
		expect(text).to.match(/^✓ git +a repository that leaves node_modules out$/m);
		expect(text).to.match(new RegExp(`^✓ raft-grade +${readVersion()}, from `, "m"));
		expect(code).to.equal(ExitCode.passed);
	});

	it("says what to do in an empty folder, and exits with 2", async () => {
		const { code, text } = await examined({});
		expect(text).to.match(/^✗ submission +no submission in .* npx raft-grade init \. makes one to begin with\.$/m);
		expect(text).to.match(/^! package\.json +there is none/m);
		expect(text).to.match(/^! git +no repository/m);
		expect(text).to.match(/\n1 thing to put right before a test can run\n$/);
		expect(code).to.equal(ExitCode.unusable);
	});

	it("only warns of what can be lived with, and exits with 0", async () => {
		const { code, text } = await examined({ "raft.js": STUB });
		expect(text).to.match(/^! raft-grade +.*not installed in the project Install it in the project too/m);
		expect(text).to.not.include("TypeScript");
		expect(text).to.match(/\nready to run; 3 things to look at\n$/);
		expect(code).to.equal(ExitCode.passed);
	});

	it("names an explicit target that isn't there", async () => {
		const { code, text } = await examined({}, { target: "alice.ts" });
		expect(text).to.match(/^✗ submission +--target alice\.ts: there is no such file or folder.* Name a file/m);
		expect(code).to.equal(ExitCode.unusable);
	});

	it("looks at the project to which an explicit target belongs", async () => {
		const { text } = await examined(
			{ "alice/package.json": "{", "alice/src/raft.ts": STUB },
			{ target: "alice/src/raft.ts" },
		);
		expect(text).to.match(/^✗ package\.json +not valid: .* Correct .*alice\/package\.json\.$/m);
	});

	it("says where the submission does not compile", async () => {
		const { code, text } = await examined({ "src/raft.ts": "export const make = (;\n" });
		expect(text).to.match(/^✗ compiles +no: .*src\/raft\.ts:1:\d+: Unexpected ";" Correct this first/m);
		expect(code).to.equal(ExitCode.unusable);
	});

	it("says that a machine has no files, without running a line of it", async () => {
		const { text } = await examined({ "src/raft.ts": `import "node:fs";\n${STUB}` });
		expect(text).to.match(/^✗ compiles +.*node:fs is not available on a simulated machine/m);
	});

	it("misses make, and runs nothing of the submission in this process", async () => {
		const { code, text } = await examined({
			"src/raft.ts": 'import { b } from "./b.ts"; process.exit(7); export const mak = b;',
			"src/b.ts": "export const b = globalThis.raftGradeRan = true;",
		});
		expect(text).to.match(/^✗ make +it exports mak, but not make Export it/m);
		expect(globalThis).to.not.have.property("raftGradeRan");
		expect(code).to.equal(ExitCode.unusable);
	});

	it("finds make where it is passed on, and leaves CommonJS to those who run it", async () => {
		const passedOn = await examined({ "raft.ts": 'export * from "./other.ts";', "other.ts": STUB });
		expect(passedOn.text).to.match(/^✓ compiles +yes, and exports make$/m);
		const common = await examined({ "raft.js": "exports.make = () => {};" });
		expect(common.text).to.match(/^✓ compiles +yes \(a CommonJS module\)$/m);
		const nothing = await examined({ "raft.ts": "let x: number;" });
		expect(nothing.text).to.match(/^✗ make +it exports nothing/m);
	});

	it("has the submission tried by those who can, and takes their word", async () => {
		const tried: string[] = [];
		const tryTarget = (answer: string | undefined) => async (target: { name: string }) => {
			tried.push(target.name);
			return answer;
		};
		const bad = await examined({ "raft.js": STUB }, { tryTarget: tryTarget("make() threw: no luck") });
		expect(bad.text).to.match(/^✗ starts +make\(\) threw: no luck/m);
		expect(bad.code).to.equal(ExitCode.unusable);
		const fine = await examined({ "raft.js": STUB }, { tryTarget: tryTarget(undefined) });
		expect(fine.text).to.match(/^✓ starts /m);
		await examined({ "raft.js": "export const x = 1;" }, { tryTarget: tryTarget(undefined) });
		expect(tried).to.deep.equal(["raft.js", "raft.js"]);
	});

	it("has a misspelt target corrected, and lays down nothing beside what is there", async () => {
		const misspelt = await examined({ "src/rafft.ts": STUB, "package.json": '{"raftGrade":{"target":"src/raft.ts"}}' });
		expect(misspelt.text).to.match(
			/^✗ submission +.*names src\/raft\.ts, which does\s+not\s+exist Correct raftGrade\.target/m,
		);
		const broken = await examined({ "src/raft.ts": STUB, "package.json": "{" });
		expect(broken.text).to.match(/^✗ submission +.*is not valid JSON.* Correct package\.json\.$/m);
	});

	it("tells names that only differ in their capitals", async () => {
		// Of two modules that export make, one is meant.
		const file = await examined({ "src/Raft.ts": STUB, "other.ts": STUB });
		expect(file.text).to.match(/^✗ submission +it is called Raft\.ts, but looked for as raft\.ts Give it/m);
		const folder = await examined({ "Src/raft.ts": STUB, "other.ts": STUB });
		expect(folder.text).to.match(/^✗ submission +it is called Src, but looked for as src/m);
		const imports = (name: string) => ({ "raft.ts": `import ${JSON.stringify(name)};\n${STUB}`, "lib/Log.ts": "" });
		for (const name of ["./lib/log.ts", "./Lib/Log.ts", "./lib/log"]) {
			const { text } = await examined(imports(name));
			expect(text, name).to.match(/^✗ compiles +.* There is a Log\.ts: write its name/m);
		}
		expect((await examined(imports("./lib/other.ts"))).text).to.match(/^✗ compiles +.* Correct this first/m);
	});

	it("names the files and packages that it consists of, and a package that package.json doesn't name", async () => {
		const imports = 'import "./log.ts"; import "known"; import "@scope/unknown";\n';
		const { code, text } = await examined({
			"package.json": '{"dependencies":{"known":"*"}}',
			"raft.ts": imports + STUB,
			"log.ts": "export {};",
			"node_modules/known/index.js": "export {};",
			"node_modules/@scope/unknown/index.js": "export {};",
		});
		expect(text).to.match(/^✓ files +2: log\.ts, raft\.ts$/m);
		expect(text).to.match(
			/^! packages +@scope\/unknown, known; package\.json does not name @scope\/unknown .*npm install/m,
		);
		expect(code).to.equal(ExitCode.passed);
	});

	it("judges a submission that is itself installed by its own files", async () => {
		const { text } = await examined(
			{ "node_modules/their-raft/package.json": '{"main":"m.js"}', "node_modules/their-raft/m.js": STUB },
			{ target: "their-raft" },
		);
		expect(text)
			.to.match(/^✓ files +1: m\.js$/m)
			.and.not.match(/^. packages/m);
	});

	it("tells when esbuild's program does not fit this machine", async () => {
		const loadEsbuild: LoadEsbuild = async () => {
			throw new Error("\nYou installed esbuild for another platform\nmore about that");
		};
		const { code, text } = await examined({ "raft.js": STUB }, { loadEsbuild });
		expect(text).to.match(
			/^✗ esbuild +it does not work here: You installed esbuild for another platform Delete node_/m,
		);
		expect(text).to.not.match(/compiles/);
		expect(code).to.equal(ExitCode.unusable);
	});

	describe("TypeScript", () => {
		const of = (tsconfig: string, more: Record<string, string> = {}) =>
			examined({ "raft.ts": STUB, "tsconfig.json": tsconfig, ...more });

		it("names the settings that are lacking, and reads comments and what is extended", async () => {
			const lacking = await of('{ "compilerOptions": { "module": "CommonJS", "strict": true, /* no */ }, }');
			expect(lacking.text).to.match(/^! tsconfig\.json +lacks .* Put "module": "NodeNext", "noEmit": true, "allow/m);
			const good = await of('// mine\n{ "extends": ["./base", "shared"], "compilerOptions": { "noEmit": true } }', {
				"base.json": '{ "compilerOptions": { "module": "NodeNext", "noEmit": false } }',
				"node_modules/shared/tsconfig.json":
					'{ "compilerOptions": { "strict": true, "allowImportingTsExtensions": true } }',
			});
			expect(good.text).to.match(/^✓ tsconfig\.json +has what the stub needs$/m);
		});

		it("tells what makes a tsconfig.json unreadable", async () => {
			const cases: Record<string, RegExp> = {
				"{": /Unexpected token/,
				"{} x": /there is something after its end: x/,
				"{ strict: true }": /a name is not in quotes/,
				'{ "extends": "./no" }': /it extends \.\/no, which is not there/,
				'{ "extends": "./tsconfig.json" }': /extends itself/,
				'{ "a": process.exit() }': /is not JSON/,
			};
			for (const [text, sentence] of Object.entries(cases)) {
				expect((await of(text)).text).to.match(new RegExp(`^✗ tsconfig\\.json +not valid: .*${sentence.source}`, "m"));
			}
		});

		it("speaks of package.json's type only where it matters", async () => {
			const settings = '{ "compilerOptions": { "module": "NodeNext", "verbatimModuleSyntax": true } }';
			const commonJs = await of(settings, { "package.json": '{"type":"commonjs"}' });
			expect(commonJs.text).to.match(/^! modules +"type" is "commonjs": .* Put "type": "module" into package\.json/m);
			expect((await of(settings, { "package.json": "{}" })).text).to.match(/^! modules +"type" is not set/m);
			expect((await of(settings, { "package.json": '{"type":"module"}' })).text).to.not.match(/^. modules/m);
			expect((await of("{}", { "package.json": "{}" })).text).to.not.match(/^. modules/m);
		});

		it("tells an old compiler, and none", async () => {
			const old = await of("{}", { "node_modules/typescript/package.json": '{"version":"4.9.5"}' });
			expect(old.text).to.match(/^! TypeScript +4\.9\.5 Install TypeScript 5\.0 or later/m);
			const named = { "package.json": '{"devDependencies":{"typescript":"^7"}}' };
			expect((await of("{}", named)).text).to.match(/^! TypeScript +not installed .* Run npm install\.$/m);
		});
	});

	it("tells a .gitignore that forgets node_modules, and one further up that does not", async () => {
		const forgetful = { "raft.js": STUB, ".git/HEAD": "", ".gitignore": "dist/\n#node_modules\n" };
		expect((await examined(forgetful)).text).to.match(
			/^! git +node_modules is not ignored Put the line node_modules\//m,
		);
		const above = await folderWith({ ".git/HEAD": "", ".gitignore": "**/node_modules\r\n", "lab/raft.js": STUB });
		expect((await examinedIn(path.join(above, "lab"))).text).to.match(/^✓ git /m);
	});
});

describe("the machine", () => {
	const facts: MachineFacts = {
		nodeVersion: "22.13.0",
		engines: ">=20.19.0",
		knowsOption: (option) => option === "--permission",
		cores: 4,
		memoryMb: 8192,
	};
	const levels = (changed: Partial<MachineFacts>) => checkMachine({ ...facts, ...changed }).map(({ level }) => level);

	it("is good with a Node that is late enough and has the permission model under either name", () => {
		expect(levels({})).to.deep.equal(["good", "good", "good"]);
		expect(
			levels({ nodeVersion: "20.19.0", knowsOption: (option) => option === "--experimental-permission" }),
		).to.deep.equal(["good", "good", "good"]);
	});

	it("is not with an older Node, or without a sandbox", () => {
		expect(levels({ nodeVersion: "20.9.1" })).to.deep.equal(["problem", "good", "good"]);
		expect(levels({ nodeVersion: "18.20.0", knowsOption: () => false })).to.deep.equal(["problem", "problem", "good"]);
	});

	it("is advised to do less at a time where memory is short", () => {
		const [, , short] = checkMachine({ ...facts, memoryMb: 1500 });
		expect(short).to.include({ level: "warning", seen: "4 cores, 1.5 GB of memory" });
		expect(short?.advice).to.match(/^Run with --jobs 2:/);
		expect(levels({ memoryMb: 100, cores: 1 })).to.deep.equal(["good", "good", "good"]);
	});
});

describe("the raft-grade that runs", () => {
	after(removeFolders);

	const running = { folder: "/elsewhere/raft-grade", version: "0.2.0" };
	const installed = { "node_modules/raft-grade/package.json": '{"version":"0.1.0"}' };
	const checked = async (files: Record<string, string>, running_ = running) =>
		checkInstallation(findProject(await folderWith({ "package.json": "{}", ...files })), running_);

	it("may be another than the project's own", async () => {
		const other = await checked(installed);
		expect(other).to.include({ level: "warning" });
		expect(other.seen).to.match(/^0\.2\.0, from \/elsewhere\/raft-grade; the project has 0\.1\.0, in .*node_modules/);
		const copy = await checked(installed, { ...running, version: "0.1.0" });
		expect(copy).to.include({ level: "good" });
		expect(copy.seen).to.include("the project has another copy");
	});

	it("is the project's own, or a clone in its own folder", async () => {
		const folder = realpathSync(await folderWith({ "package.json": "{}", ...installed }));
		const own = { folder: path.join(folder, "node_modules/raft-grade"), version: "0.1.0" };
		expect(checkInstallation(findProject(folder), own)).to.include({
			level: "good",
			seen: `0.1.0, from ${own.folder}`,
		});
		const clone = { folder: PACKAGE_ROOT, version: "0.1.0" };
		expect(checkInstallation(findProject(ROOT), clone).seen).to.equal("0.1.0, in a clone of its own");
	});

	it("is asked for, but not installed; perhaps since its file is gone", async () => {
		const asking = (spec: string) =>
			checked({ "package.json": JSON.stringify({ devDependencies: { "raft-grade": spec } }) });
		expect(await asking("^0.1.0")).to.include({ level: "problem", advice: "Run npm install." });
		expect((await asking("file:../gone.tgz")).advice).to.match(/^\.\.\/gone\.tgz is not there: correct/);
	});

	it("was moved away from under its link", async () => {
		const folder = await folderWith({ "package.json": "{}", "node_modules/.keep": "" });
		symlinkSync("../../gone", path.join(folder, "node_modules/raft-grade"));
		const finding = checkInstallation(findProject(folder), running);
		expect(finding).to.include({ level: "problem" });
		expect(finding.seen).to.match(/^node_modules.raft-grade leads to .*gone, which is not there$/);
		expect(finding.advice).to.include("npm install");
	});

	it("gives types, if it is built", async () => {
		const { exports } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
		const types = path.join("node_modules/raft-grade", exports["."].types);
		const levels = async (files: Record<string, string>) =>
			checkTypes(findProject(await folderWith(files)), running).map(({ level }) => level);
		expect(await levels({ ...installed, [types]: "" })).to.deep.equal(["good"]);
		expect(await levels(installed)).to.deep.equal(["warning"]);
		expect(await levels({})).to.deep.equal([]);
	});
});
