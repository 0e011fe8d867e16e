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

// A subclass that sets no name of its own has its base's at the head of the stack.
function named(stack: string, error: Error, maker: string | null, tag: string): string {
	const name = maker ?? "Error";
	if (
		maker !== null &&
		!(name.endsWith("Error") && stack.startsWith(name) && /^[:\n]|^$/.test(stack.slice(name.length)))
	) {
		const head = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
		const shown = head?.[1] ?? "";
		if (shown !== "" && !name.includes(shown) && !shown.includes(name)) {
			return `${name} [${shown}]${stack.slice(shown.length)}`;
		}
		if (shown !== "" && name.includes(shown) && shown !== name && !error.name.includes(name)) {
			return name + stack.slice(shown.length);
		}
	}
	return tag !== "" && tag !== maker && maker === null ? `[${tag}] ${stack}` : stack;
}

/** An error's properties that its text doesn't already tell; its cause and its parts though they are hidden. */
export function errorKeys(context: Context, error: Error, keys: readonly (string | symbol)[]): (string | symbol)[] {
	const stack = String(error.stack);
	const told = (key: string | symbol) =>
		(key === "name" || key === "message" || key === "stack") && stack.includes(String(error[key]));
	const shown = context.showHidden ? [...keys] : keys.filter((key) => !told(key));
	for (const key of ["cause", "errors"]) {
		if (Object.hasOwn(error, key) && !shown.includes(key)) shown.push(key);
	}
	return shown;
}
