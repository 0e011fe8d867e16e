// Where Node breaks lines: the rules of `reduceToSingleString` and `groupArrayElements` in its lib/internal/util/inspect.js.
import type { Context } from "./options.ts";

/** The opening text (with the kind of object), the entries, and the bracket that closes them. */
export interface Parts {
	/** What stands for the object itself, before its properties: a function's name, an error's stack. */
	base: string;
	open: string;
	close: string;
	entries: string[];
	/** The array whose elements the entries are, for these are set in columns. */
	array?: ArrayLike<unknown> | undefined;
}

/** Puts the entries on one line if they are few and short, else one on a line; the elements of a long array in columns. */
export function layOut(context: Context, parts: Parts, depth: number): string {
	const { base, open, close, entries } = parts;
	const { compact } = context;
	const indent = `\n${" ".repeat(context.indentation)}`;
	const lead = base === "" ? "" : `${base} `;
	if (compact === true) {
		if (fits(context, entries, 0, base)) return `${open}${base && ` ${base}`} ${entries.join(", ")} ${close}`;
		const start = base === "" && open.length === 1 ? " " : `${base && ` ${base}`}${indent}  `;
		return `${open}${start}${entries.join(`,${indent}  `)} ${close}`;
	}
	let lines = entries;
	if (typeof compact === "number" && compact >= 1) {
		if (parts.array !== undefined && entries.length > 6) lines = inColumns(context, compact, entries, parts.array);
		// `compact` innermost levels go on one line.
		if (context.currentDepth - depth < compact && lines.length === entries.length) {
			const start = lines.length + context.indentation + open.length + base.length + 10;
			const joined = lines.join(", ");
			if (fits(context, lines, start, base) && !joined.includes("\n")) return `${lead}${open} ${joined} ${close}`;
		}
	}
	return `${lead}${open}${indent}  ${lines.join(`,${indent}  `)}${indent}${close}`;
}

function fits(context: Context, entries: readonly string[], start: number, base: string): boolean {
	let total = entries.length + start;
	if (total + entries.length > context.breakLength) return false;
	for (const entry of entries) {
		total += entry.length;
		if (total > context.breakLength) return false;
	}
	return !base.includes("\n");
}

const SEPARATOR = 2;

function inColumns(context: Context, compact: number, entries: string[], array: ArrayLike<unknown>): string[] {
	// The last entry may be "... more items", which has a line to itself.
	const count = context.maxArrayLength < entries.length ? entries.length - 1 : entries.length;
	const widths = entries.slice(0, count).map(displayWidth);
	const total = widths.reduce((sum, width) => sum + width + SEPARATOR, 0);
	const widest = Math.max(...widths);
	const cell = widest + SEPARATOR;
	const worthwhile = total / cell > 5 || widest <= 6;
	if (cell * 3 + context.indentation >= context.breakLength || !worthwhile) return entries;

	const biased = Math.max(cell - 3 - Math.sqrt(cell - total / entries.length), 1);
	const columns = Math.min(
		Math.round(Math.sqrt(2.5 * biased * count) / biased),
		Math.floor((context.breakLength - context.indentation) / cell),
		compact * 4,
		15,
	);
	if (columns <= 1) return entries;
	const columnWidths: number[] = [];
	for (let column = 0; column < columns; column++) {
		let width = 0;
		for (let i = column; i < count; i += columns) width = Math.max(width, widths[i] as number);
		columnWidths.push(width + SEPARATOR);
	}
	const numeric = entries.every((_, i) => typeof array[i] === "number" || typeof array[i] === "bigint");
	const lines: string[] = [];
	for (let from = 0; from < count; from += columns) {
		const row = entries.slice(from, Math.min(from + columns, count));
		const cells = row.map((entry, i) => {
			const last = i === row.length - 1;
			const text = last ? entry : `${entry}, `;
			const width = (columnWidths[i] as number) + entry.length - (widths[from + i] as number);
			if (numeric) return text.padStart(last ? width - SEPARATOR : width);
			return last ? text : text.padEnd(width);
		});
		lines.push(cells.join(""));
	}
	return count < entries.length ? [...lines, entries[count] as string] : lines;
}

/** How many columns of a terminal `text` takes. */
export function displayWidth(text: string): number {
	if (/^[\x20-\x7e]*$/.test(text)) return text.length;
	let width = 0;
	for (const character of text.normalize("NFC")) {
		if (
			/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
				character,
			)
		)
			width += 2;
		else if (!/[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(character)) width += 1;
	}
	return width;
}
