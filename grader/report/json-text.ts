/** Characters that JSON allows in a string, but that a terminal or a CI system's log would act on. */
const ACTIVE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?<=#)#|(?<=:):/g;

/**
 * A value as JSON, with nothing in it that could act on what shows it: such characters are escaped, which leaves the value the same.
 *
 * @param indent - what to indent with; nothing puts everything on one line.
 */
export function jsonText(value: unknown, indent = ""): string {
	return JSON.stringify(value, undefined, indent).replaceAll(
		ACTIVE,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}
