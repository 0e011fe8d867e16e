import { type Brand, brandOf, isObject, typedArrayName } from "../brands.ts";
import { entriesOf, propertyEntry, shownKeys } from "./entries.ts";
import { errorKeys, errorText } from "./error.ts";
import { layOut } from "./layout.ts";
import { boxedName, constructorName, functionName, prefixOf, tagOf } from "./names.ts";
import { type Context, defaultOptions, type InspectOptions } from "./options.ts";
import { inspectPrimitive, quote } from "./primitive.ts";

/** `util.inspect`: a value as text, as Node would show it. */
export interface Inspect {
	(value: unknown, options?: Partial<InspectOptions> | boolean, depth?: number | null): string;
	custom: symbol;
	defaultOptions: InspectOptions;
}

/** Under this symbol an object says how it is shown. */
export const CUSTOM = Symbol.for("nodejs.util.inspect.custom");

/**
 * Our own rather than a package's: `util` predates Map and Set and shows neither's members, and the one that is taken from
 * Node's source needs a millisecond to load, in every realm that logs an object. The tests hold this one against Node's.
 */
export function createInspect(): Inspect {
	const inspect: Inspect = Object.assign(
		(value: unknown, options?: Partial<InspectOptions> | boolean, depth?: number | null): string => {
			const given =
				typeof options === "object" ? options : { showHidden: options ?? false, ...(depth !== undefined && { depth }) };
			return formatValue(newContext({ ...inspect.defaultOptions, ...given }), value, 0);
		},
		{ custom: CUSTOM, defaultOptions: defaultOptions() },
	);

	function formatValue(context: Context, value: unknown, depth: number): string {
		if (!isObject(value)) return inspectPrimitive(context, value);
		const shown = context.customInspect ? customText(context, value, depth) : undefined;
		if (shown !== undefined) return shown;
		if (!context.seen.includes(value)) return formatObject(context, value, depth);
		if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
		return `[Circular *${context.circular.get(value)}]`;
	}

	function customText(context: Context, value: object, depth: number): string | undefined {
		const method: unknown = Reflect.get(value, CUSTOM);
		const isPrototype = value.constructor?.prototype === value;
		if (typeof method !== "function" || method === inspect || isPrototype) return undefined;
		const left = context.depth === null ? null : context.depth - depth;
		const { seen, circular, currentDepth, indentation, ...options } = context;
		const plain = (text: unknown) => `${text}`;
		const result: unknown = method.call(value, left, { ...options, depth: left, stylize: plain }, inspect);
		if (result === value) return undefined;
		if (typeof result !== "string") return formatValue(context, result, depth);
		return result.replaceAll("\n", `\n${" ".repeat(indentation)}`);
	}

	function formatObject(context: Context, value: object, depth: number): string {
		const brand = brandOf(value);
		const name = constructorName(value);
		const tag = tagOf(value, context.showHidden);
		const frame = frameOf(context, value, brand, name, tag);
		const { keys, base, prefix } = frame;
		const empty = keys.length === 0;
		if (empty && frame.complete) return base || `${prefix}${frame.open}${frame.close}`;
		if (context.depth !== null && depth > context.depth) {
			const kind = prefixOf(name, tag, typedArrayName(value) ?? brand).slice(0, -1);
			return brand === "RegExp" ? base : name === null ? kind : `[${kind}]`;
		}
		context.seen.push(value);
		context.currentDepth = depth + 1;
		const entries = [
			...entriesOf(context, value, brand, depth + 1, formatValue),
			...keys.map((key) => propertyEntry(context, value, key, depth + 1, !frame.listed, formatValue)),
		];
		context.seen.pop();
		sort(context, entries, frame.listed ? entries.length - keys.length : 0);
		const number = context.circular.get(value);
		const reference = number === undefined ? "" : `<ref *${number}>`;
		return layOut(
			context,
			{
				base: context.compact === true ? base : [reference, base].filter((part) => part !== "").join(" "),
				open: `${context.compact === true && reference !== "" ? `${reference} ` : ""}${prefix}${frame.open}`,
				close: frame.close,
				entries,
				array: frame.listed ? (value as ArrayLike<unknown>) : undefined,
			},
			depth + 1,
		);
	}

	return inspect;
}

function newContext(options: InspectOptions): Context {
	const unlimited = (limit: number | null) => (limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit));
	return {
		...options,
		depth: options.depth === Number.POSITIVE_INFINITY ? null : options.depth,
		maxArrayLength: unlimited(options.maxArrayLength),
		maxStringLength: unlimited(options.maxStringLength),
		indentation: 0,
		currentDepth: 0,
		seen: [],
		circular: new Map(),
	};
}

interface Frame {
	/** The properties to show. */
	keys: (string | symbol)[];
	/** What stands for the object itself, if it is more than its properties. */
	base: string;
	prefix: string;
	open: string;
	close: string;
	/** Whether the base or the empty brackets say everything if there are no properties. */
	complete: boolean;
	/** Whether the elements are a list. */
	listed: boolean;
}

function frameOf(context: Context, value: object, brand: Brand, name: string | null, tag: string): Frame {
	const listed = brand === "Array" || brand === "TypedArray";
	const keys = shownKeys(context, value, listed || brand === "String");
	const frame: Frame = { keys, base: "", prefix: "", open: "{", close: "}", complete: true, listed };
	const standsFor = (base: string): Frame => ({ ...frame, base });
	switch (brand) {
		case "Array": {
			const { length } = value as unknown[];
			const prefix = name === "Array" && tag === "" ? "" : prefixOf(name, tag, "Array", `(${length})`);
			return { ...frame, prefix, open: "[", close: "]", complete: length === 0 };
		}
		case "TypedArray": {
			const { length } = value as Uint8Array;
			const kind = typedArrayName(value) as string;
			return {
				...frame,
				prefix: prefixOf(name, tag, kind, `(${length})`),
				open: "[",
				close: "]",
				complete: length === 0 && !context.showHidden,
			};
		}
		case "Map":
		case "Set": {
			const { size } = value as Map<unknown, unknown>;
			return { ...frame, prefix: prefixOf(name, tag, brand, `(${size})`), complete: size === 0 };
		}
		case "ArrayBuffer":
			return { ...frame, prefix: prefixOf(name, tag, brand), keys: ["byteLength", ...keys] };
		case "DataView":
			return { ...frame, prefix: prefixOf(name, tag, brand), keys: ["byteLength", "byteOffset", "buffer", ...keys] };
		case "Promise":
		case "WeakMap":
		case "WeakSet":
		case "WeakRef":
			return { ...frame, prefix: prefixOf(name, tag, brand), complete: false };
		case "Arguments":
			return { ...frame, prefix: "[Arguments] " };
		case "Function":
			return standsFor(functionName(value, name, tag));
		case "RegExp":
			return standsFor(headed(name, tag, brand, RegExp.prototype.toString.call(value)));
		case "Date": {
			const time = Date.prototype.getTime.call(value);
			return standsFor(headed(name, tag, brand, Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString()));
		}
		case "Error":
			return {
				...standsFor(errorText(context, value as Error, name, tag)),
				keys: errorKeys(context, value as Error, keys),
			};
		case "Number":
		case "String":
		case "Boolean":
		case "BigInt":
		case "Symbol":
			return standsFor(boxedName(brand, name, tag, boxedContent(context, value)));
		default:
			return { ...frame, prefix: name === "Object" && tag === "" ? "" : prefixOf(name, tag, "Object") };
	}
}

function headed(name: string | null, tag: string, usual: string, text: string): string {
	const prefix = prefixOf(name, tag, usual);
	return prefix === `${usual} ` ? text : prefix + text;
}

function boxedContent(context: Context, value: object): string {
	const content: unknown = (value as { valueOf(): unknown }).valueOf();
	return typeof content === "string" ? quote(content) : inspectPrimitive(context, content);
}

// The elements of a list keep their order.
function sort(context: Context, entries: string[], from: number): void {
	if (context.sorted === false) return;
	const sorted = entries.splice(from).sort(context.sorted === true ? undefined : context.sorted);
	entries.push(...sorted);
}
