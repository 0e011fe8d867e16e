import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * What is wrong with a value that doesn't fit its schema: one sentence for each problem, beginning with its place, as in
 * `points.Figure8 must be a number, not a string`.
 *
 * @param value - what was checked.
 */
export function describeIssues(error: z.ZodError, value: unknown): string[] {
	return error.issues.map((issue) => describeIssue(issue, [], value));
}

/** A place in a value, as JavaScript would write it: `suites[0].tests.Backup`. */
export function showPath(path: Path): string {
	return path
		.map((key, i) => {
			if (typeof key === "number") return `[${key}]`;
			const name = String(key);
			if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `[${JSON.stringify(name)}]`;
			return i === 0 ? name : `.${name}`;
		})
		.join("");
}

function describeIssue(issue: Issue, base: Path, value: unknown): string {
	const path = [...base, ...issue.path];
	const found = at(value, path);
	const where = path.length === 0 ? "it" : showPath(path);
	switch (issue.code) {
		case "invalid_type":
			if (found === undefined) return `${where} is missing: it must be ${nounOf(issue.expected)}`;
			return `${where} must be ${nounOf(issue.expected)}, not ${describeFound(found)}`;
		case "invalid_value":
			return `${where} must be ${issue.values.map((each) => JSON.stringify(each)).join(" or ")}, not ${show(found)}`;
		case "too_small":
			if (issue.origin === "string" || issue.origin === "array") return `${where} must not be empty`;
			return `${where} must be ${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}, not ${show(found)}`;
		case "too_big":
			return `${where} must be ${issue.inclusive === true ? "at most" : "less than"} ${issue.maximum}, not ${show(found)}`;
		case "invalid_union":
			return describeUnion(issue, path, value);
		case "unrecognized_keys":
			return path.length === 0 ? issue.message : `${where}: ${issue.message}`;
		default:
			return `${where} ${issue.message}`;
	}
}

/** The alternative that was most likely meant is the one that the value fits furthest down. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, value: unknown): string {
	const depthOf = (issues: readonly Issue[]) => Math.max(0, ...issues.map(depth));
	const [best] = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a));
	const [first] = best ?? [];
	if (first !== undefined && (depth(first) > 0 || first.code !== "invalid_type"))
		return describeIssue(first, path, value);
	const expected = issue.errors.flatMap(([each]) => (each?.code === "invalid_type" ? [nounOf(each.expected)] : []));
	return `${showPath(path) || "it"} must be ${[...new Set(expected)].join(" or ")}, not ${describeFound(at(value, path))}`;
}

/** How well a value fits where it went wrong: the right type is worth something. */
function depth({ code, path }: Issue): number {
	return path.length + (code === "invalid_type" ? 0 : 0.5);
}

const NOUNS: Readonly<Record<string, string>> = {
	int: "a whole number",
	number: "a number",
	string: "a string",
	boolean: "true or false",
	array: "a list",
	object: "an object",
	record: "an object",
	function: "a function",
	null: "null",
};

function nounOf(type: string): string {
	return NOUNS[type] ?? type;
}

/** Among numbers it is the figure that is wrong; else it is the kind. */
function describeFound(value: unknown): string {
	return typeof value === "number" ? String(value) : nounOf(kindOf(value));
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	return typeof value;
}

function show(value: unknown): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

function at(value: unknown, path: Path): unknown {
	return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}
