/** The names that somebody who typed `typed` may have meant, at most three: one holds the other, or they are at most two slips apart. */
export function similarNames(names: readonly string[], typed: string): readonly string[] {
	const wanted = typed.toLowerCase();
	if (wanted.length < 3) return [];
	return names
		.filter((name) => {
			const known = name.toLowerCase();
			return known.includes(wanted) || wanted.includes(known) || editDistance(known, wanted) <= 2;
		})
		.slice(0, 3);
}

/** How many characters must be inserted, deleted or replaced to turn one text into the other (Levenshtein). */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
		}
		row = next;
	}
	return row[b.length] as number;
}
