import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { isBuilt, stampFile, stampOfSources } from "./built.js";
import { folderWith, removeFolders } from "./testing/command.ts";

describe("whether dist/ is what the sources say", () => {
	let root = "";
	const write = (file: string, text: string) => writeFile(path.join(root, file), text);

	beforeEach(async () => {
		root = await folderWith({
			"harness/sim/seed.ts": "1",
			"harness/sim/seed.test.ts": "1",
			"labs/2a.ts": "1",
			"grader/main.ts": "1",
			"package.json": "{}",
			"package-lock.json": "{}",
			"tsconfig.json": "{}",
			"tsconfig.build.json": "{}",
		});
		await mkdir(path.join(root, "dist"));
		await writeFile(stampFile(root), stampOfSources(root));
	});

	afterEach(removeFolders);

	it("is when nothing was touched since", () => {
		expect(isBuilt(root)).to.equal(true);
	});

	it("is not when it was never built, or only in part", async () => {
		await rm(stampFile(root));
		expect(isBuilt(root)).to.equal(false);
	});

	it("is not when a source was edited, added or removed", async () => {
		await write("harness/sim/seed.ts", "12");
		expect(isBuilt(root), "edited").to.equal(false);
		await writeFile(stampFile(root), stampOfSources(root));
		await write("labs/2e.ts", "1");
		expect(isBuilt(root), "added").to.equal(false);
		await rm(path.join(root, "labs/2e.ts"));
		expect(isBuilt(root), "as before").to.equal(true);
		await rm(path.join(root, "grader/main.ts"));
		expect(isBuilt(root), "removed").to.equal(false);
	});

	it("is not when a dependency has changed", async () => {
		await write("package-lock.json", "{ }");
		expect(isBuilt(root)).to.equal(false);
	});

	it("is when only a test was edited", async () => {
		await write("harness/sim/seed.test.ts", "12");
		expect(isBuilt(root)).to.equal(true);
	});
});
