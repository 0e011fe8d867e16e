import type { Inspect } from "./inspect.ts";
import type { InspectOptions } from "./options.ts";

/** `util.format` and `util.formatWithOptions`. */
export interface Formatters {
	format(...args: unknown[]): string;
	formatWithOptions(options: Partial<InspectOptions>, ...args: unknown[]): string;
}

/** What turns the arguments of `console.log` into text. */
export function createFormat(inspect: Inspect): Formatters {
	function formatWithOptions(options: Partial<InspectOptions>, ...args: unknown[]): string {
		const [first, ...rest] = args;
		if (typeof first !== "string") return args.map((value) => piece(options, value)).join(" ");
		if (rest.length === 0) return first;
		let used = 0;
		const text = first.replace(/%[sdifjoOc%]/g, (directive) => {
			if (directive === "%%") return "%";
			if (used === rest.length) return directive;
			return directed(options, directive, rest[used++]);
		});
		return [text, ...rest.slice(used).map((value) => piece(options, value))].join(" ");
	}

	// A text among the arguments stands as it is.
	function piece(options: Partial<InspectOptions>, value: unknown): string {
		return typeof value === "string" ? value : inspect(value, options);
	}

	function directed(options: Partial<InspectOptions>, directive: string, value: unknown): string {
		switch (directive) {
			case "%s":
				return asString(options, value);
			case "%d":
				return numeric(value, Number, true);
			case "%i":
				return numeric(value, (given) => Number.parseInt(given as string, 10), true);
			case "%f":
				return numeric(value, (given) => Number.parseFloat(given as string), false);
			case "%j":
				return asJson(value);
			case "%O":
				return inspect(value, options);
			case "%o":
				return inspect(value, { ...options, showHidden: true, depth: 4 });
			// %c is a style, which a log has no use for.
			default:
				return "";
		}
	}

	function asString(options: Partial<InspectOptions>, value: unknown): string {
		if (typeof value === "bigint") return `${value}n`;
		if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
		const ownText = typeof value !== "object" || value === null || !hasBuiltInToString(value);
		return ownText ? String(value) : inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
	}

	return { format: (...args) => formatWithOptions({}, ...args), formatWithOptions };
}

function numeric(value: unknown, convert: (value: unknown) => number, bigints: boolean): string {
	if (typeof value === "bigint" && bigints) return `${value}n`;
	if (typeof value === "symbol") return "NaN";
	const number = convert(value);
	return Object.is(number, -0) ? "-0" : String(number);
}

function asJson(value: unknown): string {
	try {
		return String(JSON.stringify(value));
	} catch (error) {
		if (error instanceof TypeError && /circular/i.test(error.message)) return "[Circular]";
		throw error;
	}
}

// Whether String(value) would run no code of the program's own, and so say less than inspect does.
function hasBuiltInToString(value: object): boolean {
	const keys = ["toString", Symbol.toPrimitive].filter((key) => typeof Reflect.get(value, key) === "function");
	for (let owner: object | null = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
		if (!keys.some((key) => Object.hasOwn(owner as object, key))) continue;
		const maker: unknown = owner === value ? undefined : Object.getOwnPropertyDescriptor(owner, "constructor")?.value;
		return typeof maker === "function" && Reflect.get(globalThis, maker.name) === maker;
	}
	return true;
}
