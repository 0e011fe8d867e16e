import type { NodeEnvironment } from "./environment.ts";
import { abortError, nodeError } from "./errors.ts";
import type { Signal } from "./event-target.ts";

/** The promise-returning forms of the timers, with the scheduler. */
export type TimersPromises = ReturnType<typeof createTimersPromises>;

interface Options {
	signal?: Signal;
	ref?: boolean;
}

/** `node:timers`: the core's own functions, the same as the globals. */
export function createTimers(env: NodeEnvironment, promises: TimersPromises) {
	const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } = env;
	return { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, promises };
}

/** `node:timers/promises`, on virtual time. */
export function createTimersPromises(env: NodeEnvironment) {
	/** A promise for `value` that `start` brings about, unless the signal is aborted first. */
	function after<T>(start: (done: () => void) => () => void, value: T, { signal }: Options = {}): Promise<T> {
		if (signal?.aborted) return Promise.reject(abortError(signal.reason));
		return new Promise((resolve, reject) => {
			const cancel = start(() => {
				signal?.removeEventListener("abort", abort);
				resolve(value);
			});
			const abort = () => {
				cancel();
				reject(abortError(signal?.reason));
			};
			signal?.addEventListener("abort", abort, { once: true });
		});
	}

	function setTimeout<T>(delayMs?: number, value?: T, options?: Options): Promise<T | undefined> {
		return after(
			(done) => {
				const timer = env.setTimeout(done, delayMs);
				return () => env.clearTimeout(timer);
			},
			value,
			options,
		);
	}

	function setImmediate<T>(value?: T, options?: Options): Promise<T | undefined> {
		return after(
			(done) => {
				const timer = env.setImmediate(done);
				return () => env.clearImmediate(timer);
			},
			value,
			options,
		);
	}

	async function* setInterval<T>(delayMs?: number, value?: T, { signal }: Options = {}): AsyncGenerator<T | undefined> {
		if (signal?.aborted) throw abortError(signal.reason);
		let due = 0;
		let wake = () => {};
		const timer = env.setInterval(() => {
			due++;
			wake();
		}, delayMs);
		const abort = () => wake();
		signal?.addEventListener("abort", abort, { once: true });
		try {
			while (!signal?.aborted) {
				if (due === 0) {
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
				}
				// Ticks that came while the loop's body was busy are made up for.
				for (; due > 0 && !signal?.aborted; due--) yield value;
			}
			throw abortError(signal.reason);
		} finally {
			env.clearInterval(timer);
			signal?.removeEventListener("abort", abort);
		}
	}

	class Scheduler {
		constructor() {
			throw nodeError(TypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
		}
		wait(delayMs: number, options?: Options) {
			return setTimeout(delayMs, undefined, options);
		}
		yield() {
			return setImmediate();
		}
	}
	const scheduler: Scheduler = Object.create(Scheduler.prototype);
	return { setTimeout, setImmediate, setInterval, scheduler };
}
