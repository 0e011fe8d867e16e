import type { Inspect } from "./inspect/inspect.ts";
import { lineDiff } from "./line-diff.ts";

/** What `new AssertionError` takes. */
export interface AssertionOptions {
	message?: string | undefined;
	actual?: unknown;
	expected?: unknown;
	operator?: string | undefined;
	/** The stack begins below this function. */
	stackStartFn?: unknown;
}

// What each operator wanted; the sentences are Node's.
const EXPECTATIONS: Readonly<Record<string, string>> = {
	deepStrictEqual: "Expected values to be strictly deep-equal:",
	strictEqual: "Expected values to be strictly equal:",
	deepEqual: "Expected values to be loosely deep-equal:",
	notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
	notStrictEqual: 'Expected "actual" to be strictly unequal to:',
	notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
};

/** The class of what a failed assertion throws. Its message shows both values, and where they differ. */
export function createAssertionError(inspect: Inspect) {
	const show = (value: unknown) =>
		inspect(value, {
			compact: false,
			customInspect: false,
			depth: 20,
			maxArrayLength: 1000,
			sorted: true,
			getters: true,
		});

	function messageOf({ actual, expected, operator = "fail" }: AssertionOptions): string {
		if (operator === "==" || operator === "!=") return `${inspect(actual)} ${operator} ${inspect(expected)}`;
		const expectation = EXPECTATIONS[operator];
		if (expectation === undefined) return `${inspect(actual)} ${operator} ${inspect(expected)}`;
		const [is, wanted] = [show(actual), show(expected)];
		if (operator.startsWith("not")) {
			if (wanted.includes("\n")) return `${expectation}\n\n${wanted}\n`;
			return `${expectation}${wanted.length > 5 ? "\n\n" : " "}${wanted}`;
		}
		if (is === wanted) return `Values have the same structure but are not reference-equal:\n\n${is}\n`;
		const short = !is.includes("\n") && !wanted.includes("\n") && is.length + wanted.length <= 80;
		if (short) return `${expectation}\n\n${is} !== ${wanted}\n`;
		return `${expectation}\n+ actual - expected\n\n${lineDiff(is, wanted)}\n`;
	}

	return class AssertionError extends Error {
		readonly code = "ERR_ASSERTION";
		readonly generatedMessage: boolean;
		readonly actual: unknown;
		readonly expected: unknown;
		readonly operator: string | undefined;

		constructor(options: AssertionOptions) {
			super(options.message === undefined ? messageOf(options) : String(options.message));
			this.generatedMessage = options.message === undefined;
			this.actual = options.actual;
			this.expected = options.expected;
			this.operator = options.operator;
			// The stack's first line, which is written when first asked for, carries the code; the name doesn't.
			const name = (value: string) =>
				Object.defineProperty(this, "name", { value, writable: true, configurable: true });
			name("AssertionError [ERR_ASSERTION]");
			Error.captureStackTrace(this, options.stackStartFn as undefined);
			void this.stack;
			name("AssertionError");
		}
	};
}

/** The class that {@link createAssertionError} makes. */
export type AssertionErrorClass = ReturnType<typeof createAssertionError>;
