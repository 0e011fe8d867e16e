import type { Column } from "./columns.ts";

/** With as many schedules of each test, `--race-repeat` must catch every mistake. */
export const REPEATS = 50;

/** In how many of so many tries something was seen. */
export interface Share {
	readonly hits: number;
	readonly of: number;
}

/** What the labs make of one mistake. */
export interface Measurement {
	/** The mutant's id. */
	readonly name: string;
	/** What was measured with what: the mistake's program, the labs, how often. Another measurement replaces one with another key. */
	readonly key: string;
	/** How often each test catches it; a test that never did is not there. */
	readonly tests: Readonly<Record<Column, Readonly<Record<string, Share>>>>;
	/** How many passes of the 28 tests catch it. */
	readonly labs: Readonly<Record<Column, Share>>;
	/** How many passes of the 28 tests and those of 2X catch it. */
	readonly all: Readonly<Record<Column, Share>>;
	/** A run by which `all 2X --race-repeat 50` catches it. */
	readonly caughtByRepeats?: { readonly test: string; readonly seed: string } | undefined;
	/** How often each check was what it failed, over all runs that were made. */
	readonly checks: Readonly<Record<string, number>>;
}
