import { isDeepEqual } from "./deep-equal.ts";
import { type AnyFunction, type NodeEnvironment, refusal } from "./environment.ts";
import { requireFunction } from "./errors.ts";
import type { Formatters } from "./inspect/format.ts";
import type { Inspect } from "./inspect/inspect.ts";
import { createCallbackify, markTimers, promisify } from "./promisify.ts";
import type { createTextEncoding } from "./text-encoding.ts";
import { toWellFormed } from "./well-formed.ts";

/** The parts that `node:util` shows under its own name. */
export interface UtilParts {
	inspect: Inspect;
	formatters: Formatters;
	types: unknown;
	textEncoding: ReturnType<typeof createTextEncoding>;
	timersPromises: { setTimeout: unknown; setImmediate: unknown };
}

// What a terminal takes for a command: CSI, OSC and single-character sequences.
const CONTROL_SEQUENCES =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is for
	/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])|\u009b[0-?]*[ -/]*[@-~]/g;

/** `node:util`. */
export function createUtil(env: NodeEnvironment, parts: UtilParts) {
	markTimers(env, parts.timersPromises);
	const debuglog = () => Object.assign(() => {}, { enabled: false });

	function deprecate(target: AnyFunction, message: string, code?: string): AnyFunction {
		let warned = false;
		const deprecated: AnyFunction = function (...args) {
			if (!warned) env.log("warn", `${code === undefined ? "" : `[${code}] `}DeprecationWarning: ${message}`);
			warned = true;
			return new.target ? Reflect.construct(target, args, new.target) : Reflect.apply(target, this, args);
		};
		Object.setPrototypeOf(deprecated, target);
		if (target.prototype) deprecated.prototype = target.prototype;
		return deprecated;
	}

	return {
		inspect: parts.inspect,
		...parts.formatters,
		...parts.textEncoding,
		types: parts.types,
		promisify,
		callbackify: createCallbackify(env),
		inherits,
		deprecate,
		debuglog,
		debug: debuglog,
		isDeepStrictEqual: (a: unknown, b: unknown) => isDeepEqual(a, b, true),
		isArray: Array.isArray,
		toUSVString: (text: unknown) => toWellFormed(`${text}`),
		stripVTControlCharacters: (text: string) => text.replace(CONTROL_SEQUENCES, ""),
		// Nobody looks at these lines in a terminal of their own.
		styleText: (_style: unknown, text: string) => text,
		parseArgs: refusal(env, "util.parseArgs()"),
		getSystemErrorName: refusal(env, "util.getSystemErrorName()"),
		transferableAbortController: refusal(env, "util.transferableAbortController()"),
	};
}

type Constructor = { prototype: object; super_?: unknown };

function inherits(child: Constructor, parent: Constructor): void {
	requireFunction("ctor", child);
	requireFunction("superCtor", parent);
	Object.defineProperty(child, "super_", { value: parent, writable: true, configurable: true });
	Object.setPrototypeOf(child.prototype, parent.prototype);
}
