/**
 * Says of sets of items which is the first that will do.
 *
 * @returns the items of that set that matter, in order; undefined if none of the sets will do.
 * @throws whatever is to end the search.
 */
export type FirstThatDoes<Item> = (sets: Iterable<readonly Item[]>) => Promise<readonly Item[] | undefined>;

/**
 * Delta debugging (Zeller and Hildebrandt's ddmin): leaves out parts, large ones first, as long as the rest does.
 *
 * @param items - a set that does.
 * @returns a set that does, none of whose items can be left out alone.
 */
export async function minimize<Item>(
	items: readonly Item[],
	firstThatDoes: FirstThatDoes<Item>,
): Promise<readonly Item[]> {
	let best = items;
	for (let parts = 2; best.length > 0; ) {
		const count = Math.min(parts, best.length);
		const smaller = await firstThatDoes(withoutParts(best, count));
		if (smaller !== undefined) {
			best = smaller;
			parts = Math.max(2, count - 1);
		} else if (count === best.length) {
			return best;
		} else {
			parts = 2 * count;
		}
	}
	return best;
}

/** Each of the parts alone, if there are few, and then all but each, the latest part left out last. */
function* withoutParts<Item>(items: readonly Item[], count: number): Generator<readonly Item[]> {
	const at = (i: number) => Math.round((i * items.length) / count);
	if (count === 2 && items.length > 1) {
		// All but one half is the other.
		yield items.slice(at(1));
		yield items.slice(0, at(1));
		return;
	}
	for (let i = 0; i < count; i++) yield [...items.slice(0, at(i)), ...items.slice(at(i + 1))];
}
