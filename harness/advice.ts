import type { EventStream } from "./events.ts";

/** The lab asks for at most this many heartbeats a second. */
const HEARTBEATS_PER_SECOND = 10;
/** A window of one second can hold one more, and a late timer another. */
const TOLERANCE = 2;
const WINDOW_MS = 1000;
/** For so long after something has happened, messages may be about that. */
const SETTLING_MS = 500;

/** Counts what one server calls on another while nothing happens that would ask for it. */
interface Window {
	beganMs: number;
	calls: number;
}

/**
 * Advice: no failure, but a student should know. A leader that has nothing new to say needs at most ten heartbeats a
 * second for each peer.
 */
export class Advisor {
	readonly #windows = new Map<string, Window>();
	#settledAtMs = 0;
	#busiest: { from: number; to: number; calls: number } | undefined;

	constructor(events: EventStream) {
		events.on((event) => {
			switch (event.kind) {
				case "call":
					this.#count(event.atMs, event.from, event.to, event.method);
					break;
				// After any of these, more messages than heartbeats are in order.
				case "start":
				case "state":
				case "boot":
				case "connect":
				case "disconnect":
				case "no-reply":
					this.#windows.clear();
					this.#settledAtMs = event.atMs + SETTLING_MS;
					break;
			}
		});
	}

	/** Sentences for the student; empty if there is nothing to say. */
	sentences(): string[] {
		if (this.#busiest === undefined) return [];
		const { from, to, calls } = this.#busiest;
		const limit = `the lab asks for at most ${HEARTBEATS_PER_SECOND}`;
		return [`S${from} sent S${to} ${calls} messages in a second in which nothing happened; ${limit} heartbeats`];
	}

	/** Only windows count that are over: until then, something may happen that the messages are about. */
	#count(atMs: number, from: number, to: number, method: string): void {
		if (atMs < this.#settledAtMs) return;
		const key = `${from}/${to}/${method}`;
		const window = this.#windows.get(key);
		if (window !== undefined && atMs - window.beganMs < WINDOW_MS) {
			window.calls++;
			return;
		}
		const calls = window?.calls ?? 0;
		if (calls > Math.max(HEARTBEATS_PER_SECOND + TOLERANCE, this.#busiest?.calls ?? 0)) {
			this.#busiest = { from, to, calls };
		}
		this.#windows.set(key, { beganMs: atMs, calls: 1 });
	}
}
