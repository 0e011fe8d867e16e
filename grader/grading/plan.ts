import { runSeed, type Schedule, type Seed, scheduleOf } from "../../harness/index.ts";
import type { PolicyTest } from "../policy/policy.ts";
import type { Selected } from "../selection.ts";
import { inShard, type Shard } from "../shard.ts";
import type { RunOrder } from "../worker/messages.ts";

/** One schedule in so many is calm, the others race: some mistakes, such as equal election timeouts, hide behind jitter. */
const CALM_EVERY = 8;

/** A run that is to be made. */
export interface PlannedRun extends RunOrder {
	/** Which of its test's schedules it is, from 0. */
	readonly repetition: number;
	/** Whether it was asked for by its name: then its seed has nothing to do with the base seed. */
	readonly isNamed: boolean;
}

/** A test, and all the runs that are to be made of it. */
export interface PlannedTest extends PolicyTest {
	readonly runs: readonly PlannedRun[];
}

/** What decides which runs are made. */
export interface PlanOptions {
	/** From it, each run's seed is derived. */
	readonly baseSeed: Seed;
	/** The schedule of every run; undefined: calm if there is but one run, else calm now and then and race else. */
	readonly schedule: Schedule | undefined;
	/** How many schedules of each test; undefined: as the policy says, else one. */
	readonly repeats: number | undefined;
	/** Which share of all the runs is to be made here. */
	readonly shard: Shard | undefined;
}

/** Plans the runs of tests, in order. */
export function planRuns(selected: readonly Selected<PolicyTest>[], options: PlanOptions): readonly PlannedTest[] {
	const tests = new Map(selected.map(({ test }) => [test.test, test]));
	let index = 0;
	return [...tests.values()].map((test) => {
		const asked = selected.filter((one) => one.test.test === test.test);
		const schedules = asked.some(({ seed }) => seed === undefined) ? repetitionsOf(test, options) : [];
		// Runs asked for by name come after those, and are numbered on.
		const named = asked.flatMap(({ seed, kept }) => (seed === undefined ? [] : [{ seed, kept }]));
		const others = named.filter(({ seed, kept }) => kept !== undefined || schedules.every((run) => run.seed !== seed));
		const runs = [
			...schedules,
			...others.map((run, i) => ({ ...run, repetition: schedules.length + i, isNamed: true })),
		]
			.map((run): PlannedRun => ({ ...run, test: test.test, purpose: "judge" }))
			.filter(() => options.shard === undefined || inShard(index++, options.shard));
		return { ...test, runs };
	});
}

/** The seed of a test's nth run. */
export function seedOf(test: string, repetition: number, schedule: Schedule | undefined, baseSeed: Seed): Seed {
	return runSeed(baseSeed, test, repetition, schedule ?? (repetition % CALM_EVERY === 0 ? "calm" : "race"));
}

/** Whether the base seed decides any of a plan's runs: not if all of them were asked for by their names. */
export function hasBaseSeed(tests: readonly PlannedTest[]): boolean {
	const runs = tests.flatMap((test) => test.runs);
	return runs.length === 0 || runs.some(({ isNamed }) => !isNamed);
}

/** What a plan's schedules are, in words. */
export function describeSchedules(tests: readonly PlannedTest[]): string {
	const most = Math.max(...tests.map(({ runs }) => runs.length));
	const kinds = new Set(tests.flatMap(({ runs }) => runs.map(({ seed }) => scheduleOf(seed))));
	const kind = kinds.size === 1 ? [...kinds].join() : "one in eight calm, the others race";
	if (most <= 1) return `schedule ${[...kinds].join(" and ")}`;
	const isEven = tests.every(({ runs }) => runs.length === most);
	return `${isEven ? "" : "up to "}${most} schedules of each test (${kind})`;
}

function repetitionsOf({ test, repeats: own }: PolicyTest, { baseSeed, schedule, repeats }: PlanOptions) {
	const count = repeats ?? own ?? 1;
	// One run is a calm one, unless somebody asks for another.
	return Array.from({ length: count }, (_, repetition) => ({
		repetition,
		isNamed: false,
		seed: seedOf(test, repetition, schedule, baseSeed),
	}));
}
