import { expect } from "chai";
import fc from "fast-check";
import { parseSeed } from "../../harness/index.ts";
import { LAB_TESTS } from "../policy/policy.ts";
import { selectTests } from "../selection.ts";
import type { RunFailure, RunOrder, RunOutcome } from "../worker/messages.ts";
import { type MakeRunsOptions, makeRuns, type TestResult } from "./make-runs.ts";
import { type PlannedRun, planRuns } from "./plan.ts";

const TESTS = planRuns(selectTests(["2A"], undefined, LAB_TESTS), {
	baseSeed: parseSeed("7"),
	schedule: undefined,
	repeats: 6,
	shard: undefined,
});

type Verdict = "pass" | "fail" | "contained";

/** A pool that has `lanes` runs under way, and of which `choose` says which ends next. */
function fakePool(lanes: number, choose: (underWay: number) => number, verdictOn: (run: PlannedRun) => Verdict) {
	return {
		async run<Order extends RunOrder>(
			orders: Iterable<Order>,
			onOutcome: (order: Order, outcome: RunOutcome) => void,
			signal?: AbortSignal,
			isWanted: (order: Order) => boolean = () => true,
		) {
			const iterator = orders[Symbol.iterator]();
			const underWay: Order[] = [];
			for (;;) {
				while (underWay.length < lanes) {
					const { value, done } = iterator.next();
					if (done === true) break;
					underWay.push(value);
				}
				const [order] = underWay.splice(choose(underWay.length), 1);
				if (order === undefined || signal?.aborted === true) return;
				if (isWanted(order)) onOutcome(order, outcome(verdictOn(order as unknown as PlannedRun)));
			}
		},
	};
}

function outcome(verdict: Verdict): RunOutcome {
	const failure: RunFailure = {
		check: verdict,
		message: verdict,
		atMs: 0,
		details: {},
		isContained: verdict === "contained",
	};
	const figures = { virtualMs: 0, servers: 3, rpcs: 0, bytes: 0, agreements: 0, elections: 0 };
	return { failure: verdict === "pass" ? undefined : failure, figures, warnings: [], wallMs: 0 };
}

const inOrder = (results: readonly TestResult[]) =>
	results.map(({ test, results: runs }) => [
		test.test,
		...runs.map(({ run, outcome: { failure } }) => `${run.repetition} ${failure?.check ?? "pass"}`).toSorted(),
	]);

async function grade(pool: ReturnType<typeof fakePool>, options: Partial<MakeRunsOptions> = {}) {
	const told: TestResult[] = [];
	const results = await makeRuns(pool, TESTS, {
		bail: false,
		signal: new AbortController().signal,
		onRun: () => {},
		onTest: (result) => told.push(result),
		...options,
	});
	return { results, told };
}

/** The second test fails twice, the third hangs in its third schedule and in all that follow. */
const verdictOn = ({ test, repetition }: PlannedRun): Verdict => {
	if (test === "ReElection") return repetition % 3 === 1 ? "fail" : "pass";
	return test === "ManyElections" && repetition >= 2 ? "contained" : "pass";
};

describe("making runs", () => {
	it("finds the same whatever the number of workers and the order in which runs end, and tells each test once, in order", async () => {
		const expected = inOrder((await grade(fakePool(1, () => 0, verdictOn))).results);
		expect(expected[1]).to.deep.equal(["ReElection", "0 pass", "1 fail", "2 pass", "3 pass", "4 fail", "5 pass"]);
		expect(expected[2]).to.deep.equal(["ManyElections", "0 pass", "1 pass", "2 contained"]);
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.infiniteStream(fc.nat()), async (lanes, chance) => {
				const choose = (underWay: number) => (chance.next().value ?? 0) % Math.max(1, underWay);
				const { results, told } = await grade(fakePool(lanes, choose, verdictOn));
				expect(inOrder(results)).to.deep.equal(expected);
				expect(inOrder(told)).to.deep.equal(expected);
			}),
		);
	});

	it("gives a test up of which a run had to be stopped: the rest of it is not made", async () => {
		const made: string[] = [];
		await grade(
			fakePool(
				1,
				() => 0,
				({ test }) => (test === "ReElection" ? "contained" : "pass"),
			),
			{
				onRun: ({ run }) => made.push(run.test),
			},
		);
		const count = (test: string) => made.filter((one) => one === test).length;
		expect(["InitialElection", "ReElection", "ManyElections"].map(count)).to.deep.equal([6, 1, 6]);
	});

	it("stops at the first failure if it is to", async () => {
		const { results, told } = await grade(
			fakePool(1, () => 0, verdictOn),
			{ bail: true },
		);
		expect(inOrder(results)).to.deep.equal([
			["InitialElection", ...Array.from({ length: 6 }, (_, i) => `${i} pass`)],
			["ReElection", "0 pass", "1 fail"],
			["ManyElections"],
		]);
		// The last of them was begun.
		expect(told.map(({ test }) => test.test)).to.deep.equal(["InitialElection", "ReElection"]);
	});
});
