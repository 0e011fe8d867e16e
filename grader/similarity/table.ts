import pc from "picocolors";
import { WIDTH, wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import type { SimilarityReport } from "./compare.ts";
import { groupsOf } from "./groups.ts";

/** More pairs are told by the files. */
const PAIRS_SHOWN = 25;
const NOTES_SHOWN = 10;
const NAME = 34;

/** The pairs that are alike beyond chance, as lines for a terminal. */
export function similarTable(report: SimilarityReport): string[] {
	const { pairs, compared, notes } = report;
	const lines = [`${count(compared, "submission")} compared, ${count(pairs.length, "pair")} alike beyond chance`, ""];
	if (pairs.length > 0) {
		lines.push(pc.bold(`alike  ${"submissions".padEnd(NAME)}  `.trimEnd()));
		for (const { a, b, share } of pairs.slice(0, PAIRS_SHOWN))
			lines.push(`${percent(share).padStart(5)}  ${name(a.name).padEnd(NAME)}  ${name(b.name)}`);
		if (pairs.length > PAIRS_SHOWN) lines.push(`       and ${pairs.length - PAIRS_SHOWN} more`);
		const groups = groupsOf(pairs).filter((group) => group.length > 2);
		for (const group of groups.slice(0, PAIRS_SHOWN))
			lines.push(...wrap(`${group.length} belong together: ${group.map(untrustedLine).join(", ")}`, WIDTH));
		lines.push("");
	}
	lines.push(...wrap(explanation(report), WIDTH));
	if (notes.length > 0) {
		lines.push("", pc.bold("not compared"));
		for (const { name: who, note } of notes.slice(0, NOTES_SHOWN))
			lines.push(...wrap(`${untrustedLine(who)}: ${untrustedLine(note)}`, WIDTH - 2).map((line) => `  ${line}`));
		if (notes.length > NOTES_SHOWN) lines.push(`  and ${notes.length - NOTES_SHOWN} more`);
	}
	return lines;
}

/** What the figures mean, and what they were judged by. */
export function explanation({ median, limit, next }: SimilarityReport): string {
	const others =
		next === undefined
			? ""
			: ` Of the others ${untrustedLine(next.a)} and ${untrustedLine(next.b)} are the most alike: ${percent(next.share)}.`;
	return (
		"The figure is how much of what is neither the template's nor common in this class the one has from the other, " +
		`or both from a third. The median of all pairs is ${percent(median)}; pairs are told from ${percent(limit)} on.${others} ` +
		"Look at the code before you say anything to anybody."
	);
}

/** A share, for people. */
export function percent(share: number): string {
	return `${Math.round(100 * share)}%`;
}

function name(text: string): string {
	const line = untrustedLine(text);
	return line.length <= NAME ? line : `${line.slice(0, NAME - 1)}…`;
}

function count(number: number, what: string): string {
	return `${number} ${what}${number === 1 ? "" : "s"}`;
}
