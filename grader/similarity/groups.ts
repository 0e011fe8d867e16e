import type { SimilarPair } from "./compare.ts";

/**
 * Who belongs together: submissions that pairs lead from one to the other.
 *
 * @returns the names in each group, the largest group first.
 */
export function groupsOf(pairs: readonly SimilarPair[]): readonly (readonly string[])[] {
	const groupOf = new Map<string, Set<string>>();
	for (const { a, b } of pairs) {
		const [one, other] = [a, b].map(({ name }) => groupOf.get(name) ?? new Set([name])) as [Set<string>, Set<string>];
		const [small, large] = one.size < other.size ? [one, other] : [other, one];
		for (const name of small) large.add(name);
		for (const name of large) groupOf.set(name, large);
	}
	return [...new Set(groupOf.values())].map((group) => [...group].sort()).sort((x, y) => y.length - x.length);
}
