import os from "node:os";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type CommandResult, ROOT, run } from "../grader/testing/command.ts";
import type { SourceEdit } from "../harness/index.ts";
import { catalog } from "../labs/catalog.ts";
import type { CheckLine } from "./mutants/check.ts";

/** A few seeds, to notice at once what breaks a right solution; `npm run soak` tries many. */
const SEEDS = 2;

interface Solution {
	readonly name: string;
	/** Its main module, relative to this folder. */
	readonly file: string;
	readonly edits?: readonly SourceEdit[];
}

/** Right solutions, as different as they could be made: a test that fails one of them is wrong itself. */
const solutions: readonly Solution[] = [
	{ name: "the model solution", file: "index.ts" },
	{
		name: "the model solution with pre-vote",
		file: "index.ts",
		edits: [{ file: "options.ts", find: "preVote: false", replace: "preVote: true" }],
	},
	{ name: "callbacks", file: "styles/callbacks.ts" },
	{ name: "loops", file: "styles/loops.ts" },
	{ name: "roles", file: "styles/roles/raft.ts" },
];

describe("right solutions", () => {
	const results = new Map<string, CommandResult>();

	before("run the labs against each", async function () {
		this.timeout(300_000);
		const waiting = [...solutions];
		const work = async () => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
				results.set(next.name, await runLabs(next));
			}
		};
		await Promise.all(Array.from({ length: os.availableParallelism() }, work));
	});

	for (const { name } of solutions) {
		it(`${name}: passes all tests, calm and race`, () => {
			const { code, stdout, stderr } = results.get(name) as CommandResult;
			expect(stderr).to.equal("");
			expect(code).to.equal(0);
			const lines = stdout.trimEnd().split("\n");
			const checked = lines.map((line) => JSON.parse(line) as CheckLine);
			const failed = checked.flatMap(({ test, failures }) => failures.map((f) => `${test}@${f.seed}: ${f.message}`));
			expect(failed).to.deep.equal([]);
			expect(checked.map(({ runs }) => runs)).to.deep.equal(new Array(2 * catalog.length).fill(SEEDS));
		});
	}
});

/** Runs all tests in a process of their own, as the labs' suites would otherwise become part of this one. */
function runLabs({ file, edits = [] }: Solution): Promise<CommandResult> {
	const args = ["--target", pathOf(file), "--edits", JSON.stringify(edits), "--seeds", String(SEEDS), "--share"];
	return run(process.execPath, ["--import", "tsx", pathOf("mutants/check.ts"), ...args], ROOT);
}

function pathOf(file: string): string {
	return fileURLToPath(new URL(file, import.meta.url));
}
