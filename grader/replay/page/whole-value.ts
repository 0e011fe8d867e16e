import { printable } from "../../../harness/printable.ts";
import { wireValue } from "../short-value.ts";

const LINES_MAX = 300;
const LINE_WIDTH = 60;
const DEPTH_MAX = 30;

/** A value that crossed the wire, written out for people, over as many lines as it takes. */
export function wholeValue(text: string): string {
	const { isKnown, value } = wireValue(text);
	const lines = (isKnown ? write(value, 0) : text).split("\n");
	const shown =
		lines.length <= LINES_MAX ? lines : [...lines.slice(0, LINES_MAX), `… ${lines.length - LINES_MAX} lines more`];
	return printable(shown.join("\n"));
}

function write(value: unknown, depth: number): string {
	if (typeof value === "string") return JSON.stringify(value);
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Date(invalid)" : `Date(${value.toISOString()})`;
	if (value instanceof Uint8Array) return `${value.length} bytes${value.length === 0 ? "" : `: ${hex(value)}`}`;
	if (depth >= DEPTH_MAX) return "…";
	const next = depth + 1;
	if (value instanceof Map)
		return list(
			"Map {",
			[...value].map(([key, item]) => `${write(key, next)} => ${write(item, next)}`),
			"}",
			depth,
		);
	if (value instanceof Set)
		return list(
			"Set {",
			[...value].map((item) => write(item, next)),
			"}",
			depth,
		);
	if (Array.isArray(value))
		return list(
			"[",
			Array.from(value, (item) => write(item, next)),
			"]",
			depth,
		);
	const fields = Object.entries(value).map(
		([key, item]) => `${/^[\w$]+$/.test(key) ? key : JSON.stringify(key)}: ${write(item, next)}`,
	);
	return list("{", fields, "}", depth);
}

function list(open: string, items: readonly string[], close: string, depth: number): string {
	if (items.length === 0) return open + close;
	const short = `${open} ${items.join(", ")} ${close}`;
	if (short.length <= LINE_WIDTH && !short.includes("\n")) return short;
	const indent = "  ".repeat(depth + 1);
	return `${open}\n${items.map((item) => indent + item).join(",\n")}\n${"  ".repeat(depth)}${close}`;
}

const BYTES_SHOWN = 32;

function hex(bytes: Uint8Array): string {
	const shown = [...bytes.subarray(0, BYTES_SHOWN)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
	return bytes.length > BYTES_SHOWN ? `${shown} …` : shown;
}
