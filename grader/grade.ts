import { type Pace, type Program, runSeed, type Schedule, type Seed, type SimulationEvent } from "../harness/index.ts";
import type { LabOutcome, LabRunner } from "./lab-runner.ts";
import type { Selected } from "./selection.ts";

/** What to run, and how. */
export interface GradePlan {
	readonly tests: readonly Selected[];
	/** From it, each run's seed is derived. */
	readonly baseSeed: Seed;
	readonly schedule: Schedule;
	readonly pace?: Pace | undefined;
	/** Hears of every event, as it happens. */
	readonly listener?: ((event: SimulationEvent) => void) | undefined;
}

/** Runs the tests of a plan, one after the other. */
export async function* grade(runner: LabRunner, program: Program, plan: GradePlan): AsyncGenerator<LabOutcome> {
	for (const { test, seed } of plan.tests) {
		yield await runner.run(program, {
			test,
			seed: seed ?? runSeed(plan.baseSeed, test, 0, plan.schedule),
			...(plan.pace === undefined ? {} : { pace: plan.pace }),
			...(plan.listener === undefined ? {} : { listener: plan.listener, explain: true }),
		});
	}
}

/** A seed whose two runs differ. */
export interface Divergence {
	readonly test: string;
	readonly seed: Seed;
	/** The hashes of the two journals. */
	readonly hashes: readonly [string, string];
}

/** Runs each test of a plan twice and compares the journals. Returns the runs that differ. */
export async function checkDeterminism(runner: LabRunner, program: Program, plan: GradePlan): Promise<Divergence[]> {
	const divergences: Divergence[] = [];
	for (const selected of plan.tests) {
		const { test } = selected;
		const seed = selected.seed ?? runSeed(plan.baseSeed, test, 0, plan.schedule);
		const hash = async () => (await runner.run(program, { test, seed, journal: true })).journal?.hash() ?? "";
		const hashes = [await hash(), await hash()] as const;
		if (hashes[0] !== hashes[1]) divergences.push({ test, seed, hashes });
	}
	return divergences;
}
