import type { CauseId } from "./causes.ts";

/** The parts of the lab. */
export type Part = "2A" | "2B" | "2C" | "2D" | "2X";

/** What is to be known about a test beside what it does. */
export interface Entry {
	/** Its name, as in the suites and on the command line. */
	readonly id: string;
	readonly part: Part;
	/** What it tests, in a few words. */
	readonly title: string;
	/** What passing it is worth. */
	readonly points: number;
	/** Number of servers in its cluster. */
	readonly servers: number;
	/** What happens in it, in one paragraph. */
	readonly story: string;
	/** Where the paper (extended version) says what should happen. */
	readonly paper: string;
	/** Why submissions usually fail it, the most likely first. */
	readonly causes: readonly string[];
	/** For a test that was made to bring certain mistakes to light: which, the likeliest first. They are the first suspects of whoever fails it. */
	readonly aims?: readonly CauseId[];
}
