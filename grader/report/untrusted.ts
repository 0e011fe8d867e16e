import { oneLine, printable } from "../../harness/printable.ts";

/** Nothing that a person reads is longer. */
const LENGTH_MAX = 2000;

/** Halves of a surrogate pair and non-characters: UTF-8 or XML has no place for them. */
const UNENCODABLE = /\p{Surrogate}|\p{Noncharacter_Code_Point}/gu;

/**
 * A text that a submission had a hand in (a message, a value, a file's name), on one line and fit for any report: control characters are
 * spelt out, and what the log of a CI system would take for a command (`::error::` and `##[error]` for GitHub, `##vso[` for Azure) is broken
 * up, since a report may wrap the line just before it.
 */
export function untrustedLine(text: string): string {
	return clip(breakCommands(oneLine(wellFormed(text)).trim()));
}

/** The same for a text of several lines. None of them is empty. */
export function untrustedLines(text: string): string[] {
	return clip(breakCommands(printable(wellFormed(text.replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n")))))
		.replaceAll("\t", "    ")
		.split("\n")
		.filter((line) => line.trim() !== "");
}

function wellFormed(text: string): string {
	return text.replaceAll(UNENCODABLE, "\ufffd");
}

function breakCommands(text: string): string {
	return text.replaceAll(/:(?=:)/g, ": ").replaceAll(/#(?=#)/g, "# ");
}

function clip(text: string): string {
	if (text.length <= LENGTH_MAX) return text;
	// A pair must not be cut in two.
	return `${text.slice(0, LENGTH_MAX).replace(/\p{Surrogate}$/u, "")}…`;
}
