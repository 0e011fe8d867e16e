import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ROOT, run } from "./testing/command.ts";
import type { LabHashes } from "./testing/journal-hashes.ts";

const SCRIPT = fileURLToPath(new URL("testing/journal-hashes.ts", import.meta.url));

/** Runs the labs in a process of its own. */
async function hashesInProcess(): Promise<LabHashes> {
	const { code, stdout, stderr } = await run(process.execPath, ["--import", "tsx", SCRIPT], ROOT);
	expect(code, stderr).to.equal(0);
	return JSON.parse(stdout);
}

describe("the labs against the reference", () => {
	it("take the same course in two processes, and each a course of its own", async () => {
		const [one, two] = await Promise.all([hashesInProcess(), hashesInProcess()]);
		expect(Object.keys(one)).to.have.length(8);
		expect(new Set(Object.values(one)).size).to.equal(8);
		expect(two).to.deep.equal(one);
	});
});
