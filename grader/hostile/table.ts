import { CORPUS } from "./corpus/index.ts";
import type { Gets, Hostile } from "./hostile.ts";

/** The table in docs/trust.md stands between these lines. */
const BEGIN = "<!-- The table is written by `npx tsx grader/hostile/write-table.ts`. -->";
const END = "<!-- End of the table. -->";

/**
 * Puts the corpus, as it now is, into a page.
 *
 * @throws Error if the page has no place for it.
 */
export function withTable(page: string): string {
	const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
	if (from < 0 || to < from) throw new Error(`the page has no place for the table: ${BEGIN} … ${END}`);
	return `${page.slice(0, from)}${BEGIN}\n\n${table()}\n${page.slice(to)}`;
}

function table(): string {
	const lines = ["| submission | it | and gets |", "| --- | --- | --- |"];
	for (const [theme, submissions] of CORPUS) {
		lines.push(`| **${theme}** | | |`, ...submissions.map(row));
	}
	return `${lines.join("\n")}\n`;
}

function row({ name, tries, gets }: Hostile): string {
	return `| ${name} | ${tries.replaceAll("|", "\\|")} | ${describe(gets).replaceAll("|", "\\|")} |`;
}

function describe(gets: Gets): string {
	switch (gets.kind) {
		case "nothing":
			return "nothing: a right solution passes with it as without, a wrong one fails";
		case "harm":
			return "a verdict, and never a better one";
		case "unusable":
			return "unusable: nothing is run";
		case "failure":
			if (gets.contained === true) return "stopped by the sandbox; other tests go on";
			return gets.in === undefined
				? "fails, with a sentence"
				: "fails where it acts, with a sentence; other tests go on";
	}
}
