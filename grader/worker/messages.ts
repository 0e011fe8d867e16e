/** What the grader and its workers tell each other. */
import type { FailureDetails, Figures, KeptChoice, ProgramSource, SimulationEvent } from "../../harness/index.ts";
import type { CauseId } from "../../labs/catalog/causes.ts";
import type { Story } from "../narrative/story.ts";
import type { JournalEvent } from "../replay/journal-schema.ts";
import type { RunOfTest } from "../run-name.ts";

/**
 * What a run is made for: `judge` decides a verdict, `explain` runs a failed run again to say more about it, `hash` sums up its course,
 * `watch` tells of every event as it happens, `record` of all of them, in batches, and `shrink` says which choices came up in a run that failed.
 */
export type Purpose = "judge" | "explain" | "hash" | "watch" | "record" | "shrink";

/** One run that a worker is to make. */
export interface RunOrder extends RunOfTest {
	readonly test: string;
	readonly purpose: Purpose;
	/** Virtual seconds in a real one, for a run that is watched. */
	readonly speed?: number | undefined;
	/** Virtual milliseconds after which the run fails as one that takes too long; undefined: the labs' limit. */
	readonly limitMs?: number | undefined;
}

/** Why a run failed: a LabFailure, as plain data. */
export interface RunFailure {
	readonly check: string;
	readonly message: string;
	/** Virtual milliseconds. */
	readonly atMs: number;
	readonly details: FailureDetails;
	/** Whether the sandbox had to stop it. */
	readonly isContained: boolean;
}

/** What came of a run, as plain data. */
export interface RunOutcome {
	readonly failure: RunFailure | undefined;
	readonly figures: Figures;
	readonly warnings: readonly string[];
	/** Real milliseconds. */
	readonly wallMs: number;
	/** The last few events of each server, for people; only of a run that was to be explained. */
	readonly lastEvents?: readonly string[] | undefined;
	/** The chain of events behind its failure, told of the events that are recorded; only of a run that was to be explained. */
	readonly story?: Story | undefined;
	/** What it speaks for, the likeliest first; only of a run that was to be explained. */
	readonly causes?: readonly CauseId[] | undefined;
	/** What became of the choices that it kept, told one by one; only of a run that was shrunk, and was to be explained. */
	readonly toldChoices?: readonly string[] | undefined;
	/** The choices that came up and kept what was drawn, in order; only of a run that was shrunk, and failed. */
	readonly choices?: readonly KeptChoice[] | undefined;
	/** The hash of its journal; only of a run whose course was to be summed up. */
	readonly journalHash?: string | undefined;
}

export type ToWorker =
	/** The first message: what it is to judge. */
	| { readonly kind: "program"; readonly source: ProgramSource; readonly stepLimitMs: number | undefined }
	| { readonly kind: "run"; readonly id: number; readonly order: RunOrder };

export type FromWorker =
	/** Its own code is there; now it loads the target. */
	| { readonly kind: "up" }
	/** The target has been loaded and could be started; these tests are known. */
	| { readonly kind: "ready"; readonly tests: readonly string[] }
	/** The target cannot be used at all. */
	| { readonly kind: "unusable"; readonly message: string }
	| { readonly kind: "outcome"; readonly id: number; readonly outcome: RunOutcome }
	| { readonly kind: "event"; readonly event: SimulationEvent }
	/** What a recorded run has come to; `first` is the number of the first of these events in it. */
	| { readonly kind: "events"; readonly id: number; readonly first: number; readonly events: readonly JournalEvent[] }
	/** A sign of life. */
	| { readonly kind: "beat" }
	/** Our own fault, not the target's. */
	| { readonly kind: "fault"; readonly stack: string };
