import type { DOMExceptionClass } from "./dom-exception.ts";
import type { NodeEnvironment } from "./environment.ts";
import { invalidArgument, nodeError } from "./errors.ts";
import type { createEvent } from "./event.ts";
import type { createEventTarget, Listener } from "./event-target.ts";

/** What the classes here are built from. */
export interface AbortParts {
	events: ReturnType<typeof createEvent>;
	EventTarget: ReturnType<typeof createEventTarget>;
	DOMException: DOMExceptionClass;
}

/** AbortController and AbortSignal, `timeout` on virtual time. */
export function createAbort(env: NodeEnvironment, { events, EventTarget, DOMException }: AbortParts) {
	// Signals come from here alone, not from `new AbortSignal()`.
	const key = {};
	let abortSignal!: (signal: AbortSignal, reason: unknown) => void;

	class AbortSignal extends EventTarget {
		#aborted = false;
		#reason: unknown;
		#onabort: Listener | null = null;

		constructor(given?: object) {
			if (given !== key) throw nodeError(TypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
			super();
		}

		static {
			abortSignal = (signal, reason) => {
				if (signal.#aborted) return;
				signal.#aborted = true;
				signal.#reason = reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
				const event = new events.Event("abort");
				(events.stateOf(event) as { trusted: boolean }).trusted = true;
				signal.dispatchEvent(event);
			};
		}

		static abort(reason?: unknown) {
			const signal = new AbortSignal(key);
			abortSignal(signal, reason);
			return signal;
		}

		static timeout(delayMs: number) {
			if (typeof delayMs !== "number") throw invalidArgument("delay", "of type number", delayMs);
			const signal = new AbortSignal(key);
			const expire = () => {
				abortSignal(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError"));
			};
			env.setTimeout(expire, delayMs).unref();
			return signal;
		}

		static any(signals: Iterable<AbortSignal>) {
			const sources = [...signals];
			for (const [i, source] of sources.entries()) {
				if (!(source instanceof AbortSignal))
					throw invalidArgument(`signals[${i}]`, "an instance of AbortSignal", source);
			}
			const signal = new AbortSignal(key);
			const aborted = sources.find((source) => source.aborted);
			if (aborted !== undefined) {
				abortSignal(signal, aborted.reason);
				return signal;
			}
			const follow = function (this: AbortSignal) {
				for (const source of sources) source.removeEventListener("abort", follow);
				abortSignal(signal, this.reason);
			};
			for (const source of sources) source.addEventListener("abort", follow);
			return signal;
		}

		get aborted() {
			return this.#aborted;
		}

		get reason() {
			return this.#reason;
		}

		get onabort() {
			return this.#onabort;
		}

		set onabort(listener: Listener | null) {
			if (this.#onabort !== null) this.removeEventListener("abort", this.#onabort);
			this.#onabort = typeof listener === "function" ? listener : null;
			this.addEventListener("abort", this.#onabort);
		}

		throwIfAborted() {
			if (this.#aborted) throw this.#reason;
		}
	}

	class AbortController {
		readonly #signal = new AbortSignal(key);

		get signal() {
			return this.#signal;
		}

		abort(reason?: unknown) {
			abortSignal(this.#signal, reason);
		}
	}

	for (const Class of [AbortSignal, AbortController]) {
		Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
	}
	return { AbortController, AbortSignal };
}
