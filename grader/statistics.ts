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
