import type { Schedule, SourceEdit } from "../../harness/index.ts";
import type { CauseId } from "../../labs/catalog/causes.ts";
import type { TestId } from "../../labs/catalog.ts";

/** What a mistake is about. */
export type Family =
	| "votes"
	| "terms"
	| "timers"
	| "log"
	| "commit"
	| "apply"
	| "persistence"
	| "snapshots"
	| "asynchrony"
	| "start";

/**
 * What a mistake breaks: *safety*, a promise of figure 3 or of the contract, so that something wrong happens; *liveness*, so that
 * something right never happens, or too late; *limits*, one of the labs' own on messages, bytes and sizes.
 */
export type Breaks = "safety" | "liveness" | "limits";

/** A wrong solution: the model solution with one mistake in it. The labs must catch it. */
export interface Mutant {
	/** Its name, in kebab-case. */
	readonly id: string;
	readonly family: Family;
	/** What truly is wrong, of what the catalogue knows: one of these should be among the first that a report names. */
	readonly causes: readonly CauseId[];
	/** The worst that can come of it. */
	readonly breaks: Breaks;
	/** What the code does wrong, in one sentence. */
	readonly mistake: string;
	/** What the paper says and where, what whoever wrote this had in mind, and what breaks; where it was seen, if it was. */
	readonly story: string;
	/** The mistake, as a change to the model solution; files are relative to `reference/`. */
	readonly edits: readonly SourceEdit[];
	/**
	 * The test in which it comes to light. Not given: none brings it to light in so few seeds that trying them is part of the
	 * tests; `npm run teeth` measures what the labs make of such a mistake.
	 */
	readonly caughtBy?: CaughtBy;
	/** If only 2X, invariants or race schedules bring it to light: why the labs' own tests don't. */
	readonly hiddenBecause?: string;
}

/** Where a mistake comes to light, and how surely. */
export interface CaughtBy {
	readonly test: TestId;
	readonly schedule: Schedule;
	/** With how many seeds one may have to try until it does. Not given: one, as every seed brings it to light. */
	readonly within?: number;
}
