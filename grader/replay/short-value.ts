import { fromText } from "../../harness/labrpc/codec.ts";

const STRING_MAX = 16;
const DEPTH_MAX = 3;

/** Reads a value that crossed the wire, as it stands in an event. Undefined is a value, too: `isKnown` tells. */
export function wireValue(text: string): { readonly isKnown: boolean; readonly value: unknown } {
	try {
		return { isKnown: true, value: fromText(text) };
	} catch {
		// It was too long, and has been cut.
		return { isKnown: false, value: undefined };
	}
}

/** A value that crossed the wire in a few words: `term:3 entries:[…2] leaderCommit:4`. */
export function shortValue(text: string, max = 160): string {
	const { isKnown, value } = wireValue(text);
	const short = isKnown ? showFields(value) : text;
	return short.length <= max ? short : `${short.slice(0, max - 1)}…`;
}

function showFields(value: unknown): string {
	const isFields = isPlainObject(value) && Object.keys(value).length > 0;
	return isFields ? fields(value, 0) : show(value, 0);
}

function fields(value: Readonly<Record<string, unknown>>, depth: number): string {
	return Object.entries(value)
		.map(([key, item]) => `${key}:${show(item, depth + 1)}`)
		.join(" ");
}

function show(value: unknown, depth: number): string {
	if (typeof value === "string")
		return JSON.stringify(value.length <= STRING_MAX ? value : `${value.slice(0, STRING_MAX)}…`);
	if (typeof value === "bigint") return `${value}n`;
	if (value instanceof Uint8Array) return `${value.length} bytes`;
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
	if (Array.isArray(value))
		return value.length === 0
			? "[]"
			: value.length === 1 && depth < DEPTH_MAX
				? `[${show(value[0], depth + 1)}]`
				: `[…${value.length}]`;
	if (value instanceof Map || value instanceof Set) return `${value instanceof Map ? "Map" : "Set"}(${value.size})`;
	if (isPlainObject(value)) return depth < DEPTH_MAX ? `{${fields(value, depth)}}` : "{…}";
	return Object.is(value, -0) ? "-0" : String(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return (
		typeof value === "object" &&
		value !== null &&
		!Array.isArray(value) &&
		!(value instanceof Uint8Array) &&
		!(value instanceof Date) &&
		!(value instanceof Map) &&
		!(value instanceof Set)
	);
}
