import { type Choice, type ChoiceSet, formatChoices, runSeed, type Seed, scheduleOf } from "../../harness/index.ts";
import type { RunOfTest } from "../run-name.ts";
import type { RunFailure, RunOrder, RunOutcome } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import { Attempts } from "./attempts.ts";
import { FEW, findSmallSet } from "./strategy.ts";

/** So many runs are made at most if nobody says otherwise. */
export const USUAL_TRIES = 300;
/** It is over after so many real seconds, however many tries are left: a safety net. Which tries are made must not depend on how fast a machine is. */
export const USUAL_SECONDS = 60;
/** So large a part of them is for the run itself; the rest is for other seeds, if much is left. */
const OWN_SHARE = 0.75;

export interface ShrinkOptions {
	readonly test: string;
	readonly run: RunOfTest;
	/** How many runs may be made. */
	readonly tries: number;
	/** Stops it: what has been found until then is the result. */
	readonly signal: AbortSignal;
	/** Hears how it goes: how many runs have been made, and how many choices are left. */
	readonly onProgress?: (tries: number, choices: number) => void;
}

/** Why there is nothing to tell. */
export type Unshrunk =
	| { readonly kind: "passed" }
	/** The sandbox stopped the run: it would take as long each time. */
	| { readonly kind: "contained"; readonly failure: RunFailure }
	/** It was stopped before the run itself was over. */
	| { readonly kind: "stopped" };

/** A run that was shrunk. */
export interface Found {
	readonly kind: "found";
	/** How the run itself failed. */
	readonly failure: RunFailure;
	/** So many choices came up in it that were not at their defaults. */
	readonly of: number;
	/** The seed of the shrunk run: another one than the run's own if its choices were too many, and with this one none are needed. */
	readonly seed: Seed;
	/** What the shrunk run keeps, as formatChoices writes it. */
	readonly kept: string;
	/** So many runs were made. */
	readonly tries: number;
	/** Why it is not known that none of these choices can be left out. */
	readonly cutShort: "tries" | "stopped" | undefined;
}

/**
 * Looks for a small set of choices with which a run still fails by the same check. The same for the same target, run and number of tries, as long as nobody stops it.
 *
 * @throws WorkerFault for a fault of raft-grade itself.
 */
export async function shrink(pool: Pick<Pool, "run">, options: ShrinkOptions): Promise<Unshrunk | Found> {
	const { test, run, signal, onProgress } = options;
	const original = await runOnce(pool, { test, ...run, purpose: "shrink" }, signal);
	if (original === undefined) return { kind: "stopped" };
	const { failure, choices: all = [] } = original;
	if (failure === undefined) return { kind: "passed" };
	if (failure.isContained) return { kind: "contained", failure };

	let best = { seed: run.seed, choices: all as readonly Choice[] };
	let ran = 0;
	const onTry = () => onProgress?.(++ran, best.choices.length);
	const attempts = new Attempts(pool, { test, check: failure.check, tries: options.tries, signal, onTry });
	attempts.follow(failure);
	const own = Math.ceil(OWN_SHARE * options.tries);
	let minimal: readonly Choice[] | undefined;
	const first = async (sets: Iterable<ChoiceSet>) => {
		const hit = await attempts.first(keepingEach(run.seed, sets), own);
		if (hit === undefined && (attempts.tries >= own || signal.aborted)) throw new OutOfTries();
		if (hit !== undefined && hit.kept.length < best.choices.length) best = { seed: run.seed, choices: hit.kept };
		return hit?.kept;
	};
	try {
		await findSmallSet(all, first, (choices) => {
			minimal = choices;
		});
	} catch (error) {
		if (!(error instanceof OutOfTries)) throw error;
	}
	if (best.choices.length > FEW && !signal.aborted) {
		const hit = await attempts.first(otherSeeds(test, run.seed));
		if (hit !== undefined) best = { seed: hit.run.seed, choices: hit.kept };
	}
	const isMinimal = best.choices.length === 0 || best.choices.length === minimal?.length;
	return {
		kind: "found",
		failure,
		of: all.length,
		seed: best.seed,
		kept: formatChoices({ decisions: [], choices: best.choices }),
		tries: attempts.tries,
		cutShort: isMinimal ? undefined : signal.aborted ? "stopped" : "tries",
	};
}

/** A run that was shrunk, and what is told of it. */
export interface Told extends Found {
	/** How the shrunk run fails: by the same check, not necessarily with the same words. */
	readonly told: RunFailure;
	/** What the choices that it keeps did, a sentence each, in the order in which they came up. */
	readonly choices: readonly string[];
	readonly lastEvents: readonly string[];
}

/** {@link shrink}, and then the shrunk run once more, to be told. Also when it was stopped: what it has found until then is told. */
export async function shrinkAndTell(pool: Pick<Pool, "run">, options: ShrinkOptions): Promise<Unshrunk | Told> {
	const shrunk = await shrink(pool, options);
	if (shrunk.kind !== "found") return shrunk;
	const { test } = options;
	const { seed, kept } = shrunk;
	const outcome = await runOnce(pool, { test, seed, kept, purpose: "explain" });
	const { failure, toldChoices = [], lastEvents = [] } = outcome ?? {};
	return { ...shrunk, told: failure ?? shrunk.failure, choices: toldChoices, lastEvents };
}

/** Ends a search. */
class OutOfTries extends Error {}

async function runOnce(
	pool: Pick<Pool, "run">,
	order: RunOrder,
	signal?: AbortSignal,
): Promise<RunOutcome | undefined> {
	let outcome: RunOutcome | undefined;
	await pool.run(
		[order],
		(_, its) => {
			outcome = its;
		},
		signal,
	);
	return outcome;
}

function* keepingEach(seed: Seed, sets: Iterable<ChoiceSet>): Generator<RunOfTest> {
	for (const set of sets) yield { seed, kept: formatChoices(set) };
}

/** Other runs of the test in which nothing goes wrong by chance. */
function* otherSeeds(test: string, seed: Seed): Generator<RunOfTest> {
	const nothing = formatChoices({ decisions: [], choices: [] });
	for (let i = 0; ; i++) yield { seed: runSeed(seed, test, i, scheduleOf(seed)), kept: nothing };
}
