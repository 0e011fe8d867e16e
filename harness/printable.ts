/** Control characters other than newline and tab, and those that turn the direction of writing. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that a submission has made, fit for a terminal or the log of a CI: control characters are spelt out, so that they
 * cannot move the cursor or hide what stands there.
 */
export function printable(text: string): string {
	return text.replaceAll(UNPRINTABLE, (character) => {
		const code = character.codePointAt(0) ?? 0;
		return `\\u${code.toString(16).padStart(4, "0")}`;
	});
}

/** The same on one line: it cannot begin a line of its own, which some CIs would take for a command. */
export function oneLine(text: string): string {
	return printable(text.replaceAll(/\s+/gu, " "));
}
