import { textLength } from "./journal-event.ts";
import type { JournalEvent } from "./journal-schema.ts";

/** How many events are kept whole, and how many characters of text in them. More than any right solution causes in any test. */
const EVENTS_MAX = 400_000;
const TEXT_MAX = 100_000_000;
/** When there are more, this share of them is thinned out, the oldest ones. */
const THINNED_AT_ONCE = 1 / 4;
const SKELETON_MAX = 100_000;
/** What is needed to know how things stood when the complete part begins; it, too, up to a limit. */
const SKELETON: ReadonlySet<JournalEvent["kind"]> = new Set([
	"boot",
	"crash",
	"connect",
	"disconnect",
	"state",
	"tester",
	"network",
	"failure",
]);

/** Keeps the events of a run as they come from a worker, the last ones in any case: a submission may cause millions. */
export class Recorder {
	#skeleton: JournalEvent[] = [];
	/** Which events of the run those of the skeleton are. */
	#skeletonNumbers: number[] = [];
	/** The number of the first event of the complete part. */
	#first = 0;
	#events: JournalEvent[] = [];
	#text = 0;
	#thinned = 0;

	/**
	 * Takes the next events.
	 *
	 * @param first - the number of the first of them in its run; 0 begins anew, for a run that is made a second time.
	 */
	take(first: number, events: readonly JournalEvent[]): void {
		if (first === 0) {
			this.#skeleton = [];
			this.#skeletonNumbers = [];
			this.#first = 0;
			this.#events = [];
			this.#text = 0;
			this.#thinned = 0;
		}
		for (const event of events) {
			this.#events.push(event);
			this.#text += textLength(event);
		}
		if (this.#events.length > EVENTS_MAX || this.#text > TEXT_MAX) this.#thin();
	}

	/** How many events are missing. */
	get thinned(): number {
		return this.#thinned;
	}

	events(): readonly JournalEvent[] {
		return this.#skeleton.length === 0 ? this.#events : [...this.#skeleton, ...this.#events];
	}

	/** Where the event of that number in its run stands among the {@link events}; undefined if it is missing. */
	placeOf(number: number): number | undefined {
		const place =
			number < this.#first ? this.#skeletonNumbers.indexOf(number) : number - this.#first + this.#skeleton.length;
		return place < 0 || place >= this.#skeleton.length + this.#events.length ? undefined : place;
	}

	#thin(): void {
		const oldest = this.#events.splice(0, Math.ceil(THINNED_AT_ONCE * this.#events.length));
		const room = Math.max(0, SKELETON_MAX - this.#skeleton.length);
		const kept = [...oldest.keys()].filter((i) => SKELETON.has((oldest[i] as JournalEvent).kind)).slice(0, room);
		for (const i of kept) {
			this.#skeleton.push(oldest[i] as JournalEvent);
			this.#skeletonNumbers.push(this.#first + i);
		}
		this.#first += oldest.length;
		this.#text -= oldest.reduce((sum, event) => sum + textLength(event), 0);
		this.#thinned += oldest.length - kept.length;
	}
}
