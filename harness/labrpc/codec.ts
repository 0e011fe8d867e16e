/**
 * The wire codec. It runs on both sides: in the tester and inside every machine, so it uses nothing but the language.
 *
 * Format: JSON where JSON is faithful, which nearly every Raft message is: V8 writes and reads it several times
 * faster than any codec in plain JavaScript could. A value that JSON would change (undefined, bigint, NaN, -0,
 * Uint8Array, Date, Map, Set, holes in arrays) is written as `~` and JSON in which each such value is an object `{"$": kind, "v": …}`.
 */

import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import { bytesToText, isPrintableAscii, textToBytes } from "./utf8.ts";

/** How deep a value may be nested. */
export const MAX_DEPTH = 500;

/** A value that cannot go over the wire. `path` leads to the offending part, from the name that the caller gave the value. */
export class WireError extends TypeError {
	override name = "WireError";
	readonly path: string;
	readonly reason: string;

	constructor(path: string, reason: string) {
		super(`${path}: ${reason}`);
		this.path = path;
		this.reason = reason;
	}
}

/**
 * Writes a value as text.
 *
 * @param name - what the caller calls the value; the path in an error begins with it.
 * @throws WireError if the value, or a part of it, would not survive the wire.
 */
export function toText(value: unknown, name = "value"): string {
	const nature = inspect(value, 0);
	if (nature === PLAIN) return JSON.stringify(value);
	if (nature === REFUSED) throw explain(value, name);
	return `~${JSON.stringify(tag(value))}`;
}

/**
 * Reads a value that {@link toText} wrote.
 *
 * @throws SyntaxError if the text is something else.
 */
export function fromText(text: string): unknown {
	if (text.charCodeAt(0) !== TILDE) return JSON.parse(text);
	return untag(JSON.parse(text.slice(1)));
}

/** Writes a value as bytes, compactly. Throws a {@link WireError} like {@link toText}. */
export function encode(value: unknown): Uint8Array {
	return textToBytes(toText(value));
}

/**
 * Reads a value that {@link encode} wrote.
 *
 * @throws TypeError if `bytes` is no Uint8Array, RangeError if it is empty, SyntaxError if it was not written by encode.
 */
export function decode<T = unknown>(bytes: Uint8Array): T {
	if (!(bytes instanceof Uint8Array)) throw new TypeError("decode: a Uint8Array was expected");
	if (bytes.length === 0) throw new RangeError("decode: nothing to decode (0 bytes): nothing was saved yet");
	return fromText(bytesToText(bytes)) as T;
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
	if (Array.isArray(value)) {
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
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype === Object.prototype || prototype === null) {
		if (Object.getOwnPropertySymbols(value).length > 0) return REFUSED;
		for (const key in value) {
			const item = (value as Record<string, unknown>)[key];
			if (key === "$") worst = TAGGED;
			const nature = inspect(item, depth + 1);
			if (nature === REFUSED) return REFUSED;
			if (nature > worst) worst = nature;
		}
		return worst;
	}
	if (value instanceof Uint8Array || value instanceof Date) return TAGGED;
	if (value instanceof Map) {
		for (const [key, item] of value) {
			if (inspect(key, depth + 1) === REFUSED || inspect(item, depth + 1) === REFUSED) return REFUSED;
		}
		return TAGGED;
	}
	if (value instanceof Set) {
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
			return new Date(untag(v) as number);
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

/** Finds the part of a refused value that is to blame. Slow and thorough: it runs once, for the message. */
function explain(root: unknown, name: string): WireError {
	const ancestors: object[] = [];

	function visit(value: unknown, path: string): WireError | undefined {
		if (typeof value === "function") return new WireError(path, "a function cannot be sent over the network");
		if (typeof value === "symbol") return new WireError(path, "a symbol cannot be sent over the network");
		if (typeof value !== "object" || value === null) return undefined;
		if (ancestors.includes(value)) return new WireError(path, "a cycle: the value contains itself");
		if (ancestors.length >= MAX_DEPTH) return new WireError(name, `nested deeper than ${MAX_DEPTH} levels`);
		ancestors.push(value);
		const found = visitParts(value, path);
		ancestors.pop();
		return found;
	}

	function visitParts(value: object, path: string): WireError | undefined {
		if (Array.isArray(value)) return firstOf(value.map((item, i) => [item, `${path}[${i}]`] as const));
		if (value instanceof Uint8Array || value instanceof Date) return undefined;
		if (value instanceof Map) {
			const parts = Array.from(value, ([key, item], i) => [
				[key, `${path}.key(${i})`] as const,
				[item, `${path}.get(${describeKey(key)})`] as const,
			]);
			return firstOf(parts.flat());
		}
		if (value instanceof Set) return firstOf(Array.from(value, (item, i) => [item, `${path}.item(${i})`] as const));
		const prototype: unknown = Object.getPrototypeOf(value);
		if (prototype !== Object.prototype && prototype !== null) {
			return new WireError(path, `${describeInstance(value)} cannot be sent over the network: send a plain object`);
		}
		const symbol = Object.getOwnPropertySymbols(value)[0];
		if (symbol !== undefined) {
			return new WireError(`${path}[${String(symbol)}]`, "a symbol key cannot be sent over the network");
		}
		return firstOf(Object.entries(value).map(([key, item]) => [item, `${path}${propertyPath(key)}`] as const));
	}

	function firstOf(parts: readonly (readonly [unknown, string])[]): WireError | undefined {
		for (const [item, path] of parts) {
			const found = visit(item, path);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	return visit(root, name) ?? new WireError(name, "cannot be sent over the network");
}

function describeInstance(value: object): string {
	if (value instanceof Promise) return "a promise (is an await missing?)";
	const maker: unknown = (value as { constructor?: unknown }).constructor;
	const className = typeof maker === "function" ? maker.name : "";
	return className === "" ? "a class instance" : `an instance of class ${className}`;
}

function describeKey(key: unknown): string {
	return typeof key === "string" ? JSON.stringify(key) : typeof key === "object" ? "…" : String(key);
}

function propertyPath(key: string): string {
	return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
