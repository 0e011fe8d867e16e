import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";
import { PACKAGE_ROOT, readVersion } from "./package-root.ts";
import { folderWith, ROOT, removeFolders, run } from "./testing/command.ts";

describe("raft-grade's own folder", () => {
	after(removeFolders);

	it("is found from the sources, with its version", () => {
		expect(path.relative(PACKAGE_ROOT, ROOT)).to.equal("");
		expect(readVersion()).to.equal(JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).version);
	});

	const bundledInto = async (folder: string, name: string) => {
		const outfile = path.join(folder, name);
		const entry = path.join(ROOT, "grader/package-root.ts");
		await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", logLevel: "silent" });
		const script = `import { PACKAGE_ROOT, readVersion } from ${JSON.stringify(pathToFileURL(outfile).href)};
			console.log(PACKAGE_ROOT + " " + readVersion());`;
		return run(process.execPath, ["--input-type=module", "--eval", script], folder);
	};

	it("is found when bundled into one file somewhere below, past packages of other names and broken ones", async () => {
		const folder = await folderWith({
			"package.json": '{ "name": "raft-grade", "version": "7.8.9" }',
			"node_modules/.cache/raft-grade/package.json": '{ "type": "module" }',
			"node_modules/.cache/package.json": "{",
		});
		for (const name of ["dist/grader/one.mjs", "node_modules/.cache/raft-grade/one.js"]) {
			expect((await bundledInto(folder, name)).stdout).to.equal(`${realpathSync(folder)} 7.8.9\n`);
		}
	});

	it("says so if it is nowhere", async () => {
		const folder = await folderWith({ "package.json": '{ "name": "other" }' });
		const { code, stderr } = await bundledInto(folder, "one.mjs");
		expect(stderr).to.include("is raft-grade's: its package.json is missing from this installation");
		expect(code).to.equal(1);
	});
});
