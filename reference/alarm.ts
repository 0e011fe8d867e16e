/**
 * A timer that is put off far more often than it rings, as an election timer is by every heartbeat. Putting it off only
 * moves the deadline; the timer underneath, when it fires too early, waits for the rest.
 */
export class Alarm {
	readonly #ring: () => void;
	#deadlineMs = Number.POSITIVE_INFINITY;
	#firesAtMs = Number.POSITIVE_INFINITY;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(ring: () => void) {
		this.#ring = ring;
	}

	/** Rings once, `delayMs` from now, and not when it was set to before. */
	set(delayMs: number): void {
		this.#deadlineMs = performance.now() + delayMs;
		if (this.#deadlineMs < this.#firesAtMs) this.#arm();
	}

	cancel(): void {
		clearTimeout(this.#timer);
		this.#deadlineMs = Number.POSITIVE_INFINITY;
		this.#firesAtMs = Number.POSITIVE_INFINITY;
	}

	#arm(): void {
		clearTimeout(this.#timer);
		this.#firesAtMs = this.#deadlineMs;
		// Rounded up: a timer drops fractions of a millisecond, and would fire just before the deadline.
		this.#timer = setTimeout(() => this.#fire(), Math.ceil(this.#deadlineMs - performance.now()));
	}

	#fire(): void {
		this.#firesAtMs = Number.POSITIVE_INFINITY;
		if (performance.now() < this.#deadlineMs) {
			this.#arm();
			return;
		}
		this.#deadlineMs = Number.POSITIVE_INFINITY;
		this.#ring();
	}
}
