import { expect } from "chai";
import { failureKind, groupFailures } from "./group.ts";

const NOWHERE: readonly { file: string; line: number; column: number }[] = [];

function failure(repetition: number, message: string, { check = "one", places = NOWHERE } = {}) {
	return { repetition, check, message, places };
}

const at = (line: number) => ({ places: [{ file: "src/raft.ts", line, column: 3 }] });

describe("groupFailures", () => {
	const repetitions = (failures: Parameters<typeof groupFailures>[0]) =>
		groupFailures(failures).map((group) => group.map(({ repetition }) => repetition));

	it("puts together what differs in figures only, the first first", () => {
		expect(
			repetitions([
				failure(5, "two leaders in term 12: S4 and S0"),
				failure(2, "no leader"),
				failure(3, "two leaders in term 3: S1 and S2"),
				failure(9, "no leader"),
			]),
		).to.deep.equal([
			[2, 9],
			[3, 5],
		]);
	});

	it("tells checks apart, and messages", () => {
		expect(repetitions([failure(0, "a"), failure(1, "b"), failure(2, "a", { check: "wait" })])).to.deep.equal([
			[0],
			[1],
			[2],
		]);
	});

	it("tells places apart", () => {
		const failures = [failure(0, "x", at(7)), failure(1, "x", at(9)), failure(2, "x", at(7))];
		expect(repetitions(failures)).to.deep.equal([[0, 2], [1]]);
	});

	it("lets those without a known place join the first that has one", () => {
		const failures = [failure(0, "x"), failure(1, "x", at(9)), failure(2, "x", at(7)), failure(3, "y")];
		expect(repetitions(failures)).to.deep.equal([[0, 1], [2], [3]]);
	});

	it("does not depend on the order, and leaves its argument alone", () => {
		const failures = [
			failure(2, "x", at(9)),
			failure(0, "y"),
			failure(1, "x"),
			failure(3, "x", at(7)),
			failure(4, "y 2"),
		];
		const before = [...failures];
		expect(repetitions([...failures].reverse())).to.deep.equal(repetitions(failures));
		expect(failures).to.deep.equal(before);
		expect(groupFailures([])).to.deep.equal([]);
	});
});

describe("failureKind", () => {
	const kind = (message: string) => failureKind({ check: "c", message });

	it("leaves out numbers, servers, commands, and what state servers are in", () => {
		const alike = [
			[
				'one("x7", 3, retry) failed: S0 leader, term 3, S1 term 3, cut off, S2 down',
				'one("y", 5, retry) failed: S0 term -1',
			],
			["no leader among S0, S2", "no leader among S1"],
			["the servers S0 and S2 disagree", "the servers S3, S4 and S1 disagree"],
			['S1 applied "abcdefgh… at index 4', 'S0 applied "x" at index 51'],
			["took 1.25 s", "took 37 s"],
		];
		const [first = []] = alike;
		expect(kind(first[0] ?? "")).to.equal('c: one("…", #, retry) failed: S#');
		for (const [a = "", b = ""] of alike) expect(kind(a), a).to.equal(kind(b));
	});

	it("keeps the words", () => {
		expect(kind("S1 leads")).not.to.equal(kind("S1 votes"));
		expect(kind("Cannot read properties of undefined (reading 'term')")).not.to.equal(
			kind("Cannot read properties of undefined (reading 'log')"),
		);
	});
});
