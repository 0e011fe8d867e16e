import type { JournalEvent } from "../journal-schema.ts";

/** How time is laid out: step by step, so that what happens at one instant can be told apart, or as it passes. */
export type ScaleKind = "steps" | "time";

/** In steps: how many a silence may take at most, however long it is. */
const SILENCE_MAX = 6;
/** As it passes: so many milliseconds are a unit, as an event is in steps. */
const MS_PER_UNIT = 4;

/** Where events lie along the run, in units that the zoom turns into pixels. Never decreasing, so places can be searched for. */
export class Scale {
	readonly kind: ScaleKind;
	readonly #events: readonly JournalEvent[];
	readonly #places: Float64Array;

	/** @param isHidden - hidden events take no room. */
	constructor(kind: ScaleKind, events: readonly JournalEvent[], isHidden: (index: number) => boolean) {
		this.kind = kind;
		this.#events = events;
		this.#places = new Float64Array(events.length);
		let place = 0;
		let beforeMs = 0;
		for (const [i, { atMs }] of events.entries()) {
			if (kind === "time") {
				place = atMs / MS_PER_UNIT;
			} else if (!isHidden(i)) {
				place += 1 + Math.min(SILENCE_MAX, 0.8 * Math.log2(1 + Math.max(0, atMs - beforeMs)));
				beforeMs = atMs;
			}
			this.#places[i] = place;
		}
	}

	/** How long the run is. */
	get length(): number {
		return this.#places.at(-1) ?? 0;
	}

	/** Where an event lies. */
	at(index: number): number {
		return this.#places[Math.max(0, Math.min(index, this.#places.length - 1))] ?? 0;
	}

	/** The first event that lies there or after. */
	indexAt(place: number): number {
		let low = 0;
		let high = this.#places.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#places[middle] as number) < place) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** Where a moment lies, whether or not anything happened then. */
	atMs(ms: number): number {
		let low = 0;
		let high = this.#events.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#events[middle] as JournalEvent).atMs < ms) low = middle + 1;
			else high = middle;
		}
		if (low === 0) return this.at(0);
		if (low === this.#events.length) return this.length;
		const [before, after] = [this.#events[low - 1] as JournalEvent, this.#events[low] as JournalEvent];
		const share = after.atMs === before.atMs ? 0 : (ms - before.atMs) / (after.atMs - before.atMs);
		return this.at(low - 1) + share * (this.at(low) - this.at(low - 1));
	}
}
