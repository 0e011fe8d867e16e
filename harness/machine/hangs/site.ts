/** A place in a script that is counted: a loop, or a function. */
export interface Site {
	/** Counted from 1. */
	readonly line: number;
	/** Counted from 1. */
	readonly column: number;
	readonly kind: "loop" | "function";
	/** The function's name, or that of the function around the loop; empty if it has none. */
	readonly functionName: string;
}

/** How many counters a script has with these sites: one each, and one for the place passed last. */
export function slotsFor(sites: readonly Site[]): number {
	return sites.length + 1;
}
