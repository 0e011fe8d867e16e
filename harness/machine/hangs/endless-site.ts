import type { Site } from "./site.ts";

/**
 * Fewer rounds are not what makes a step last for seconds: a loop over a whole log makes thousands.
 */
const MANY = 10_000;

/**
 * Where a step hangs, by its counters.
 *
 * It is the loop that has made the most rounds in one activation: a loop inside it that comes to an end, however often it is run, makes fewer. If
 * no loop has made many, it is the function that was called the most: one that calls itself again through promises. If there is no such function
 * either, something built in takes for ever, a regular expression perhaps, after the place that was passed last.
 */
export function endlessSite(counts: ArrayLike<number>, sites: readonly Site[]): Site | undefined {
	return most(counts, sites, "loop") ?? most(counts, sites, "function") ?? sites[counts[sites.length] ?? -1];
}

function most(counts: ArrayLike<number>, sites: readonly Site[], kind: Site["kind"]): Site | undefined {
	let found: Site | undefined;
	let highest = MANY - 1;
	sites.forEach((site, i) => {
		const count = counts[i] ?? 0;
		if (site.kind !== kind || !(count > highest)) return;
		highest = count;
		found = site;
	});
	return found;
}
