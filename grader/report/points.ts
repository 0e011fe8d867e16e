/** Points to two decimals: a fraction of a test's points may be any number. */
export function roundPoints(points: number): number {
	return Math.round(points * 100) / 100;
}

/** How many points of how many, for people. */
export function describePoints({ earned, possible }: { readonly earned: number; readonly possible: number }): string {
	return `${roundPoints(earned)} of ${roundPoints(possible)} ${possible === 1 ? "point" : "points"}`;
}
