import { expect } from "chai";
import { parseSeed } from "../harness/index.ts";
import { catalog } from "../labs/catalog.ts";
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
