import { countOf, firstCallOf, LAST_PASSED, lastTickOf, longestOf, type Site, TICKS } from "./site.ts";

/**
 * A loop that goes round for the thousandth time and hasn't come to its end. A loop over a whole log makes as many rounds, but is not
 * still at it when the time is up; and one that never ends makes a thousand even if a round of it takes milliseconds.
 */
const MANY_ROUNDS = 1_000;

/** A step calls a function some ten thousand times if it goes through a long log. One that calls itself by way of promises is there in a moment. */
const MANY_CALLS = 50_000;

/** How often a function may be called while another one is called once, before that other one is left out of account. */
const CALLS_PER_ROUND = 100;

/**
 * Where a step hangs, by its counters.
 *
 * It is the loop that has made the most rounds, of those that are still going round and never made so many and came to an end. A generator's
 * loop is driven by whoever takes from it, so it is looked at after the others.
 *
 * If there is no such loop, it is a function that calls itself again through promises, or without end. What it calls is called as often as itself,
 * or more often; but it leads to itself, and was called before they were.
 *
 * If there is no such function either, something built in takes for ever, a regular expression perhaps, after the place that was passed last.
 *
 * @param counts - as the run left them; it may have written anything into them.
 */
export function endlessSite(counts: ArrayLike<number>, sites: readonly Site[]): Site | undefined {
	const active = [...sites.keys()].filter((site) => isActive(counts, site));
	const loops = active.filter((site) => sites[site]?.kind === "loop" && isBeyondItsUsual(counts, site));
	const functions = active.filter((site) => sites[site]?.kind === "function");
	const found =
		furthest(
			counts,
			loops.filter((site) => !sites[site]?.yields),
		) ??
		furthest(counts, loops) ??
		endlessFunction(counts, functions, sites) ??
		(counts[LAST_PASSED] ?? 0) - 1;
	return sites[found];
}

/** Whether it was passed in the last tenth of what was counted. What came to its end, or waits for what hangs, was not. */
function isActive(counts: ArrayLike<number>, site: number): boolean {
	return (counts[lastTickOf(site)] ?? 0) >= 0.9 * (counts[TICKS] ?? 0);
}

function isBeyondItsUsual(counts: ArrayLike<number>, loop: number): boolean {
	const rounds = counts[countOf(loop)] ?? 0;
	return rounds >= MANY_ROUNDS && rounds > 2 * (counts[longestOf(loop)] ?? 0);
}

function furthest(counts: ArrayLike<number>, loops: readonly number[]): number | undefined {
	const rounds = (loop: number) => counts[countOf(loop)] ?? 0;
	return loops.toSorted((a, b) => rounds(b) - rounds(a))[0];
}

function endlessFunction(
	counts: ArrayLike<number>,
	functions: readonly number[],
	sites: readonly Site[],
): number | undefined {
	const calls = (site: number) => counts[countOf(site)] ?? 0;
	const most = functions.reduce((highest, site) => Math.max(highest, calls(site)), 0);
	const busy = functions
		.filter((site) => calls(site) >= Math.max(MANY_CALLS, most / CALLS_PER_ROUND))
		.sort((a, b) => (counts[firstCallOf(a)] ?? 0) - (counts[firstCallOf(b)] ?? 0));
	return busy.find((site) => leadsToItself(site, sites, new Set(busy))) ?? busy[0];
}

/** Whether a function may lead to itself by way of these. */
function leadsToItself(site: number, sites: readonly Site[], among: ReadonlySet<number>): boolean {
	const reached = new Set([site]);
	// What is added to a set while it is gone through is gone through, too.
	for (const next of reached) {
		for (const target of sites[next]?.leadsTo ?? []) {
			if (target === site) return true;
			if (among.has(target)) reached.add(target);
		}
	}
	return false;
}
