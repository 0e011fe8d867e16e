import type { NodeEnvironment } from "./environment.ts";
import { invalidArgument, nodeError } from "./errors.ts";
import type { EventState } from "./event.ts";

/** What `addEventListener` takes. */
export type Listener = ((event: never) => unknown) | { handleEvent(event: never): unknown };

/** The side of an AbortSignal that others listen to. */
export interface Signal {
	readonly aborted: boolean;
	readonly reason: unknown;
	addEventListener(type: "abort", listener: Listener, options?: { once?: boolean }): void;
	removeEventListener(type: "abort", listener: Listener): void;
}

interface ListenerOptions {
	capture?: boolean;
	once?: boolean;
	passive?: boolean;
	signal?: Signal;
}

interface Registration {
	listener: Listener;
	capture: boolean;
	once: boolean;
	passive: boolean;
	removed: boolean;
}

/** The web's EventTarget, as Node has it. */
export function createEventTarget(env: NodeEnvironment, stateOf: (value: object) => EventState | undefined) {
	class EventTarget {
		/** Replaced at every change, never changed: a dispatch goes on over the listeners that there were when it began. */
		readonly #registrations = new Map<string, readonly Registration[]>();

		addEventListener(type: unknown, listener: Listener | null, options?: boolean | ListenerOptions): void {
			const { capture = false, once = false, passive = false, signal } = optionsOf(options);
			if (listener === null || listener === undefined || signal?.aborted) return;
			if (typeof listener !== "function" && typeof listener !== "object") {
				throw invalidArgument("listener", "an instance of EventListener", listener);
			}
			const name = `${type}`;
			const known = this.#registrations.get(name) ?? [];
			if (known.some((other) => other.listener === listener && other.capture === capture)) return;
			this.#registrations.set(name, [...known, { listener, capture, once, passive, removed: false }]);
			signal?.addEventListener("abort", () => this.#remove(name, listener, capture), { once: true });
		}

		removeEventListener(type: unknown, listener: Listener | null, options?: boolean | ListenerOptions): void {
			this.#remove(`${type}`, listener, optionsOf(options).capture ?? false);
		}

		#remove(type: string, listener: Listener | null, capture: boolean): void {
			const kept = this.#registrations.get(type)?.filter((registration) => {
				if (registration.listener !== listener || registration.capture !== capture) return true;
				registration.removed = true;
				return false;
			});
			if (kept !== undefined) this.#registrations.set(type, kept);
		}

		dispatchEvent(event: unknown): boolean {
			const state = typeof event === "object" && event !== null ? stateOf(event) : undefined;
			if (state === undefined) throw invalidArgument("event", "an instance of Event", event);
			if (state.current !== null) {
				throw nodeError(Error, "ERR_EVENT_RECURSION", "The event is already being dispatched");
			}
			state.target = this;
			state.current = this;
			const { type } = event as { type: string };
			for (const registration of this.#registrations.get(type) ?? []) {
				if (state.halted) break;
				if (registration.removed) continue;
				if (registration.once) this.#remove(type, registration.listener, registration.capture);
				state.passive = registration.passive;
				this.#invoke(registration.listener, event);
			}
			state.current = null;
			state.passive = false;
			state.stopped = false;
			state.halted = false;
			return !state.prevented;
		}

		#invoke(listener: Listener, event: unknown): void {
			try {
				if (typeof listener === "function") listener.call(this, event as never);
				else listener.handleEvent(event as never);
			} catch (error) {
				// The other listeners still run; to the program this is what any uncaught exception is.
				env.queueMicrotask(() => {
					throw error;
				});
			}
		}
	}

	Object.defineProperty(EventTarget.prototype, Symbol.toStringTag, { value: "EventTarget", configurable: true });
	return EventTarget;
}

function optionsOf(options: boolean | ListenerOptions | null | undefined): ListenerOptions {
	if (typeof options === "boolean") return { capture: options };
	const { capture, once, passive, signal } = options ?? {};
	const flags = { capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive) };
	return signal === undefined ? flags : { ...flags, signal };
}
