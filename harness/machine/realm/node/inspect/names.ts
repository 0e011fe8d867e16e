import { type Brand, isObject } from "../brands.ts";

/** The name of the class that made `value`; null if it has no prototype at all. */
export function constructorName(value: object): string | null {
	let at: object | null = value;
	while (at !== null) {
		const maker = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
		if (typeof maker === "function" && maker.name !== "" && isInstance(value, maker)) return String(maker.name);
		at = Object.getPrototypeOf(at);
	}
	const parent: object | null = Object.getPrototypeOf(value);
	if (parent === null) return null;
	if (Object.getPrototypeOf(parent) !== null) return "Object <Complex prototype>";
	return `Object <[Object: null prototype]${Reflect.ownKeys(parent).length === 0 ? " {}" : ""}>`;
}

function isInstance(value: object, maker: unknown): boolean {
	try {
		return value instanceof (maker as new () => object);
	} catch {
		return false;
	}
}

/** The `Symbol.toStringTag` of `value`, unless it is a property that is shown anyway. */
export function tagOf(value: object, showHidden: boolean): string {
	const tag: unknown = Reflect.get(value, Symbol.toStringTag);
	if (typeof tag !== "string" || tag === "") return "";
	const own = Object.getOwnPropertyDescriptor(value, Symbol.toStringTag);
	return own !== undefined && (showHidden || own.enumerable) ? "" : tag;
}

/** What stands before the bracket: `Map(2) `, `Foo [bar] `, `[Object: null prototype] `. */
export function prefixOf(name: string | null, tag: string, fallback: string, size = ""): string {
	if (name === null) {
		const bare = `[${fallback}${size}: null prototype] `;
		return tag !== "" && fallback !== tag ? `${bare}[${tag}] ` : bare;
	}
	return tag !== "" && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
}

/** `[Function: f]`, `[AsyncFunction (anonymous)]`, `[class A extends B]`. */
export function functionName(value: object, name: string | null, tag: string): string {
	const { name: own } = value as { name?: unknown };
	const source = Function.prototype.toString.call(value);
	if (/^class\b(?!\s*\()/.test(source) && source.endsWith("}")) {
		const parent: unknown = Object.getPrototypeOf(value);
		const parentName = isObject(parent) ? (parent as { name?: unknown }).name : undefined;
		let text = `class ${Object.hasOwn(value, "name") && own ? own : "(anonymous)"}`;
		if (name !== "Function" && name !== null) text += ` [${name}]`;
		if (tag !== "" && name !== tag) text += ` [${tag}]`;
		if (name === null) text += " extends [null prototype]";
		else if (parentName) text += ` extends ${parentName}`;
		return `[${text}]`;
	}
	// Told by the prototype rather than the source: a function's text can say anything before its parameters.
	const kind = /^(Async)?(Generator)?Function$/.test(tag) ? tag : "Function";
	let text = `[${kind}${name === null ? " (null prototype)" : ""}`;
	text += own === "" || own === undefined ? " (anonymous)]" : `: ${String(own)}]`;
	if (name !== kind && name !== null) text += ` ${name}`;
	return tag !== "" && name !== tag ? `${text} [${tag}]` : text;
}

/** `[Number: 3]`, `[String: 'a']`. */
export function boxedName(brand: Brand, name: string | null, tag: string, content: string): string {
	let text = `[${brand}`;
	if (name !== brand) text += name === null ? " (null prototype)" : ` (${name})`;
	text += `: ${content}]`;
	return tag !== "" && tag !== name ? `${text} [${tag}]` : text;
}
