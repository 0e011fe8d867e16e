import { INVARIANTS, type Program, parseSeed, runSeed } from "../../../harness/index.ts";
import { catalog, extraCatalog } from "../../../labs/catalog.ts";
import { seedOf } from "../../grading/plan.ts";
import type { LabRunner } from "../../lab-runner.ts";
import { COLUMNS, type Column, scheduleFor } from "./columns.ts";
import { type Measurement, REPEATS, type Share } from "./measurement.ts";

/** The base seed of all runs. */
const BASE = parseSeed("7ee7");

/** How often things are tried. */
export interface Effort {
	/** Runs of each test, for the matrix. */
	readonly runs: number;
	/** Passes over all tests. */
	readonly passes: number;
}

const LABS = catalog.map(({ id }) => id);
const EXTRA = extraCatalog.map(({ id }) => id);

/** Measures one mistake: test by test, and by passes. */
export async function measure(
	runner: LabRunner,
	program: Program,
	effort: Effort,
): Promise<Omit<Measurement, "name" | "key">> {
	const checks: Record<string, number> = {};
	const known = new Map<string, Promise<string | undefined>>();

	/** The check that a run fails, or undefined. Each run is made once. */
	const checkOf = (test: string, n: number, column: Column): Promise<string | undefined> => {
		const key = `${column} ${test} ${n}`;
		const made = known.get(key) ?? find(test, n, column);
		known.set(key, made);
		return made;
	};
	const find = async (test: string, n: number, column: Column): Promise<string | undefined> => {
		if (column === "calm, own") {
			// What does not fail by an invariant takes the same course without them.
			const check = await checkOf(test, n, "calm");
			if (check === undefined || !(check in INVARIANTS)) return check;
		}
		const seed = runSeed(BASE, test, n, scheduleFor(column));
		const { failure } = await runner.run(program, { test, seed, invariants: column !== "calm, own" });
		if (failure !== undefined && column !== "calm, own") checks[failure.check] = (checks[failure.check] ?? 0) + 1;
		return failure?.check;
	};
	const count = async (test: string, column: Column): Promise<Share> => {
		let hits = 0;
		for (let n = 0; n < effort.runs; n++) if ((await checkOf(test, n, column)) !== undefined) hits++;
		return { hits, of: effort.runs };
	};

	const tests = emptyColumns<Record<string, Share>>(() => ({}));
	for (const column of COLUMNS) {
		for (const test of [...LABS, ...EXTRA]) {
			const share = await count(test, column);
			if (share.hits > 0) tests[column][test] = share;
		}
	}
	const labs = emptyColumns<Share>(() => ({ hits: 0, of: effort.passes }));
	const all = emptyColumns<Share>(() => ({ hits: 0, of: effort.passes }));
	for (const column of COLUMNS) {
		// Those that caught it before come first: of a pass only counts whether any of its tests does.
		const hits = (test: string) => tests[column][test]?.hits ?? 0;
		const promising = (names: readonly string[]) => [...names].sort((a, b) => hits(b) - hits(a));
		const catches = async (names: readonly string[], n: number) => {
			for (const test of promising(names)) if ((await checkOf(test, n, column)) !== undefined) return true;
			return false;
		};
		for (let n = 0; n < effort.passes; n++) {
			const inLabs = await catches(LABS, n);
			const inAll = inLabs || (await catches(EXTRA, n));
			if (inLabs) labs[column] = plusOne(labs[column]);
			if (inAll) all[column] = plusOne(all[column]);
		}
	}
	return { tests, labs, all, caughtByRepeats: await caughtByRepeats(runner, program, tests), checks };
}

/**
 * The first run by which `all 2X --race-repeat 50` catches it. Tests that caught it before come first: one failing run is as good as another.
 */
async function caughtByRepeats(
	runner: LabRunner,
	program: Program,
	tests: Measurement["tests"],
): Promise<Measurement["caughtByRepeats"]> {
	const hits = (test: string) => (tests.calm[test]?.hits ?? 0) + (tests.race[test]?.hits ?? 0);
	for (const test of [...LABS, ...EXTRA].sort((a, b) => hits(b) - hits(a))) {
		for (let n = 0; n < REPEATS; n++) {
			const seed = seedOf(test, n, undefined, BASE);
			const { failure } = await runner.run(program, { test, seed });
			if (failure !== undefined) return { test, seed };
		}
	}
	return undefined;
}

function emptyColumns<Value>(make: () => Value): Record<Column, Value> {
	return { "calm, own": make(), calm: make(), race: make() };
}

function plusOne({ hits, of }: Share): Share {
	return { hits: hits + 1, of };
}
