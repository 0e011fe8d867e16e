import { createThrowAssertions } from "./assert-throws.ts";
import { createAssertionError } from "./assertion-error.ts";
import { isDeepEqual } from "./deep-equal.ts";
import { describe, invalidArgument } from "./errors.ts";
import type { Inspect } from "./inspect/inspect.ts";

type Assertion = (...args: unknown[]) => void;
type Comparison = readonly [operator: string, holds: (actual: unknown, expected: unknown) => boolean];

/** `node:assert`: a function with the assertions as its properties. */
export type Assert = Assertion & Record<string, unknown> & { strict: Assert };

/**
 * `node:assert` and, as its `strict`, `node:assert/strict`. Ours rather than the `assert` package: that one shows values
 * through `util`, whose inspect leaves out what is in a Map or Set, and both together take half a millisecond per realm.
 */
export function createAssert(inspect: Inspect): Assert {
	const AssertionError = createAssertionError(inspect);

	function compare(name: string, [operator, holds]: Comparison): Assertion {
		const assertion = (actual: unknown, expected: unknown, message: unknown) => {
			if (holds(actual, expected)) return;
			if (message instanceof Error) throw message;
			throw new AssertionError({ actual, expected, operator, message: textOf(message), stackStartFn: assertion });
		};
		return Object.defineProperty(assertion, "name", { value: name });
	}

	// Each its own function, since the stack is to begin below the one that was called.
	function newOk(name: string): Assertion {
		const ok = (...args: unknown[]) => {
			const [value, message] = args;
			if (value) return;
			if (message instanceof Error) throw message;
			const generated = args.length === 0 ? "No value argument passed to `assert.ok()`" : falsy(value);
			const values = { actual: value, expected: true, operator: "==", stackStartFn: ok };
			const error = new AssertionError({ ...values, message: textOf(message) ?? generated });
			throw Object.assign(error, { generatedMessage: message === undefined });
		};
		return Object.defineProperty(ok, "name", { value: name });
	}

	const falsy = (value: unknown) => `The expression evaluated to a falsy value: ${inspect(value)}`;

	function fail(message: unknown = "Failed"): never {
		if (message instanceof Error) throw message;
		throw new AssertionError({ message: String(message), operator: "fail", stackStartFn: fail });
	}

	function ifError(value: unknown): void {
		if (value === null || value === undefined) return;
		const said = value instanceof Error && value.message !== "" ? value.message : inspect(value);
		const message = `ifError got unwanted exception: ${said}`;
		throw new AssertionError({ actual: value, expected: null, operator: "ifError", message, stackStartFn: ifError });
	}

	function matching(name: "match" | "doesNotMatch"): Assertion {
		const assertion = (text: unknown, pattern: unknown, message: unknown) => {
			if (!(pattern instanceof RegExp)) throw invalidArgument("regexp", "an instance of RegExp", pattern);
			if (typeof text === "string" && (RegExp.prototype.exec.call(pattern, text) !== null) === (name === "match"))
				return;
			if (message instanceof Error) throw message;
			const verb =
				name === "match" ? "did not match the regular expression" : "was expected to not match the regular expression";
			const generated =
				typeof text === "string"
					? `The input ${verb} ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`
					: `The "string" argument must be of type string. Received ${describe(text)}`;
			const options = { actual: text, expected: pattern, operator: name, stackStartFn: assertion };
			throw new AssertionError({ ...options, message: textOf(message) ?? generated });
		};
		return Object.defineProperty(assertion, "name", { value: name });
	}

	const strictly: Record<string, Comparison> = {
		strictEqual: ["strictEqual", Object.is],
		notStrictEqual: ["notStrictEqual", (a, b) => !Object.is(a, b)],
		deepStrictEqual: ["deepStrictEqual", (a, b) => isDeepEqual(a, b, true)],
		notDeepStrictEqual: ["notDeepStrictEqual", (a, b) => !isDeepEqual(a, b, true)],
	};
	const loosely: Record<string, Comparison> = {
		equal: ["==", looselyEqual],
		notEqual: ["!=", (a, b) => !looselyEqual(a, b)],
		deepEqual: ["deepEqual", (a, b) => isDeepEqual(a, b, false)],
		notDeepEqual: ["notDeepEqual", (a, b) => !isDeepEqual(a, b, false)],
	};
	const common: Record<string, unknown> = {
		AssertionError,
		ok: newOk("ok"),
		fail,
		ifError,
		match: matching("match"),
		doesNotMatch: matching("doesNotMatch"),
		...createThrowAssertions(inspect, AssertionError),
	};
	for (const [name, comparison] of Object.entries(strictly)) common[name] = compare(name, comparison);

	const withOwn = (members: Record<string, unknown>): Assert =>
		Object.assign(newOk("assert"), common, members) as Assert;
	const assert = withOwn(Object.fromEntries(Object.entries(loosely).map(([name, by]) => [name, compare(name, by)])));
	// In strict mode the short names mean the strict comparisons.
	const strict = withOwn({
		equal: common.strictEqual,
		notEqual: common.notStrictEqual,
		deepEqual: common.deepStrictEqual,
		notDeepEqual: common.notDeepStrictEqual,
	});
	assert.strict = strict;
	strict.strict = strict;
	return assert;
}

function textOf(message: unknown): string | undefined {
	return message === undefined ? undefined : String(message);
}

function looselyEqual(a: unknown, b: unknown): boolean {
	// biome-ignore lint/suspicious/noDoubleEquals: loose equality is what is asked for
	return a == b || (Number.isNaN(a) && Number.isNaN(b));
}
