import type { Context } from "./options.ts";

const ESCAPES: Readonly<Record<string, string>> = {
	"\b": "\\b",
	"\t": "\\t",
	"\n": "\\n",
	"\f": "\\f",
	"\r": "\\r",
	"\\": "\\\\",
	"'": "\\'",
};

/** `text` in quotes of the kind that needs least escaping, single ones if there is a choice. */
export function quote(text: string): string {
	const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : /`|\$\{/.test(text) ? "'" : "`";
	// Control characters and lone surrogates too.
	const escaped = text.replace(/[\p{Cc}\p{Cs}'\\]/gu, (character) => {
		if (character === "'" && mark !== "'") return character;
		const known = ESCAPES[character];
		if (known !== undefined) return known;
		const code = character.charCodeAt(0).toString(16);
		return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0").toUpperCase()}`;
	});
	return `${mark}${escaped}${mark}`;
}

/** How inspect shows what is no object. */
export function inspectPrimitive(context: Context, value: unknown): string {
	if (typeof value === "string") return inspectString(context, value);
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value === "symbol") return Symbol.prototype.toString.call(value);
	return Object.is(value, -0) ? "-0" : String(value);
}

function inspectString(context: Context, value: string): string {
	const left = value.length - context.maxStringLength;
	const text = left > 0 ? value.slice(0, context.maxStringLength) : value;
	const trailer = left > 0 ? `... ${more(left, "character")}` : "";
	const room = context.breakLength - context.indentation - 4;
	// A long text of several lines is shown line by line.
	if (context.compact !== true && text.length > 16 && text.length > room) {
		const lines = text.split(/(?<=\n)/).map(quote);
		return lines.join(` +\n${" ".repeat(context.indentation + 2)}`) + trailer;
	}
	return quote(text) + trailer;
}

/** "3 more items". */
export function more(count: number, what: string): string {
	return `${count} more ${what}${count === 1 ? "" : "s"}`;
}
