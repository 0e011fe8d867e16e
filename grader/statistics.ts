/** The middle value; the upper of two. */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** A Markdown table; the first column is text, the others are figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
	return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** A share of `of` tries, and the interval in which the true one lies with 95 % confidence (Wilson's). */
export interface Estimate {
	readonly share: number;
	readonly low: number;
	readonly high: number;
}

/** What `hits` in `of` tries say of how often it happens. */
export function estimate(hits: number, of: number): Estimate {
	if (of === 0) return { share: Number.NaN, low: 0, high: 1 };
	const z = 1.96;
	const share = hits / of;
	const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
	const scale = 1 + (z * z) / of;
	const middle = share + (z * z) / (2 * of);
	return {
		share,
		low: hits === 0 ? 0 : Math.max(0, (middle - spread) / scale),
		high: hits === of ? 1 : Math.min(1, (middle + spread) / scale),
	};
}
