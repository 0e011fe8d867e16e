/** Whether a version is another or a later one: 20.19.0 is at least 20.9. What comes after the numbers is not looked at. */
export function isAtLeast(version: string, other: string): boolean {
	const [own, its] = [numbers(version), numbers(other)];
	for (const [i, number] of its.entries()) {
		const difference = (own[i] ?? 0) - number;
		if (difference !== 0) return difference > 0;
	}
	return true;
}

function numbers(version: string): number[] {
	return version
		.replace(/[-+].*$/, "")
		.split(".")
		.map(Number);
}
