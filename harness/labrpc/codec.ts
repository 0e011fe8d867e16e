/**
 * The wire codec. It runs on both sides: in the tester and inside every machine, so it uses nothing but the language.
 *
 * On the network values go as text, because a string can cross from realm to realm as it is: JSON where JSON is
 * faithful, which nearly every Raft message is, since V8 writes and reads a small message faster than any codec in plain JavaScript.
 * A value that JSON would change (undefined, bigint, NaN, -0, Uint8Array, Date, Map, Set, holes in arrays) is written
 * as `~` and JSON in which each such value is an object `{"$": kind, "v": …}`.
 *
 * In stable storage they go as bytes: see binary.ts.
 */

import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import { makeDate } from "./dates.ts";
import { explainRefusal, MAX_DEPTH } from "./refusal.ts";
import { bytesToText, isPrintableAscii, textToBytes } from "./utf8.ts";

export { decode, encode } from "./binary.ts";
export { MAX_DEPTH, WireError } from "./refusal.ts";

/**
 * Writes a value as text.
 *
 * @param name - what the caller calls the value; the path in an error begins with it.
 * @throws WireError if the value, or a part of it, would not survive the wire.
 */
export function toText(value: unknown, name = "value"): string {
	const nature = inspect(value, 0);
	if (nature === PLAIN) return JSON.stringify(value);
	if (nature === REFUSED) throw explainRefusal(value, name);
	return `~${JSON.stringify(tag(value))}`;
}

/**
 * Reads a value that {@link toText} wrote.
 *
 * @throws Error of some kind if the text is something else.
 */
export function fromText(text: string): unknown {
	if (text.charCodeAt(0) !== TILDE) return JSON.parse(text);
	return untag(JSON.parse(text.slice(1)));
}

const TILDE = 126;

type Nature = 0 | 1 | 2;
/** JSON carries it as it is. */
const PLAIN: Nature = 0;
/** Needs tags. */
const TAGGED: Nature = 1;
/** Would not survive. */
const REFUSED: Nature = 2;

/** Looks through a value without allocating: this is on the path of every message and every save. */
function inspect(value: unknown, depth: number): Nature {
	switch (typeof value) {
		case "string":
		case "boolean":
			return PLAIN;
		case "number":
			return isPlainNumber(value) ? PLAIN : TAGGED;
		case "undefined":
		case "bigint":
			return TAGGED;
		case "object":
			return value === null ? PLAIN : inspectObject(value, depth);
		default:
			return REFUSED;
	}
}

function inspectObject(value: object, depth: number): Nature {
	if (depth >= MAX_DEPTH) return REFUSED;
	let worst: Nature = PLAIN;
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype === Array.prototype && Array.isArray(value)) {
		for (let i = 0; i < value.length; i++) {
			const item: unknown = value[i];
			// The common cases of a flat array, without a call.
			if (typeof item === "string") continue;
			if (typeof item === "number" && isPlainNumber(item)) continue;
			const nature = inspect(item, depth + 1);
			if (nature === REFUSED) return REFUSED;
			if (nature > worst) worst = nature;
		}
		return worst;
	}
	if (prototype === Object.prototype || prototype === null) {
		if (Object.getOwnPropertySymbols(value).length > 0) return REFUSED;
		for (const key in value) {
			const item = (value as Record<string, unknown>)[key];
			// As above: most of a message is numbers.
			if (typeof item === "number" && isPlainNumber(item)) continue;
			const nature = inspect(item, depth + 1);
			if (nature === REFUSED) return REFUSED;
			if (nature > worst) worst = nature;
		}
		return worst;
	}
	// A Buffer is welcome as the bytes that it is; any other class of somebody's own would arrive as something else.
	if (value instanceof Uint8Array || (prototype === Date.prototype && value instanceof Date)) return TAGGED;
	if (prototype === Map.prototype && value instanceof Map) {
		for (const [key, item] of value) {
			if (inspect(key, depth + 1) === REFUSED || inspect(item, depth + 1) === REFUSED) return REFUSED;
		}
		return TAGGED;
	}
	if (prototype === Set.prototype && value instanceof Set) {
		for (const item of value) if (inspect(item, depth + 1) === REFUSED) return REFUSED;
		return TAGGED;
	}
	return REFUSED;
}

function isPlainNumber(value: number): boolean {
	// NaN and the infinities differ from themselves when subtracted; -0 is the zero whose reciprocal is negative.
	return value - value === 0 && (value !== 0 || 1 / value > 0);
}

interface Tag {
	$: string;
	v?: unknown;
}

/** Rewrites a value so that JSON is faithful to it. */
function tag(value: unknown): unknown {
	switch (typeof value) {
		case "number":
			return isPlainNumber(value) ? value : { $: "number", v: Object.is(value, -0) ? "-0" : String(value) };
		case "undefined":
			return { $: "undefined" };
		case "bigint":
			return { $: "bigint", v: String(value) };
		case "object":
			return value === null ? null : tagObject(value);
		default:
			return value;
	}
}

function tagObject(value: object): unknown {
	if (Array.isArray(value)) {
		const items: unknown[] = [];
		for (let i = 0; i < value.length; i++) items.push(i in value ? tag(value[i]) : { $: "hole" });
		return items;
	}
	if (value instanceof Uint8Array) {
		return isPrintableAscii(value) ? { $: "ascii", v: bytesToText(value) } : { $: "bytes", v: bytesToBase64(value) };
	}
	if (value instanceof Date) return { $: "date", v: tag(value.getTime()) };
	if (value instanceof Map) return { $: "map", v: Array.from(value, ([key, item]) => [tag(key), tag(item)]) };
	if (value instanceof Set) return { $: "set", v: Array.from(value, tag) };
	const entries = Object.entries(value).map(([key, item]) => [key, tag(item)] as const);
	return Object.hasOwn(value, "$") ? { $: "object", v: entries } : toObject(entries);
}

/** Not Object.fromEntries with assignments: a key named `__proto__` must stay a key. */
function toObject(entries: Iterable<readonly [string, unknown]>): object {
	return Object.fromEntries(entries);
}

function untag(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) {
		const items: unknown[] = new Array(value.length);
		for (let i = 0; i < value.length; i++) {
			const item: unknown = value[i];
			if ((item as Tag | null)?.$ !== "hole") items[i] = untag(item);
		}
		return items;
	}
	if (!Object.hasOwn(value, "$")) {
		return toObject(Object.entries(value).map(([key, item]) => [key, untag(item)] as const));
	}
	return untagSpecial(value as Tag);
}

function untagSpecial({ $: kind, v }: Tag): unknown {
	switch (kind) {
		case "number":
			return Number(v);
		case "undefined":
			return undefined;
		case "bigint":
			return BigInt(v as string);
		case "ascii":
			return textToBytes(v as string);
		case "bytes":
			return base64ToBytes(v as string);
		case "date":
			return makeDate(untag(v) as number);
		case "map":
			return new Map((v as [unknown, unknown][]).map(([key, item]) => [untag(key), untag(item)]));
		case "set":
			return new Set((v as unknown[]).map(untag));
		case "object":
			return toObject((v as [string, unknown][]).map(([key, item]) => [key, untag(item)] as const));
		default:
			throw new SyntaxError(`not a wire value: unknown kind "${kind}"`);
	}
}
