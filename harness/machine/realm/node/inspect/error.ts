import { prefixOf } from "./names.ts";
import type { Context } from "./options.ts";

/** An error's stack with what the stack lacks: the class's name where only the base's stands, brackets if there are no frames. */
export function errorText(context: Context, error: Error, name: string | null, tag: string): string {
	const stack = error.stack ? String(error.stack) : Error.prototype.toString.call(error);
	const text = named(stack, error, name, tag);
	const message = typeof error.message === "string" ? error.message : "";
	const from = message === "" ? -1 : text.indexOf(message);
	const frames = text.indexOf("\n    at", from === -1 ? 0 : from + message.length);
	const framed = frames === -1 ? `[${text}]` : text;
	return context.indentation === 0 ? framed : framed.replaceAll("\n", `\n${" ".repeat(context.indentation)}`);
}

// The name at the head of the stack is that of the class that set one; the object's own class may be a subclass of it.
function named(stack: string, error: Error, maker: string | null, tag: string): string {
	const said = error.name === undefined || error.name === null ? "Error" : String(error.name);
	const usual = said.endsWith("Error") && stack.startsWith(said) && /^(?:$|:|\n)/.test(stack.slice(said.length));
	if (maker !== null && !usual) return stack;
	const head = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
	const shown = maker === null ? (head?.[1] ?? "") : said;
	const prefix = prefixOf(maker, tag, shown || "Error").slice(0, -1);
	if (said === prefix) return stack;
	const rest = stack.slice(shown.length);
	if (!prefix.includes(said)) return `${prefix} [${said}]${rest}`;
	return shown === "" ? `${prefix}: ${stack}` : prefix + rest;
}

/** An error's properties that its text doesn't already tell; its cause and its parts though they are hidden. */
export function errorKeys(context: Context, error: Error, keys: readonly (string | symbol)[]): (string | symbol)[] {
	const stack = String(error.stack);
	const told = (key: string | symbol) =>
		(key === "name" || key === "message" || key === "stack") && stack.includes(String(error[key]));
	const shown = context.showHidden ? [...keys] : keys.filter((key) => !told(key));
	if ("cause" in error && !shown.includes("cause")) shown.push("cause");
	if (Array.isArray(Reflect.get(error, "errors")) && !shown.includes("errors")) shown.push("errors");
	return shown;
}
