import { type EventListener, type Pace, type Program, runSeed, type Schedule, type Seed } from "../harness/index.ts";
import type { LabOutcome, LabRunner } from "./lab-runner.ts";
import type { Selected } from "./selection.ts";

/** One schedule in so many is calm, the others race: some mistakes, such as equal election timeouts, hide behind jitter. */
const CALM_EVERY = 8;

/** What to run, and how. */
export interface GradePlan {
	readonly tests: readonly Selected[];
	/** From it, each run's seed is derived. */
	readonly baseSeed: Seed;
	/** The schedule of every run; undefined: calm now and then, race else, beginning with a calm one. */
	readonly schedule: Schedule | undefined;
	/** How many schedules of each test. */
	readonly repeats: number;
	readonly pace?: Pace | undefined;
	/** Hears of every event, as it happens. */
	readonly listener?: EventListener | undefined;
}

/** What came of one test, over all its schedules. It passed if none failed. */
export interface TestVerdict {
	readonly test: string;
	readonly outcomes: readonly LabOutcome[];
	readonly failed: readonly LabOutcome[];
}

/** Runs the tests of a plan, one after the other. */
export async function* grade(runner: LabRunner, program: Program, plan: GradePlan): AsyncGenerator<TestVerdict> {
	for (const selected of plan.tests) {
		const { test } = selected;
		const outcomes: LabOutcome[] = [];
		for (const seed of seedsOf(selected, plan)) {
			const { pace, listener } = plan;
			const watched = listener === undefined ? {} : { listener, explain: true };
			outcomes.push(await runner.run(program, { test, seed, ...watched, ...(pace === undefined ? {} : { pace }) }));
		}
		yield { test, outcomes, failed: outcomes.filter(({ failure }) => failure !== undefined) };
	}
}

/** The seeds of a test's runs. A test that was asked for with a seed is that one run. */
function seedsOf({ test, seed }: Selected, { baseSeed, schedule, repeats }: GradePlan): readonly Seed[] {
	if (seed !== undefined) return [seed];
	return Array.from({ length: repeats }, (_, repetition) =>
		runSeed(baseSeed, test, repetition, schedule ?? (repetition % CALM_EVERY === 0 ? "calm" : "race")),
	);
}

/** A seed whose two runs differ. */
export interface Divergence {
	readonly test: string;
	readonly seed: Seed;
	/** The hashes of the two journals. */
	readonly hashes: readonly [string, string];
}

/** Runs each run of a plan twice and compares the journals. Returns the runs that differ. */
export async function checkDeterminism(runner: LabRunner, program: Program, plan: GradePlan): Promise<Divergence[]> {
	const divergences: Divergence[] = [];
	for (const selected of plan.tests) {
		const { test } = selected;
		for (const seed of seedsOf(selected, plan)) {
			const hash = async () => (await runner.run(program, { test, seed, journal: true })).journal?.hash() ?? "";
			const hashes = [await hash(), await hash()] as const;
			if (hashes[0] !== hashes[1]) divergences.push({ test, seed, hashes });
		}
	}
	return divergences;
}
