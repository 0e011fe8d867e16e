// Beyond this, finding the least difference costs more than it tells.
const CELLS_MAX = 1_000_000;
const CONTEXT_LINES = 2;
const SHOWN_LINES_MAX = 60;

/** The lines of both, those only in `actual` marked `+`, those only in `expected` marked `-`, long equal parts left out. */
export function lineDiff(actual: string, expected: string): string {
	const a = actual.split("\n");
	const b = expected.split("\n");
	let start = 0;
	while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
	let end = 0;
	while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const lines = [
		...a.slice(0, start).map((line) => `  ${line}`),
		...changes(a.slice(start, a.length - end), b.slice(start, b.length - end)),
		...a.slice(a.length - end).map((line) => `  ${line}`),
	];
	const shown = nearChanges(lines);
	if (shown.length <= SHOWN_LINES_MAX) return shown.join("\n");
	return [...shown.slice(0, SHOWN_LINES_MAX), "..."].join("\n");
}

function changes(a: readonly string[], b: readonly string[]): string[] {
	const added = a.map((line) => `+ ${line}`);
	const missing = b.map((line) => `- ${line}`);
	if (a.length * b.length > CELLS_MAX) return [...added, ...missing];
	// common[i][j]: how many lines a from i and b from j have in common, in order.
	const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
	const at = (i: number, j: number) => common[i]?.[j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			(common[i] as Uint16Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const lines: string[] = [];
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			lines.push(`  ${a[i]}`);
			i++;
			j++;
		} else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) lines.push(added[i++] as string);
		else lines.push(missing[j++] as string);
	}
	return lines;
}

function nearChanges(lines: readonly string[]): string[] {
	const changed = lines.flatMap((line, i) => (line.startsWith("  ") ? [] : [i]));
	const isNear = (i: number) => changed.some((at) => Math.abs(at - i) <= CONTEXT_LINES);
	const shown: string[] = [];
	for (const [i, line] of lines.entries()) {
		if (isNear(i)) shown.push(line);
		else if (shown[shown.length - 1] !== "...") shown.push("...");
	}
	return shown;
}
