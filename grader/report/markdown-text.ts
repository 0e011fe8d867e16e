import { untrustedLine } from "./untrusted.ts";

/**
 * A text in a code span: Markdown, HTML, links, @mentions and #references in it stay what they are, letters.
 *
 * @remarks Not for a cell of a table, where a pipe would end the cell.
 */
export function codeSpan(text: string): string {
	const line = untrustedLine(text);
	if (line === "") return "";
	const ticks = "`".repeat(longestRun(line) + 1);
	// A space on both sides is taken away again, and keeps a backtick of the text from joining ours.
	return /^`|`$/.test(line) ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

/** Lines in a fenced block of code. */
export function codeBlock(lines: readonly string[]): string {
	const ticks = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
	return `${ticks}text\n${lines.map((line) => `${line}\n`).join("")}${ticks}\n`;
}

/**
 * A text of ours as prose, in a cell of a table too: what means something in Markdown or HTML is escaped.
 *
 * @remarks Not for the start of a line, where a hyphen or a number would mean something too.
 */
export function prose(text: string): string {
	return untrustedLine(text).replaceAll(/[\\`*_[\]<>#|&~@$]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function longestRun(text: string): number {
	return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
