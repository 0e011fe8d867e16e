import { invalidArgument, missingArgument } from "./errors.ts";

/** What happens to an event while it is dispatched, kept where only the target can change it. */
export interface EventState {
	target: object | null;
	current: object | null;
	prevented: boolean;
	stopped: boolean;
	halted: boolean;
	passive: boolean;
	trusted: boolean;
}

interface EventOptions {
	bubbles?: boolean;
	cancelable?: boolean;
	composed?: boolean;
}

/** Event and CustomEvent. There is no tree to travel, so an event has one target and one phase. */
export function createEvent(now: () => number) {
	let stateOf!: (value: object) => EventState | undefined;

	class Event {
		static readonly NONE = 0;
		static readonly CAPTURING_PHASE = 1;
		static readonly AT_TARGET = 2;
		static readonly BUBBLING_PHASE = 3;

		readonly #type: string;
		readonly #options: EventOptions;
		readonly #timeStamp = now();
		readonly #state: EventState = {
			target: null,
			current: null,
			prevented: false,
			stopped: false,
			halted: false,
			passive: false,
			trusted: false,
		};

		static {
			stateOf = (value) => (#state in value ? value.#state : undefined);
		}

		constructor(...given: [type?: unknown, options?: EventOptions | null]) {
			const [type, options = {}] = given;
			if (given.length === 0) throw missingArgument("type");
			if (typeof options !== "object") throw invalidArgument("options", "of type object", options);
			this.#type = `${type}`;
			this.#options = { ...options };
		}

		get type() {
			return this.#type;
		}

		get target() {
			return this.#state.target;
		}

		get srcElement() {
			return this.#state.target;
		}

		get currentTarget() {
			return this.#state.current;
		}

		get eventPhase() {
			return this.#state.current === null ? 0 : 2;
		}

		get bubbles() {
			return Boolean(this.#options.bubbles);
		}

		get cancelable() {
			return Boolean(this.#options.cancelable);
		}

		get composed() {
			return Boolean(this.#options.composed);
		}

		get timeStamp() {
			return this.#timeStamp;
		}

		get isTrusted() {
			return this.#state.trusted;
		}

		get defaultPrevented() {
			return this.#state.prevented;
		}

		get returnValue() {
			return !this.#state.prevented;
		}

		get cancelBubble() {
			return this.#state.stopped;
		}

		set cancelBubble(stop: boolean) {
			if (stop) this.#state.stopped = true;
		}

		composedPath() {
			return this.#state.current === null ? [] : [this.#state.current];
		}

		preventDefault() {
			if (this.cancelable && !this.#state.passive) this.#state.prevented = true;
		}

		stopPropagation() {
			this.#state.stopped = true;
		}

		stopImmediatePropagation() {
			this.#state.stopped = true;
			this.#state.halted = true;
		}
	}

	class CustomEvent extends Event {
		readonly #detail: unknown;

		constructor(type: string, options?: EventOptions & { detail?: unknown }) {
			super(type, options);
			this.#detail = options?.detail ?? null;
		}

		get detail() {
			return this.#detail;
		}
	}

	for (const Class of [Event, CustomEvent]) {
		Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
	}
	return { Event, CustomEvent, stateOf };
}
