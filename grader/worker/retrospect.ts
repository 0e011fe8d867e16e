import type { EventListener, SimulationEvent } from "../../harness/index.ts";
import { textLength } from "../replay/journal-event.ts";

/** So much of a run is kept from its beginning: as many events, and as many characters in them. */
const BEGINNING_MAX_EVENTS = 400_000;
const BEGINNING_MAX_TEXT = 50_000_000;
/** Of what comes after that, so many events are kept: at least the last this many, at most twice as many. */
const END_EVENTS = 10_000;

/**
 * What is kept of a run that is to be explained: its beginning, which is all of it but for runs that never come to rest, and what happened last. Such a
 * run makes millions of events, and a worker has only so much memory.
 */
export class Retrospect {
	/** The events from the first one on, without a gap. */
	readonly beginning: SimulationEvent[] = [];
	#text = 0;
	#end: SimulationEvent[] = [];

	readonly listener: EventListener = (event) => {
		if (this.beginning.length < BEGINNING_MAX_EVENTS && this.#text < BEGINNING_MAX_TEXT) {
			this.beginning.push(event);
			this.#text += textLength(event);
			return;
		}
		this.#end.push(event);
		if (this.#end.length >= 2 * END_EVENTS) this.#end = this.#end.slice(-END_EVENTS);
	};

	/** The events at the end, in order. */
	last(): readonly SimulationEvent[] {
		return [...this.beginning.slice(-END_EVENTS), ...this.#end];
	}
}
