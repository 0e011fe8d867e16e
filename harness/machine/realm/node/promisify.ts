import type { AnyFunction, NodeEnvironment } from "./environment.ts";
import { nodeError, requireFunction } from "./errors.ts";

const CUSTOM = Symbol.for("nodejs.util.promisify.custom");

/** `util.promisify`: a function that takes a callback, as one that returns a promise. */
export function promisify(original: AnyFunction & { [CUSTOM]?: AnyFunction }): AnyFunction {
	requireFunction("original", original);
	const custom = original[CUSTOM];
	if (custom !== undefined) {
		requireFunction("util.promisify.custom", custom);
		return Object.defineProperty(custom, CUSTOM, { value: custom, configurable: true });
	}
	const promised: AnyFunction = function (...args) {
		return new Promise((resolve, reject) => {
			const settle = (error: unknown, value: unknown) => (error ? reject(error) : resolve(value));
			Reflect.apply(original, this, [...args, settle]);
		});
	};
	Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
	Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
	return Object.defineProperty(promised, CUSTOM, { value: promised, configurable: true });
}

promisify.custom = CUSTOM;

/**
 * Tells `promisify` what stands for the timer functions: `promisify(setTimeout)` is the old way to write a sleep, and
 * these take their callback first, not last.
 */
export function markTimers(env: NodeEnvironment, promises: { setTimeout: unknown; setImmediate: unknown }): void {
	const mark = (timer: unknown, value: unknown) => {
		if (typeof timer === "function" && !Object.hasOwn(timer, CUSTOM)) {
			Object.defineProperty(timer, CUSTOM, { value, configurable: true });
		}
	};
	mark(env.setTimeout, promises.setTimeout);
	mark(env.setImmediate, promises.setImmediate);
	// In case the core wraps what it installs.
	mark(Reflect.get(globalThis, "setTimeout"), promises.setTimeout);
	mark(Reflect.get(globalThis, "setImmediate"), promises.setImmediate);
}

/** `util.callbackify`: the other way round. */
export function createCallbackify(env: NodeEnvironment) {
	return function callbackify(original: AnyFunction): AnyFunction {
		requireFunction("original", original);
		const withCallback: AnyFunction = function (...args) {
			const callback = args.pop() as AnyFunction;
			requireFunction("last argument", callback);
			// Out of the promise's reach: what the callback throws is an uncaught exception, not a rejection.
			const later = (...results: unknown[]) => env.queueMicrotask(() => void Reflect.apply(callback, this, results));
			(Reflect.apply(original, this, args) as Promise<unknown>).then(
				(value) => later(null, value),
				(reason) => later(reason || falsyRejection(reason)),
			);
		};
		return Object.defineProperty(withCallback, "name", { value: `${original.name}Callbackified`, configurable: true });
	};
}

function falsyRejection(reason: unknown): Error {
	const error = nodeError(Error, "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
	return Object.assign(error, { reason });
}
