import * as Effect from "../effects.ts";
import { guarded, reported } from "./faults.ts";
import { post } from "./outbox.ts";

type Callback = (...args: unknown[]) => void;

/** Node's largest delay; a longer one becomes 1 ms there, and here. */
const DELAY_MAX_MS = 2 ** 31 - 1;

let lastId = 0;
const running = new Map<number, Timer>();

/** What setTimeout and its kin return: as in Node, an object that converts to its number. */
export class Timer {
	readonly #id = ++lastId;
	readonly #callback: Callback;
	readonly #args: unknown[];
	readonly #delayMs: number;
	readonly #repeats: boolean;

	constructor(callback: Callback, delayMs: number, repeats: boolean, args: unknown[]) {
		this.#callback = callback;
		this.#delayMs = delayMs;
		this.#repeats = repeats;
		this.#args = args;
		this.#arm();
	}

	/** Called by the host's clock. */
	static fire(id: number): void {
		const timer = running.get(id);
		if (timer === undefined) return;
		if (!timer.#repeats) running.delete(id);
		guarded("a timer callback threw", () => timer.#callback(...timer.#args));
		// As in Node, the next interval begins after the callback, which may have cleared the timer.
		if (timer.#repeats && running.get(id) === timer) post(Effect.timer, id, timer.#delayMs);
	}

	static clear(timer: unknown): void {
		const id = timer instanceof Timer ? timer.#id : Number(timer);
		if (running.delete(id)) post(Effect.clearTimer, id);
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	hasRef(): boolean {
		return true;
	}

	refresh(): this {
		post(Effect.clearTimer, this.#id);
		this.#arm();
		return this;
	}

	close(): this {
		Timer.clear(this);
		return this;
	}

	[Symbol.toPrimitive](): number {
		return this.#id;
	}

	#arm(): void {
		running.set(this.#id, this);
		post(Effect.timer, this.#id, this.#delayMs);
	}
}

export function setTimeout(callback: Callback, ms?: number, ...args: unknown[]): Timer {
	return new Timer(checkCallback("setTimeout", callback), delayOf(ms), false, args);
}

export function setInterval(callback: Callback, ms?: number, ...args: unknown[]): Timer {
	return new Timer(checkCallback("setInterval", callback), delayOf(ms), true, args);
}

export function setImmediate(callback: Callback, ...args: unknown[]): Timer {
	return new Timer(checkCallback("setImmediate", callback), 0, false, args);
}

export function clearTimer(timer?: unknown): void {
	if (timer !== undefined && timer !== null) Timer.clear(timer);
}

const resolved = Promise.resolve();

export function queueMicrotask(callback: () => void): void {
	checkCallback("queueMicrotask", callback);
	resolved.then(() => guarded("a microtask threw", callback));
}

/** As in Node: whole milliseconds, at least 1. */
function delayOf(ms: unknown): number {
	const delayMs = Math.trunc(Number(ms));
	return delayMs >= 1 && delayMs <= DELAY_MAX_MS ? delayMs : 1;
}

function checkCallback<T>(name: string, callback: T): T {
	if (typeof callback === "function") return callback;
	throw reported("shape", `${name}: the callback must be a function, but it is ${typeof callback}`);
}
