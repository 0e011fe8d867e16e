import { expect } from "chai";
import { assembleReport, assembleTest, type ReportHead, type TestFacts } from "./assemble.ts";
import { type FailureReport, gradeReport, type RunRecord, type TestReport } from "./schema.ts";

function run(repetition: number, status: RunRecord["status"] = "passed", virtualMs = 1000): RunRecord {
	return {
		run: `Backup@${repetition}`,
		repetition,
		schedule: "calm",
		status,
		virtualMs,
		wallMs: 3,
		servers: 5,
		rpcs: 10,
		bytes: 100,
		agreements: 2,
	};
}

function failure(...repetitions: number[]): FailureReport {
	return {
		check: "one",
		message: "m",
		atMs: 5,
		expected: null,
		actual: null,
		places: [],
		contained: false,
		runs: repetitions.map((repetition) => `Backup@${repetition}`),
		replay: "npx raft-grade Backup@1",
		paper: "",
		causes: [],
		lastEvents: [],
	};
}

function facts(planned: number, runs: readonly RunRecord[], more: Partial<TestFacts> = {}): TestFacts {
	const rest = { failures: [], advice: [], ...more };
	return { test: "Backup", part: "2B", title: "t", visibility: "visible", possible: 5, planned, runs, ...rest };
}

const HEAD: ReportHead = {
	tool: { name: "raft-grade", version: "1.2.3", node: "20.19.0" },
	target: { name: "src/raft.ts", hash: "ab" },
	seed: "7",
	shard: null,
	scoring: "all-or-nothing",
	wallMs: 12,
	unusable: null,
	isInterrupted: false,
};

describe("assembleTest", () => {
	const judge = (...args: Parameters<typeof facts>) => {
		const all = assembleTest(facts(...args), "all-or-nothing");
		const part = assembleTest(facts(...args), "fraction");
		expect(part.status).to.equal(all.status);
		return [all.status, all.points.earned, part.points.earned, all.passed];
	};

	it("passes a test all of whose planned runs were made and passed", () => {
		expect(judge(1, [run(0)])).to.deep.equal(["passed", 5, 5, 1]);
		expect(judge(3, [run(2), run(0), run(1)])).to.deep.equal(["passed", 5, 5, 3]);
	});

	it("fails a test one of whose runs failed, whatever the others did", () => {
		expect(judge(3, [run(0), run(1, "failed"), run(2)])).to.deep.equal(["failed", 0, 3.33, 2]);
		expect(judge(3, [run(0, "failed")])).to.deep.equal(["failed", 0, 0, 0]);
		expect(judge(1, [run(0, "failed")])).to.deep.equal(["failed", 0, 0, 0]);
	});

	it("does neither when runs are missing: what was not run earns nothing", () => {
		expect(judge(3, [run(0), run(1)])).to.deep.equal(["incomplete", 0, 3.33, 2]);
		expect(judge(3, [])).to.deep.equal(["incomplete", 0, 0, 0]);
	});

	it("does neither when nothing was to be run", () => {
		expect(judge(0, [])).to.deep.equal(["incomplete", 0, 0, 0]);
	});

	it("refuses more runs than were planned", () => {
		expect(() => assembleTest(facts(1, [run(0), run(1)]), "fraction")).to.throw("Backup: 2 runs, but 1 were planned");
	});

	it("rounds to two decimals, and gives a test that passed exactly its points", () => {
		const earned = (possible: number, passed: number) => {
			const runs = [0, 1, 2, 3, 4, 5, 6].map((repetition) =>
				run(repetition, repetition < passed ? "passed" : "failed"),
			);
			return assembleTest(facts(7, runs, { possible }), "fraction").points.earned;
		};
		expect([earned(1, 1), earned(2, 6), earned(0.35, 7), earned(0, 3)]).to.deep.equal([0.14, 1.71, 0.35, 0]);
	});

	it("sorts runs and failures by repetition", () => {
		const runs = [run(3, "failed"), run(0), run(2, "failed"), run(1, "failed")];
		const report = assembleTest(facts(4, runs, { failures: [failure(3, 2), failure(1)] }), "all-or-nothing");
		expect(report.runs.map(({ repetition }) => repetition)).to.deep.equal([0, 1, 2, 3]);
		expect(report.failures.map((each) => each.runs)).to.deep.equal([["Backup@1"], ["Backup@2", "Backup@3"]]);
	});

	it("sums up the virtual time over the runs", () => {
		const runs = [run(0, "passed", 300), run(1, "passed", 100), run(2, "failed", 200)];
		expect(assembleTest(facts(5, runs), "fraction").virtualMs).to.deep.equal({ median: 200, worst: 300 });
		expect(assembleTest(facts(5, []), "fraction").virtualMs).to.equal(null);
	});

	it("keeps one sentence of advice of each kind, the same whatever order they come in", () => {
		const advice = ["S1 sent 30 messages", "the term went from 2 to 3", "S0 sent 25 messages", "S0 sent 25 messages"];
		const kept = ["S0 sent 25 messages", "the term went from 2 to 3"];
		for (const sentences of [advice, advice.toReversed()]) {
			expect(assembleTest(facts(1, [], { advice: sentences }), "fraction").advice).to.deep.equal(kept);
		}
	});
});

describe("assembleReport", () => {
	const PASSED = assembleTest(facts(1, [run(0)], { possible: 0.1 }), "all-or-nothing");
	const FAILED = assembleTest(facts(1, [run(0, "failed")], { possible: 0.2 }), "all-or-nothing");
	const UNFINISHED = assembleTest(facts(1, []), "all-or-nothing");
	const ELSEWHERE = assembleTest(facts(0, []), "all-or-nothing");
	const status = (tests: readonly TestReport[], head: Partial<ReportHead> = {}) =>
		assembleReport({ ...HEAD, ...head }, tests).status;

	it("passes when all tests did, and fails when one did", () => {
		expect(status([PASSED, PASSED])).to.equal("passed");
		expect(status([PASSED, FAILED])).to.equal("failed");
		expect(status([FAILED, UNFINISHED]), "after --bail").to.equal("failed");
	});

	it("is interrupted rather than failed, and unusable rather than anything", () => {
		expect(status([PASSED, FAILED], { isInterrupted: true })).to.equal("interrupted");
		expect(status([PASSED], { isInterrupted: true })).to.equal("interrupted");
		expect(status([FAILED], { isInterrupted: true, unusable: "no make()" })).to.equal("unusable");
		expect(assembleReport({ ...HEAD, unusable: "no make()" }, []).message).to.equal("no make()");
	});

	it("never passes with a test that wasn't finished", () => {
		expect(status([PASSED, UNFINISHED])).to.equal("interrupted");
	});

	it("lets a test of which nothing was to be run here count for nothing", () => {
		expect(status([PASSED, ELSEWHERE])).to.equal("passed");
		expect(status([FAILED, ELSEWHERE])).to.equal("failed");
		expect(status([ELSEWHERE]), "a share without any run").to.equal("passed");
		const { points, tests } = assembleReport(HEAD, [PASSED, ELSEWHERE]);
		expect(points).to.deep.equal({ earned: 0.1, possible: 0.1 });
		expect(tests).to.have.lengthOf(2);
	});

	it("sums the points up as they are shown", () => {
		expect(assembleReport(HEAD, [PASSED, FAILED, PASSED, PASSED]).points).to.deep.equal({ earned: 0.3, possible: 0.5 });
	});

	it("fits the schema", () => {
		const report = assembleReport(HEAD, [PASSED, FAILED, UNFINISHED, ELSEWHERE]);
		expect(gradeReport.parse(report)).to.deep.equal(report);
	});
});
