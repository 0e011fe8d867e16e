import type { AssertionErrorClass } from "./assertion-error.ts";
import { isDeepEqual } from "./deep-equal.ts";
import { invalidArgument, requireFunction } from "./errors.ts";
import type { Inspect } from "./inspect/inspect.ts";

/** What an error is expected to be: of a class, matching a text, having these properties, or accepted by a function. */
type Expected = RegExp | object | ((error: unknown) => unknown) | string | undefined;

const NOTHING = Symbol("nothing was thrown");

/** The assertions about what a function throws, or what a promise is rejected with. */
export function createThrowAssertions(inspect: Inspect, AssertionError: AssertionErrorClass) {
	function fail(operator: string, message: string, actual: unknown, expected: unknown, caller: unknown): never {
		throw new AssertionError({ message, operator, actual, expected, stackStartFn: caller });
	}

	function expectThrown(caller: { name: string }, thrown: unknown, expected: Expected, message: unknown): void {
		const verb = caller.name === "rejects" ? "rejection" : "exception";
		const said = typeof expected === "string" ? expected : message;
		const wanted = typeof expected === "string" ? undefined : expected;
		if (thrown === NOTHING) {
			const name = typeof wanted === "function" && wanted.name ? ` (${wanted.name})` : "";
			fail(caller.name, `Missing expected ${verb}${name}${said ? `: ${said}` : "."}`, undefined, expected, caller);
		}
		const complaint = wanted === undefined ? undefined : mismatch(thrown, wanted);
		if (complaint === undefined) return;
		if (said instanceof Error) throw said;
		fail(caller.name, said ? String(said) : complaint, thrown, wanted, caller);
	}

	function mismatch(thrown: unknown, wanted: RegExp | object | ((error: unknown) => unknown)): string | undefined {
		if (wanted instanceof RegExp) {
			if (wanted.test(String(thrown))) return undefined;
			return `The input did not match the regular expression ${inspect(wanted)}. Input:\n\n${inspect(String(thrown))}\n`;
		}
		if (typeof wanted !== "function") return mismatchedProperty(thrown, wanted);
		const isClass = wanted.prototype !== undefined && thrown instanceof wanted;
		if (isClass) return undefined;
		if (wanted === Error || wanted.prototype instanceof Error) {
			return `The error is expected to be an instance of "${wanted.name}". Received:\n\n${inspect(thrown)}`;
		}
		if (Reflect.apply(wanted, {}, [thrown]) === true) return undefined;
		return `The validation function is expected to return "true". Caught error:\n\n${inspect(thrown)}`;
	}

	function mismatchedProperty(thrown: unknown, wanted: object): string | undefined {
		if (typeof thrown !== "object" || thrown === null) {
			return `Expected an object with the properties of ${inspect(wanted)}. Received ${inspect(thrown)}`;
		}
		const names = wanted instanceof Error ? [...Object.keys(wanted), "name", "message"] : Object.keys(wanted);
		for (const name of names) {
			const [is, should] = [Reflect.get(thrown, name), Reflect.get(wanted, name)];
			const matches =
				should instanceof RegExp && typeof is === "string" ? should.test(is) : isDeepEqual(is, should, true);
			if (!matches) return `The error's ${name} is ${inspect(is)}. Expected ${inspect(should)}`;
		}
		return undefined;
	}

	function unwanted(caller: { name: string }, error: unknown, expected: Expected, message: unknown): never {
		const said = typeof expected === "string" ? expected : message;
		// An expectation narrows down which errors are a failure; the others are none of the assertion's business.
		if (typeof expected !== "string" && expected !== undefined && mismatch(error, expected) !== undefined) throw error;
		const verb = caller.name === "doesNotReject" ? "rejection" : "exception";
		const text = `Got unwanted ${verb}${said ? `: ${said}` : "."}\nActual message: "${(error as Error)?.message}"`;
		return fail(caller.name, text, error, expected, caller);
	}

	function thrownBy(run: unknown): unknown {
		requireFunction("fn", run);
		try {
			(run as () => void)();
			return NOTHING;
		} catch (error) {
			return error;
		}
	}

	async function rejectionOf(work: unknown): Promise<unknown> {
		const promise: unknown = typeof work === "function" ? work() : work;
		if (typeof (promise as { then?: unknown } | undefined)?.then !== "function") {
			throw invalidArgument("promiseFn", "a promise, or a function that returns one", promise);
		}
		try {
			await promise;
			return NOTHING;
		} catch (error) {
			return error;
		}
	}

	return {
		throws: function throws(run: unknown, expected?: Expected, message?: unknown): void {
			expectThrown(throws, thrownBy(run), expected, message);
		},
		doesNotThrow: function doesNotThrow(run: unknown, expected?: Expected, message?: unknown): void {
			const error = thrownBy(run);
			if (error !== NOTHING) unwanted(doesNotThrow, error, expected, message);
		},
		rejects: async function rejects(work: unknown, expected?: Expected, message?: unknown): Promise<void> {
			expectThrown(rejects, await rejectionOf(work), expected, message);
		},
		doesNotReject: async function doesNotReject(work: unknown, expected?: Expected, message?: unknown): Promise<void> {
			const error = await rejectionOf(work);
			if (error !== NOTHING) unwanted(doesNotReject, error, expected, message);
		},
	};
}
