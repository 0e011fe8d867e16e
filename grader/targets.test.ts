import path from "node:path";
import { expect } from "chai";
import { findTarget } from "./target.ts";
import { folderWith, removeFolders } from "./testing/command.ts";
import { UsageError } from "./usage-error.ts";

const MODULE = "export const make = 1;";

describe("findTarget", () => {
	after(removeFolders);

	const found = async (spec: string | undefined, files: Record<string, string>) => {
		const folder = await folderWith(files);
		return path.relative(folder, findTarget(spec, folder).file);
	};

	it("takes package.json's raftGrade.target first, then src/raft.ts, then raft.ts", async () => {
		const files = { "raft.ts": MODULE, "src/raft.ts": MODULE, "lib/mine.ts": MODULE };
		const configured = { ...files, "package.json": '{"raftGrade":{"target":"lib/mine.ts"}}' };
		expect(await found(undefined, configured)).to.equal("lib/mine.ts");
		expect(await found(undefined, files)).to.equal("src/raft.ts");
		expect(await found(undefined, { "raft.ts": MODULE })).to.equal("raft.ts");
	});

	it("takes JavaScript too", async () => {
		expect(await found(undefined, { "src/raft.mjs": MODULE })).to.equal("src/raft.mjs");
		expect(await found("x.js", { "x.js": MODULE })).to.equal("x.js");
	});

	it("takes a folder", async () => {
		expect(await found("alice", { "alice/raft.ts": MODULE })).to.equal("alice/raft.ts");
	});

	it("takes an installed package, by its exports, module or main, from here or further up", async () => {
		const at = (packageJson: string, main: string) => ({
			"node_modules/my-raft/package.json": packageJson,
			[`node_modules/my-raft/${main}`]: MODULE,
		});
		expect(await found("my-raft", at('{"exports":{".":{"import":"./e.mjs"}}}', "e.mjs"))).to.match(/e\.mjs$/);
		expect(await found("my-raft", at('{"exports":"./e.js"}', "e.js"))).to.match(/e\.js$/);
		expect(await found("my-raft", at('{"main":"m.js"}', "m.js"))).to.match(/m\.js$/);
		const folder = await folderWith({ ...at('{"main":"m.js"}', "m.js"), "deep/down/x.txt": "" });
		expect(findTarget("my-raft", path.join(folder, "deep/down")).file).to.match(/my-raft\/m\.js$/);
	});

	it("knows the model solution and the template by name", () => {
		expect(findTarget("reference", "/").file).to.match(/reference\/index\.ts$/);
		expect(findTarget("template", "/").file).to.match(/student-template\/src\/raft\.ts$/);
	});

	it("takes the one module that exports make() of a folder in which none has a usual name", async () => {
		const make = "export const make = () => {};";
		const folder = await folderWith({
			"alice/dave.ts": make,
			"alice/helper.ts": "export const x = 1;",
			"alice/dave.test.ts": make,
			"alice/node_modules/x/index.js": make,
			"bob/lab/mine.js": "export { make } from './deeper/other.js';",
			"carol/one.ts": make,
			"carol/two.ts": make,
		});
		expect(findTarget("alice", folder).name).to.equal("alice/dave.ts");
		expect(findTarget("bob", folder).name).to.equal("bob/lab/mine.js");
		expect(findTarget(undefined, path.join(folder, "alice")).name).to.equal("dave.ts");
		expect(() => findTarget("carol", folder)).to.throw(UsageError, /no submission in .*carol/);
	});

	it("refuses a folder without a submission", async () => {
		const folder = await folderWith({ "alice/README.md": "" });
		expect(() => findTarget("alice", folder)).to.throw(UsageError, /no submission in .*alice/);
	});
});
