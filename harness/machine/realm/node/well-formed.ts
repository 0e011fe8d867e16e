/** `text` with each lone surrogate replaced by U+FFFD: `String.prototype.toWellFormed`, which the types don't know yet. */
export function toWellFormed(text: string): string {
	// Only a surrogate without its other half is a character by itself.
	return text.replace(/\p{Cs}/gu, "\ufffd");
}
