import type { Schedule, SourceEdit } from "../../harness/index.ts";
import type { TestId } from "../../labs/catalog.ts";

/** What a mistake is about. */
export type Family = "votes" | "terms" | "timers" | "log" | "commit" | "apply" | "persistence" | "snapshots" | "start";

/** A wrong solution: the model solution with one mistake in it. The labs must catch it. */
export interface Mutant {
	/** Its name, in kebab-case. */
	readonly id: string;
	readonly family: Family;
	/** What the code does wrong, in one sentence. */
	readonly mistake: string;
	/** What the paper says and where, what whoever wrote this had in mind, and what breaks. */
	readonly story: string;
	/** The mistake, as a change to the model solution; files are relative to `reference/`. */
	readonly edits: readonly SourceEdit[];
	/** The test in which it comes to light. */
	readonly caughtBy: {
		readonly test: TestId;
		readonly schedule: Schedule;
		/** With how many seeds one may have to try until it does. Not given: one, as every seed brings it to light. */
		readonly within?: number;
	};
}
