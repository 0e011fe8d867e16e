import { setTimeout as sleep } from "node:timers/promises";

/** Ties virtual time to the wall clock, for watching a run live. */
export class Pace {
	readonly #speed: number;
	#beganAtMs = Number.NaN;

	/** @param speed - how many virtual milliseconds pass in a real one. */
	constructor(speed: number) {
		if (!(speed > 0 && Number.isFinite(speed))) throw new RangeError(`a speed must be a positive number, not ${speed}`);
		this.#speed = speed;
	}

	/** Waits until the wall clock has caught up with virtual time. */
	async waitFor(virtualMs: number): Promise<void> {
		const nowMs = performance.now();
		if (Number.isNaN(this.#beganAtMs)) this.#beganAtMs = nowMs;
		const waitMs = this.#beganAtMs + virtualMs / this.#speed - nowMs;
		if (waitMs > 0) await sleep(waitMs);
	}
}
