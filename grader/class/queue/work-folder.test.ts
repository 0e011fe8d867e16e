import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { makeWorkFolder } from "./work-folder.ts";

/** No process has such a number. */
const NOBODY = 2 ** 30;

describe("a worker's folder", () => {
	let parent: string;
	beforeEach(async () => {
		parent = await mkdtemp(path.join(os.tmpdir(), "raft-grade-work-folder-"));
	});
	afterEach(() => rm(parent, { recursive: true, force: true }));

	async function leftBehind(name: string): Promise<string> {
		const folder = path.join(parent, name);
		await mkdir(path.join(folder, "job-1"), { recursive: true });
		await writeFile(path.join(folder, "job-1/raft.ts"), "");
		return folder;
	}

	it("is its own, and stays while it works", async () => {
		const [one, other] = [await makeWorkFolder(parent), await makeWorkFolder(parent)];
		expect(one).not.to.equal(other);
		expect([existsSync(one), existsSync(other)]).to.deep.equal([true, true]);
	});

	it("is removed by the next worker if its own was killed", async () => {
		const abandoned = await leftBehind(`raft-grade-worker-${os.hostname()}-${NOBODY}-abcdef`);
		await makeWorkFolder(parent);
		expect(existsSync(abandoned)).to.equal(false);
	});

	it("is left alone if it is another machine's, or something else", async () => {
		const others = [
			await leftBehind(`raft-grade-worker-not-${os.hostname()}-${NOBODY}-abcdef`),
			await leftBehind(`raft-grade-worker-${os.hostname()}-notes`),
			await leftBehind(`raft-grade-${os.hostname()}-${NOBODY}-abcdef`),
		];
		await makeWorkFolder(parent);
		for (const other of others) expect(existsSync(other), other).to.equal(true);
	});
});
