import { expect } from "chai";
import { parseSeed } from "../harness/index.ts";
import { catalog } from "../labs/catalog.ts";
import { runName } from "./run-name.ts";
import { selectTests } from "./selection.ts";
import { UsageError } from "./usage-error.ts";

describe("selectTests", () => {
	const tests = catalog.map(({ id, part }) => ({ test: id, part }));
	const select = (words: readonly string[], grep?: string) =>
		selectTests(words, grep, tests).map(({ test: { test }, seed }) => ({ test, seed }));
	const names = (words: readonly string[], grep?: string) => select(words, grep).map(({ test }) => test);

	it("takes everything for nothing, and for all", () => {
		const all = catalog.map(({ id }) => id);
		expect(names([])).to.deep.equal(all);
		expect(names(["ALL"])).to.deep.equal(all);
	});

	it("takes parts and tests, each once", () => {
		expect(names(["2a", "ReElection", "figure8"])).to.deep.equal([
			"InitialElection",
			"ReElection",
			"ManyElections",
			"Figure8",
		]);
	});

	it("takes a run, beside the test itself", () => {
		expect(select(["Backup@1F", "Backup"])).to.deep.equal([
			{ test: "Backup", seed: parseSeed("1f") },
			{ test: "Backup", seed: undefined },
		]);
	});

	it("takes a run that was shrunk, under the one name that it has", () => {
		const [run] = selectTests(["backup@1F~Z13L20h"], undefined, tests);
		expect(run).to.deep.include({ seed: parseSeed("1f"), kept: "L20hZ13" });
		expect(
			selectTests(["Backup@1f", "Backup@1f~0", "Backup@1f~L201-2", "Backup@1f~L202-1"], undefined, tests),
		).to.have.length(3);
		expect(runName("Backup", { seed: parseSeed("1f"), kept: "L20hZ13" })).to.equal("Backup@1f~L20hZ13");
		expect(() => select(["Backup@1f~L20"])).to.throw(UsageError, '"L20" does not say which choices of a run are kept');
		expect(() => select(["Backup@1f~"])).to.throw(UsageError, '"" does not say');
		expect(() => select(["Backup@1f~0~0"])).to.throw(UsageError, "more than one ~");
		expect(() => select(["Backup@xyz~0"])).to.throw(UsageError, '"xyz" is not a seed');
	});

	it("keeps what matches a pattern, by part or name", () => {
		expect(names([], "churn")).to.deep.equal(["ReliableChurn", "UnreliableChurn"]);
		expect(names([], "^2A ")).to.deep.equal(names(["2A"]));
	});

	it("suggests what may have been meant", () => {
		expect(() => select(["Figre8"])).to.throw(UsageError, 'no part or test "Figre8": did you mean Figure8');
		expect(() => select(["churn"])).to.throw(UsageError, "did you mean ReliableChurn or UnreliableChurn?");
		expect(() => select(["x"])).to.throw(UsageError, "raft-grade --list names them");
	});
});
