import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ROOT, run } from "../../grader/testing/command.ts";
import { bundleProgram, compileProgram } from "../../harness/index.ts";
import { extraCatalog } from "../../labs/catalog.ts";
import type { CheckLine } from "./check.ts";
import { mutants } from "./index.ts";

const CHECK = fileURLToPath(new URL("./check.ts", import.meta.url));
const REFERENCE = fileURLToPath(new URL("../index.ts", import.meta.url));

describe("mutants", () => {
	const lines = new Map<string, CheckLine>();
	let referenceHash: string;

	before("run the labs against each", async function () {
		this.timeout(300_000);
		const { code, stdout, stderr } = await run(process.execPath, ["--import", "tsx", CHECK], ROOT);
		expect(stderr).to.equal("");
		expect(code).to.equal(0);
		for (const line of stdout.trimEnd().split("\n")) {
			const checked = JSON.parse(line) as CheckLine;
			lines.set(checked.program, checked);
		}
		referenceHash = (await bundleProgram(REFERENCE)).hash;
	});

	it("are many, and each is told under a name of its own", () => {
		expect(mutants).to.have.length.at.least(95);
		expect(new Set(mutants.map(({ id }) => id))).to.have.property("size", mutants.length);
		for (const { id, mistake, story, edits, caughtBy } of mutants) {
			expect(id).to.match(/^[a-z]+(-[a-z]+)+$/);
			expect(mistake, id).to.match(/^\w.*\.$/);
			expect(story, id).to.match(/§|figure \d|contract/i);
			expect(edits, id).not.to.be.empty;
			expect(caughtBy?.within ?? 1, id).to.be.within(1, 20);
		}
	});

	it("come from every family", () => {
		expect(new Set(mutants.map(({ family }) => family))).to.have.property("size", 10);
	});

	it("break safety, liveness and limits", () => {
		expect(new Set(mutants.map(({ breaks }) => breaks))).to.have.property("size", 3);
	});

	it("that the labs' own tests miss are told with the reason", () => {
		const hidden = mutants.filter(({ hiddenBecause }) => hiddenBecause !== undefined);
		expect(hidden).to.have.length.at.least(10);
		for (const { id, hiddenBecause, caughtBy } of hidden) {
			expect(hiddenBecause, id).to.match(/^[A-Z].*\.$/s);
			expect(
				extraCatalog.map((test) => test.id),
				id,
			).to.include(caughtBy?.test);
		}
	});

	it("are not all the same mistake: no two make the same program", async () => {
		const hashes = await Promise.all(mutants.map(async ({ edits }) => (await bundleProgram(REFERENCE, edits)).hash));
		expect(new Set(hashes)).to.have.property("size", mutants.length);
	}).timeout(60_000);

	for (const { id, edits, caughtBy } of mutants) {
		if (caughtBy === undefined) {
			it(`${id}: is a program, and another one than the model solution`, async () => {
				const source = await bundleProgram(REFERENCE, edits);
				expect(source.hash).not.to.equal(referenceHash);
				expect(() => compileProgram(source)).not.to.throw();
			});
		} else {
			it(`${id}: fails ${caughtBy.test}`, () => {
				const { runs, failures } = lines.get(id) as CheckLine;
				expect(failures, `failures in ${runs} runs`).to.have.length(1);
				expect(failures[0]).to.include({ kind: "LabFailure" });
			});
		}
	}
});
