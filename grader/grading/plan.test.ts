import { expect } from "chai";
import fc from "fast-check";
import { parseSeed, type Schedule, scheduleOf } from "../../harness/index.ts";
import { LAB_TESTS } from "../policy/policy.ts";
import { selectTests } from "../selection.ts";
import { describeSchedules, hasBaseSeed, type PlanOptions, planRuns } from "./plan.ts";

const OPTIONS: PlanOptions = { baseSeed: parseSeed("7"), schedule: undefined, repeats: undefined, shard: undefined };
const plan = (words: readonly string[], options: Partial<PlanOptions> = {}) =>
	planRuns(selectTests(words, undefined, LAB_TESTS), { ...OPTIONS, ...options });
const names = (tests: ReturnType<typeof planRuns>) =>
	tests.flatMap(({ runs }) => runs.map(({ test, seed, repetition }) => `${test}@${seed} ${repetition}`));

describe("the plan of a grading", () => {
	it("gives a run the same seed whether its test is alone or among all, however often it is repeated", () => {
		const all = names(plan(["all"], { repeats: 20 }));
		expect(all).to.have.length(20 * LAB_TESTS.length);
		expect(new Set(all).size).to.equal(all.length);
		for (const { test } of LAB_TESTS) {
			const alone = names(plan([test], { repeats: 20 }));
			expect(all.filter((name) => name.startsWith(`${test}@`))).to.deep.equal(alone);
			expect(names(plan([test], { repeats: 3 }))).to.deep.equal(alone.slice(0, 3));
		}
	});

	it("plans a run that was shrunk beside the run that it was shrunk from", () => {
		const [run] = plan(["Backup"])[0]?.runs ?? [];
		const [test] = plan(["Backup", `Backup@${run?.seed}~L20h`, `Backup@${run?.seed}`]);
		expect(test?.runs.map(({ seed, kept }) => [seed, kept])).to.deep.equal([
			[run?.seed, undefined],
			[run?.seed, "L20h"],
		]);
	});

	it("tells runs that were asked for by name, which have nothing to do with the base seed, from the others", () => {
		const named = (words: readonly string[], options: Partial<PlanOptions> = {}) =>
			plan(words, options).flatMap(({ runs }) => runs.map(({ isNamed }) => isNamed));
		expect(named(["Backup@1f", "Count@2f"])).to.deep.equal([true, true]);
		expect(hasBaseSeed(plan(["Backup@1f", "Count@2f"]))).to.equal(false);
		expect(hasBaseSeed(plan(["Backup@1f", "Count"]))).to.equal(true);
		// A share of the runs in which there are none.
		expect(hasBaseSeed(plan(["Count"], { shard: { index: 2, count: 2 } }))).to.equal(true);
		expect(named(["Backup", "Backup@1f"], { repeats: 2 })).to.deep.equal([false, false, true]);
	});

	it("has another seed for another base seed", () => {
		const seeds = (seed: string) => plan(["2A"], { baseSeed: parseSeed(seed) }).map(({ runs: [run] }) => run?.seed);
		expect(seeds("8")).to.not.have.members(seeds("7"));
	});

	it("makes one schedule in eight a calm one, and a single run too", () => {
		const [test] = plan(["Backup"], { repeats: 17 });
		const schedules = test?.runs.map(({ seed }) => scheduleOf(seed)) ?? [];
		const calm = schedules.flatMap((schedule, i) => (schedule === "calm" ? [i] : []));
		expect(calm).to.deep.equal([0, 8, 16]);
		expect(plan(["Backup"])[0]?.runs.map(({ seed }) => scheduleOf(seed))).to.deep.equal(["calm"]);
	});

	for (const schedule of ["calm", "race"] satisfies Schedule[]) {
		it(`makes all of them ${schedule} if somebody says so`, () => {
			const [test] = plan(["Backup"], { repeats: 17, schedule });
			expect(new Set(test?.runs.map(({ seed }) => scheduleOf(seed)))).to.deep.equal(new Set([schedule]));
			expect(describeSchedules(test === undefined ? [] : [test])).to.equal(`17 schedules of each test (${schedule})`);
		});
	}

	it("repeats as the policy says, unless the command says otherwise", () => {
		const tests = LAB_TESTS.slice(0, 2).map((test, i) => ({
			test: { ...test, repeats: [5, undefined][i] },
			seed: undefined,
		}));
		const counts = (repeats: number | undefined) =>
			planRuns(tests, { ...OPTIONS, repeats }).map(({ runs }) => runs.length);
		expect(counts(undefined)).to.deep.equal([5, 1]);
		expect(counts(3)).to.deep.equal([3, 3]);
		expect(describeSchedules(planRuns(tests, OPTIONS))).to.equal(
			"up to 5 schedules of each test (one in eight calm, the others race)",
		);
	});

	it("takes runs by name as they are, several of a test as one test's", () => {
		const tests = plan(["Backup@8", "Figure8", "Backup@9", "Backup@8"], { repeats: 2, schedule: "race" });
		expect(tests.map(({ test }) => test)).to.deep.equal(["Backup", "Figure8"]);
		expect(names(tests).slice(0, 2)).to.deep.equal(["Backup@8 0", "Backup@9 1"]);
		expect(tests[1]?.runs).to.have.length(2);
	});

	it("numbers runs by name on after a test's own schedules, and has none of them twice", () => {
		const own = names(plan(["Backup"], { repeats: 2 }));
		const first = own[0]?.split(" ")[0] ?? "";
		const both = names(plan(["Backup", "Backup@9", first], { repeats: 2 }));
		expect(both).to.deep.equal([...own, "Backup@9 2"]);
	});

	it("deals out all runs to shards, each to one", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (count, repeats) => {
				const all = names(plan(["2A", "Backup@9"], { repeats }));
				const shares = Array.from({ length: count }, (_, i) =>
					names(plan(["2A", "Backup@9"], { repeats, shard: { index: i + 1, count } })),
				);
				expect(shares.flat().toSorted()).to.deep.equal(all.toSorted());
				const sizes = shares.map(({ length }) => length);
				expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
			}),
		);
	});

	it("knows all its tests in each shard", () => {
		const share = plan(["2A"], { shard: { index: 5, count: 5 } });
		expect(share.map(({ test, runs }) => [test, runs.length])).to.deep.equal([
			["InitialElection", 0],
			["ReElection", 0],
			["ManyElections", 0],
		]);
	});
});
