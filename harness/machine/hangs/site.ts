/** A place in a script by which a run can pass. Plain data: it is sent to other processes. */
export interface Site {
	/** Counted from 1. */
	readonly line: number;
	/** Counted from 1. */
	readonly column: number;
	/** A statement is no more than a place that was passed: one that calls something. Loops and functions are counted. */
	readonly kind: "loop" | "function" | "statement";
	/** The function's name, or that of the function around it; empty if it has none. */
	readonly functionName: string;
	/** A loop that hands on values with `yield`: it goes round only as often as somebody asks for the next one. */
	readonly yields?: true;
	/** Of a function: those that it may lead to, as indices of sites. They are inside it, or it mentions their names. */
	readonly leadsTo?: readonly number[];
}

/** The counter that holds the number of the site passed last, counted from 1. */
export const LAST_PASSED = 0;
/** The counter that goes up at every round of a loop and at every call of a function: the time by which these are ordered. */
export const TICKS = 1;
const FIRST_SITE = 2;
const PER_SITE = 3;

/** How many counters a script has with these sites. */
export function slotsFor(sites: readonly Site[]): number {
	return FIRST_SITE + PER_SITE * sites.length;
}

/** The counter of a function's calls, or of the rounds of a loop that is still going round: the furthest, if there are several. */
export function countOf(site: number): number {
	return FIRST_SITE + PER_SITE * site;
}

/** The counter that holds the tick at which a function was called first. */
export function firstCallOf(site: number): number {
	return countOf(site) + 1;
}

/** The counter that holds the rounds of a loop's longest activation that came to its end. */
export function longestOf(site: number): number {
	return countOf(site) + 1;
}

/** The counter that holds the tick at which a loop or a function was passed last. */
export function lastTickOf(site: number): number {
	return countOf(site) + 2;
}
