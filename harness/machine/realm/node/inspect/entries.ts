import type { Brand } from "../brands.ts";
import { displayWidth } from "./layout.ts";
import type { Context } from "./options.ts";
import { inspectPrimitive, more, quote } from "./primitive.ts";

/** Formats a value that is inside another, at this depth. */
export type FormatValue = (context: Context, value: unknown, depth: number) => string;

/** What stands between the brackets ahead of the properties: elements, members, bytes. */
export function entriesOf(
	context: Context,
	value: object,
	brand: Brand,
	depth: number,
	format: FormatValue,
): readonly string[] {
	const inner = (item: unknown) => format(context, item, depth);
	switch (brand) {
		case "Array":
			return arrayElements(context, value as unknown[], depth, format);
		case "TypedArray":
			return typedElements(context, value as Uint8Array, inner);
		case "Set":
			return indentedBy2(context, () => limited(context, [...Set.prototype.values.call(value)], inner));
		case "Map":
			return indentedBy2(context, () =>
				limited(context, [...Map.prototype.entries.call(value)], ([key, item]) => `${inner(key)} => ${inner(item)}`),
			);
		case "ArrayBuffer":
			return [bytesEntry(context, new Uint8Array(value as ArrayBuffer))];
		case "WeakSet":
		case "WeakMap":
			return ["<items unknown>"];
		// Only the engine can look into a promise.
		case "Promise":
			return ["<state unknown>"];
		case "WeakRef":
			return ["<target unknown>"];
		default:
			return [];
	}
}

function indentedBy2(context: Context, make: () => string[]): string[] {
	context.indentation += 2;
	const entries = make();
	context.indentation -= 2;
	return entries;
}

function limited<T>(context: Context, items: readonly T[], format: (item: T) => string): string[] {
	const left = items.length - context.maxArrayLength;
	const entries = (left > 0 ? items.slice(0, context.maxArrayLength) : items).map(format);
	return left > 0 ? [...entries, `... ${more(left, "item")}`] : entries;
}

function typedElements(context: Context, array: Uint8Array, format: (item: unknown) => string): string[] {
	const elements = limited(context, Array.from(array), (element) => inspectPrimitive(context, element));
	if (!context.showHidden) return elements;
	const hidden = ["BYTES_PER_ELEMENT", "length", "byteLength", "byteOffset"].map(
		(key) => `[${key}]: ${format(Reflect.get(array, key))}`,
	);
	// The elements have just been shown: no need to show their bytes.
	return [...elements, ...hidden, `[buffer]: ArrayBuffer { byteLength: ${array.buffer.byteLength} }`];
}

function arrayElements(context: Context, array: readonly unknown[], depth: number, format: FormatValue): string[] {
	const entries: string[] = [];
	let index = 0;
	// A run of holes counts as one entry.
	while (index < array.length && entries.length < context.maxArrayLength) {
		if (Object.hasOwn(array, index)) {
			entries.push(propertyValue(context, array, String(index), depth, 2, format));
			index++;
			continue;
		}
		const from = index;
		index = nextElement(array, index);
		entries.push(`<${index - from} empty item${index - from === 1 ? "" : "s"}>`);
	}
	if (index < array.length) entries.push(`... ${more(array.length - index, "item")}`);
	return entries;
}

// A sparse array can be four thousand million long, so its holes are not counted one by one.
function nextElement(array: readonly unknown[], from: number): number {
	let next = from + 1;
	const patience = Math.min(array.length, from + 1000);
	while (next < patience && !Object.hasOwn(array, next)) next++;
	if (next < patience || next === array.length) return next;
	const later = Object.keys(array).find((key) => isIndex(key) && Number(key) >= next);
	return later === undefined ? array.length : Number(later);
}

/** Whether a property's name is that of an array element. */
export function isIndex(key: string): boolean {
	return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function bytesEntry(context: Context, bytes: Uint8Array): string {
	const shown = Array.from(bytes.subarray(0, context.maxArrayLength), (byte) => byte.toString(16).padStart(2, "0"));
	const left = bytes.length - shown.length;
	return `[Uint8Contents]: <${shown.join(" ")}${left > 0 ? ` ... ${more(left, "byte")}` : ""}>`;
}

/** The keys of the properties that are shown: enumerable ones, or all. */
export function shownKeys(context: Context, value: object, indexed: boolean): (string | symbol)[] {
	const names = context.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
	const symbols = Object.getOwnPropertySymbols(value).filter(
		(symbol) => context.showHidden || Object.prototype.propertyIsEnumerable.call(value, symbol),
	);
	const kept = indexed ? names.filter((name) => !isIndex(name)) : names;
	return symbols.length === 0 ? kept : [...kept, ...symbols];
}

/** `name: value`, or `[name]: value` for what a `for` loop would not show. */
export function propertyEntry(
	context: Context,
	holder: object,
	key: string | symbol,
	depth: number,
	plain: boolean,
	format: FormatValue,
): string {
	const indent = plain && context.compact === true ? 3 : 2;
	const value = propertyValue(context, holder, key, depth, indent, format);
	const far = indent === 3 && context.breakLength < displayWidth(value);
	const text = `${far ? `\n${" ".repeat(context.indentation + indent)}` : " "}${value}`;
	const hidden = Object.getOwnPropertyDescriptor(holder, key)?.enumerable === false;
	if (typeof key === "symbol") return `[${Symbol.prototype.toString.call(key)}]:${text}`;
	if (key === "__proto__") return `['__proto__']:${text}`;
	if (hidden) return `[${key}]:${text}`;
	return `${/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quote(key)}:${text}`;
}

function propertyValue(
	context: Context,
	holder: object,
	key: string | symbol,
	depth: number,
	indent: number,
	format: FormatValue,
): string {
	const descriptor = Object.getOwnPropertyDescriptor(holder, key) ?? { value: Reflect.get(holder, key) };
	if (descriptor.get === undefined && descriptor.set === undefined) {
		context.indentation += indent;
		const text = format(context, descriptor.value, depth);
		context.indentation -= indent;
		return text;
	}
	if (descriptor.get === undefined) return "[Setter]";
	const label = descriptor.set === undefined ? "Getter" : "Getter/Setter";
	return getterWanted(context, descriptor) ? getterValue(context, holder, key, label, depth, format) : `[${label}]`;
}

function getterWanted({ getters }: Context, descriptor: PropertyDescriptor): boolean {
	if (typeof getters === "boolean") return getters;
	return (getters === "set") === (descriptor.set !== undefined);
}

function getterValue(
	context: Context,
	holder: object,
	key: string | symbol,
	label: string,
	depth: number,
	format: FormatValue,
): string {
	try {
		const value: unknown = Reflect.get(holder, key);
		const text = format(context, value, depth);
		return typeof value === "object" && value !== null ? `[${label}] ${text}` : `[${label}: ${text}]`;
	} catch (error) {
		return `[${label}: <Inspection threw (${String(error)})>]`;
	}
}
