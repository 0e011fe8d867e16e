import type { KeptChoice } from "../../harness/index.ts";
import type { RunOfTest } from "../run-name.ts";
import type { RunOrder } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";

/** A run that failed in the wanted way. */
export interface Hit {
	readonly run: RunOfTest;
	/** The choices that came up in it and kept what was drawn, in order. */
	readonly kept: readonly KeptChoice[];
	/** When it failed, in virtual milliseconds. */
	readonly atMs: number;
}

export interface AttemptsOptions {
	readonly test: string;
	/** The check that is to fail. */
	readonly check: string;
	/** So many runs may be made. */
	readonly tries: number;
	/** Stops it. */
	readonly signal: AbortSignal;
	/** Hears of each run. */
	readonly onTry?: () => void;
}

/** A run that is tried. */
interface Attempt extends RunOrder {
	readonly place: number;
}

/** A run that did not fail by then is given up: what it was tried for must come sooner or later, and later costs time. */
const PATIENCE = { factor: 1.5, ms: 3_000 } as const;

/**
 * Makes runs, and tells which is the first that fails in the wanted way. Which one that is, and what counts as a try, does not depend on how many workers there
 * are or how fast they are.
 */
export class Attempts {
	/** So many runs have been made that count. */
	tries = 0;
	/** No run need go on for longer than this, in virtual milliseconds. */
	limitMs: number | undefined;
	readonly #pool: Pick<Pool, "run">;
	readonly #options: AttemptsOptions;

	constructor(pool: Pick<Pool, "run">, options: AttemptsOptions) {
		this.#pool = pool;
		this.#options = options;
	}

	/** From now on no run need go on for much longer than one that failed. */
	follow({ atMs }: Pick<Hit, "atMs">): void {
		if (this.#options.check !== "time-limit") this.limitMs = PATIENCE.factor * atMs + PATIENCE.ms;
	}

	/**
	 * The first of these runs that fails in the wanted way; undefined if none does, or no more may be made.
	 *
	 * @param upTo - so many tries may have been made then.
	 */
	async first(runs: Iterable<RunOfTest>, upTo = this.#options.tries): Promise<Hit | undefined> {
		const { test, check, signal, onTry } = this.#options;
		const { limitMs } = this;
		let made = 0;
		let best: { readonly place: number; readonly hit: Hit } | undefined;
		const left = Math.min(upTo, this.#options.tries) - this.tries;
		function* orders(): Generator<Attempt> {
			for (const { seed, kept } of runs) {
				// Later ones no longer count.
				if (best !== undefined || made >= left) return;
				yield { test, seed, kept, limitMs, purpose: "shrink", place: made++ };
			}
		}
		await this.#pool.run(
			orders(),
			({ place, seed, kept }, { failure, choices = [] }) => {
				onTry?.();
				if (failure?.check !== check || failure.isContained || (best !== undefined && best.place < place)) return;
				best = { place, hit: { run: { seed, kept }, kept: choices, atMs: failure.atMs } };
			},
			signal,
		);
		this.tries += best === undefined ? made : best.place + 1;
		// Of what was stopped, nobody knows whether it was the first.
		if (signal.aborted || best === undefined) return undefined;
		this.follow(best.hit);
		return best.hit;
	}
}
