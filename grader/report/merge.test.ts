import { expect } from "chai";
import fc from "fast-check";
import { inShard } from "../shard.ts";
import { UsageError } from "../usage-error.ts";
import { assembleReport, assembleTest, type ReportHead } from "./assemble.ts";
import { groupFailures } from "./group.ts";
import { mergeReports } from "./merge.ts";
import type { FailureReport, GradeReport, RunRecord } from "./schema.ts";

/** What a run came to: passed, failed in one of several ways, or not made because the grading was stopped. */
type Outcome = "passed" | "missing" | { readonly kind: number; readonly figure: number };

/** A grading that might have happened. */
interface Grading {
	readonly tests: readonly { readonly possible: number; readonly outcomes: readonly Outcome[] }[];
	readonly scoring: GradeReport["scoring"];
	readonly isInterrupted: boolean;
}

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
	{ weight: 4, arbitrary: fc.constant("passed" as const) },
	{ weight: 1, arbitrary: fc.constant("missing" as const) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.nat(3), figure: fc.nat(9) }) },
);

const grading: fc.Arbitrary<Grading> = fc
	.record({
		tests: fc.array(
			fc.record({
				possible: fc.nat(500).map((cents) => cents / 100),
				outcomes: fc.array(outcome, { minLength: 1, maxLength: 9 }),
			}),
			{ minLength: 1, maxLength: 6 },
		),
		scoring: fc.constantFrom("all-or-nothing" as const, "fraction" as const),
		isInterrupted: fc.boolean(),
	})
	// Runs are missing only where somebody stopped the grading.
	.map((made) => ({
		...made,
		isInterrupted: made.isInterrupted || made.tests.some(({ outcomes }) => outcomes.includes("missing")),
	}));

/** What a run reported, as a failure of its own: message and place say which kind it is, the figure differs from run to run. */
function failureOf(run: string, { kind, figure }: { kind: number; figure: number }): FailureReport {
	return {
		check: kind === 0 ? "wait" : "one",
		message: `S${figure} did not ${kind === 1 ? "agree" : "apply"} in term ${figure}`,
		atMs: 100 + figure,
		expected: String(figure),
		actual: null,
		places: kind < 2 ? [] : [{ file: "src/raft.ts", line: kind, column: 1, functionName: "apply" }],
		contained: false,
		runs: [run],
		replay: `npx raft-grade ${run}`,
		paper: `§${kind}`,
		causes: [],
		lastEvents: [`S0 ${figure}`],
	};
}

/** The report of those runs of a grading that `isMine` takes, by their number among all. */
function reportOf({ tests, scoring, isInterrupted }: Grading, head: Partial<ReportHead>, isMine = (_: number) => true) {
	let index = 0;
	const reports = tests.map(({ possible, outcomes }, t) => {
		const name = `Test${t}`;
		const mine = outcomes.map((made, repetition) => ({ made, repetition })).filter(() => isMine(index++));
		const runs: RunRecord[] = [];
		const failed: (FailureReport & { repetition: number })[] = [];
		for (const { made, repetition } of mine) {
			if (made === "missing") continue;
			const run = `${name}@${repetition + 1}`;
			const status = made === "passed" ? "passed" : "failed";
			const figures = {
				virtualMs: 1000 - repetition,
				wallMs: 2,
				servers: 3,
				rpcs: repetition,
				bytes: 9,
				agreements: 1,
			};
			runs.push({ run, repetition, schedule: "race", status, ...figures });
			if (made !== "passed") failed.push({ ...failureOf(run, made), repetition });
		}
		const failures = groupFailures(failed).map((group) => {
			const { repetition: _, ...first } = group[0];
			return { ...first, runs: group.flatMap((each) => each.runs) };
		});
		const advice = failed.map(({ atMs }) => `S1 sent ${atMs} messages`);
		const planned = mine.length;
		const about = { test: name, part: "2A", title: name, visibility: "visible" as const, possible };
		return assembleTest({ ...about, planned, runs, failures, advice }, scoring);
	});
	return assembleReport({ ...HEAD, scoring, isInterrupted, ...head }, reports);
}

const HEAD: ReportHead = {
	tool: { name: "raft-grade", version: "1.2.3", node: "20.19.0" },
	target: { name: "src/raft.ts", hash: "abcdef" },
	seed: "7",
	shard: null,
	scoring: "fraction",
	wallMs: 10,
	unusable: null,
	isInterrupted: false,
};

function shardsOf(whole: Grading, count: number): GradeReport[] {
	return Array.from({ length: count }, (_, i) => {
		const shard = { index: i + 1, count };
		return reportOf(whole, { shard, wallMs: i }, (index) => inShard(index, shard));
	});
}

describe("mergeReports", () => {
	it("gives what a grading in one go would have given, but for the real time", () => {
		fc.assert(
			fc.property(grading, fc.integer({ min: 1, max: 7 }), fc.infiniteStream(fc.nat()), (whole, count, draws) => {
				const shards = shardsOf(whole, count);
				const order = new Map(shards.map((shard) => [shard, draws.next().value ?? 0]));
				const shuffled = shards.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
				expect(mergeReports(shuffled)).to.deep.equal(reportOf(whole, { wallMs: count - 1 }));
			}),
			{ numRuns: 500, seed: 7 },
		);
	});

	it("is interrupted if one shard was, though all runs of the others passed", () => {
		const shards = shardsOf(ONE_EACH, 2);
		const merged = mergeReports([reportOfShard(1, 2, { isInterrupted: true }), shards[1] as GradeReport]);
		expect([merged.status, merged.tests.map(({ status }) => status)]).to.deep.equal([
			"interrupted",
			["passed", "passed", "passed"],
		]);
	});

	it("is unusable if one shard found the target so", () => {
		const [, second] = shardsOf(ONE_EACH, 2);
		const first = assembleReport({ ...HEAD, shard: { index: 1, count: 2 }, unusable: "no make()" }, []);
		const merged = mergeReports([first, second as GradeReport]);
		expect([merged.status, merged.message, merged.tests.length]).to.deep.equal(["unusable", "no make()", 3]);
	});

	it("names all versions of Node", () => {
		const [first, second] = shardsOf(ONE_EACH, 2) as [GradeReport, GradeReport];
		const other = { ...second, tool: { ...second.tool, node: "24.1.0" } };
		expect(mergeReports([other, first]).tool.node).to.equal("20.19.0, 24.1.0");
	});

	const ONE_EACH: Grading = {
		tests: [1, 2, 3].map((possible) => ({ possible, outcomes: ["passed"] })),
		scoring: "fraction",
		isInterrupted: false,
	};
	const reportOfShard = (index: number, count: number, head: Partial<ReportHead> = {}, whole = ONE_EACH) =>
		reportOf(whole, { shard: { index, count }, ...head }, (run) => inShard(run, { index, count }));

	const refuses = (reports: readonly GradeReport[], message: string, names?: readonly string[]) =>
		expect(() => mergeReports(reports, names)).to.throw(UsageError, message);

	it("refuses shards that are missing, doubled, or of other cuts", () => {
		refuses([], "there are no reports to merge");
		refuses([reportOfShard(1, 3), reportOfShard(3, 3)], "shard 2/3 is missing");
		refuses([reportOfShard(2, 9)], "shard 1/9, 3/9, 4/9, 5/9, 6/9 and 3 more are missing");
		refuses([reportOfShard(1, 2), reportOfShard(1, 2)], "shard 1/2 is there twice: a.json and b.json", [
			"a.json",
			"b.json",
		]);
		refuses([reportOfShard(1, 2), reportOfShard(2, 3)], "shard 2/3 is one of 3 shards, but shard 1/2 is one of 2");
		refuses([reportOf(ONE_EACH, {})], "a.json is no shard's: it is of a whole grading", ["a.json"]);
	});

	it("refuses shards of different gradings", () => {
		const first = reportOfShard(1, 2);
		const against = (head: Partial<ReportHead>) => [first, reportOfShard(2, 2, head)];
		refuses(against({ seed: "8" }), "shard 2/2 has another seed (8) than shard 1/2 (7)");
		refuses(against({ scoring: "all-or-nothing" }), "has another scoring (all-or-nothing)");
		refuses(against({ target: { name: "src/raft.ts", hash: "123456" } }), "has another submission (123456)");
		refuses(against({ target: { name: "src/raft.ts", hash: null } }), "has another submission (unknown)");
		refuses(against({ tool: { ...HEAD.tool, version: "2.0.0" } }), "has another version of raft-grade (2.0.0)");
	});

	it("refuses shards of other tests, other points, or another number of schedules", () => {
		const first = reportOfShard(1, 2);
		const against = (tests: Grading["tests"]) => [first, reportOfShard(2, 2, {}, { ...ONE_EACH, tests })];
		const [one, two, three] = ONE_EACH.tests as [Grading["tests"][0], Grading["tests"][0], Grading["tests"][0]];
		refuses(against([one, two]), "shard 2/2 is of other tests than shard 1/2");
		refuses(
			against([one, two, { ...three, possible: 9 }]),
			"Test2 is worth other points in shard 2/2 than in shard 1/2",
		);
		refuses(against([one, { ...two, outcomes: ["passed", "passed", "passed"] }, three]), "with one --race-repeat");
		const hidden = reportOfShard(2, 2);
		const [test, ...others] = hidden.tests;
		const tests = [{ ...(test as GradeReport["tests"][0]), visibility: "hidden" as const }, ...others];
		refuses([first, { ...hidden, tests }], "Test0 has another part, title or visibility");
	});

	it("refuses a run that two shards have, and a failure without its run", () => {
		const whole: Grading = { ...ONE_EACH, tests: [{ possible: 1, outcomes: ["passed", { kind: 0, figure: 1 }] }] };
		const [first, second] = shardsOf(whole, 2) as [GradeReport, GradeReport];
		const [test] = first.tests as [GradeReport["tests"][0]];
		const same = { ...second, tests: [{ ...(second.tests[0] as typeof test), runs: test.runs, failures: [] }] };
		refuses([first, same], "one run of Test0 is in the reports of two shards");
		const lost = { ...second, tests: [{ ...(second.tests[0] as typeof test), runs: [] }] };
		refuses([first, lost], "a failure of Test0 names a run that no report has: Test0@2");
	});
});
