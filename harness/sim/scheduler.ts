/** Something that will happen at a moment of virtual time. */
export interface ScheduledEvent {
	/** When, in virtual milliseconds since the run began. */
	readonly atMs: number;
	/** Decides between events due at the same instant: lower first. 0 in the calm schedule, where the order they were made in decides. */
	readonly tie: number;
	/** The number of the event: the order in which events were made. */
	readonly sequence: number;
	/** What happens; null once the event is cancelled or done. */
	run: (() => void) | null;
}

/**
 * Virtual time: a queue of events, ordered by (time, tie, order of making). Nothing here waits.
 */
export class Scheduler {
	#nowMs = 0;
	#sequence = 0;
	#heap: ScheduledEvent[] = [];

	/** The current virtual time, in milliseconds since the run began. */
	get nowMs(): number {
		return this.#nowMs;
	}

	/** When the next event is due, in virtual milliseconds; Infinity if there is none. */
	get nextAtMs(): number {
		this.#dropCancelled();
		return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
	}

	/**
	 * Makes an event.
	 *
	 * @param atMs - when it is due; the past counts as now.
	 * @param tie - decides between events due at the same instant: lower first.
	 */
	at(atMs: number, tie: number, run: () => void): ScheduledEvent {
		const event: ScheduledEvent = {
			atMs: Math.max(atMs, this.#nowMs),
			tie,
			sequence: this.#sequence++,
			run,
		};
		this.#push(event);
		return event;
	}

	/** Takes an event back. Cancelling one that has happened or was cancelled is harmless. */
	cancel(event: ScheduledEvent): void {
		event.run = null;
	}

	/**
	 * Goes on to the next event and makes it happen.
	 *
	 * @returns false if there is none.
	 */
	step(): boolean {
		this.#dropCancelled();
		const event = this.#pop();
		if (event === undefined) return false;
		this.#nowMs = event.atMs;
		const run = event.run;
		event.run = null;
		run?.();
		return true;
	}

	/** Cancelled events stay in the queue until they are due: taking one out of the middle of a heap costs more than it frees. */
	#dropCancelled(): void {
		while (this.#heap[0]?.run === null) this.#pop();
	}

	#push(event: ScheduledEvent): void {
		const heap = this.#heap;
		let child = heap.length;
		heap.push(event);
		while (child > 0) {
			const parent = (child - 1) >> 1;
			const above = heap[parent] as ScheduledEvent;
			if (!isBefore(event, above)) break;
			heap[child] = above;
			child = parent;
		}
		heap[child] = event;
	}

	#pop(): ScheduledEvent | undefined {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (first === undefined || last === undefined || first === last) return first;
		let hole = 0;
		const half = heap.length >> 1;
		while (hole < half) {
			let child = 2 * hole + 1;
			let smallest = heap[child] as ScheduledEvent;
			const right = heap[child + 1];
			if (right !== undefined && isBefore(right, smallest)) {
				child++;
				smallest = right;
			}
			if (!isBefore(smallest, last)) break;
			heap[hole] = smallest;
			hole = child;
		}
		heap[hole] = last;
		return first;
	}
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
	if (a.atMs !== b.atMs) return a.atMs < b.atMs;
	if (a.tie !== b.tie) return a.tie < b.tie;
	return a.sequence < b.sequence;
}
