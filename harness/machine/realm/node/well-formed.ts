const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `text` with each lone surrogate replaced by U+FFFD: `String.prototype.toWellFormed`, which the types don't know yet. */
export function toWellFormed(text: string): string {
	return text.replace(LONE_SURROGATE, "\ufffd");
}
