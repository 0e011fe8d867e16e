import { type Choice, type ChoiceSet, parseChoices } from "./choice.ts";
import type { Decision } from "./choices.ts";

/** A choice that came up in a run and kept a value that is not its default. */
export interface KeptChoice extends Choice {
	/** When it came up, in virtual milliseconds. */
	readonly atMs: number;
	/** What was drawn. */
	readonly drawn: unknown;
}

/**
 * Which choices of one run keep what was drawn, and which of these came up: where the draw differs from the default. All others take the default.
 */
export class Selection {
	readonly #decisions: ReadonlySet<Decision> | undefined;
	readonly #choices: ReadonlySet<number>;
	readonly #kept = new Map<number, KeptChoice>();
	readonly #ties: Ties;
	#now: () => number = () => 0;

	/** @param kept - which choices are kept, as formatChoices writes them; undefined: all. */
	constructor(kept?: string) {
		const { decisions, choices }: ChoiceSet = kept === undefined ? { decisions: [], choices: [] } : parseChoices(kept);
		this.#decisions = kept === undefined ? undefined : new Set(decisions);
		this.#choices = new Set(choices.map(keyOf));
		this.#ties = new Ties((choice, atMs) => this.#note(choice, atMs, true));
	}

	/** Follows a run's clock. */
	follow(now: () => number): void {
		this.#now = now;
	}

	/** Whether a choice keeps what was drawn, which is not the default. */
	keeps(choice: Choice, drawn: unknown): boolean {
		const isKept = this.has(choice);
		if (isKept) this.#note(choice, this.#now(), drawn);
		return isKept;
	}

	/** Whether a choice would keep what was drawn. */
	has(choice: Choice): boolean {
		if (this.#decisions === undefined || this.#decisions.has(choice.decision)) return true;
		return this.#choices.size > 0 && this.#choices.has(keyOf(choice));
	}

	/** An event happens. Its place among those of its instant was chosen. */
	happens(atMs: number, sequence: number, tie: Choice): void {
		this.#ties.happens(atMs, sequence, this.has(tie) ? tie : undefined);
	}

	/** The choices that have come up so far, in order, of those that are kept. A run that keeps just these takes the same course. */
	kept(): readonly KeptChoice[] {
		this.#ties.flush();
		return [...this.#kept.values()];
	}

	#note(choice: Choice, atMs: number, drawn: unknown): void {
		const key = keyOf(choice);
		// An event that is put off comes up again, under the same name.
		if (!this.#kept.has(key)) this.#kept.set(key, { ...choice, atMs, drawn });
	}
}

/** Sees which events of an instant did not happen in the order in which they were made. */
class Ties {
	readonly #note: (choice: Choice, atMs: number) => void;
	#atMs = 0;
	#instant: { readonly sequence: number; readonly choice: Choice | undefined }[] = [];

	constructor(note: (choice: Choice, atMs: number) => void) {
		this.#note = note;
	}

	happens(atMs: number, sequence: number, choice: Choice | undefined): void {
		if (atMs !== this.#atMs) this.flush();
		this.#atMs = atMs;
		this.#instant.push({ sequence, choice });
	}

	flush(): void {
		const instant = this.#instant;
		this.#instant = [];
		// Those that come first, in order, and were made before all others of the instant, would do so anyway.
		let first = instant.length;
		let earliest = Number.POSITIVE_INFINITY;
		for (let i = instant.length - 1; i >= 0; i--) {
			const { sequence } = instant[i] as { sequence: number };
			if (sequence > earliest) first = i;
			else earliest = sequence;
		}
		for (const { choice } of instant.slice(first)) if (choice !== undefined) this.#note(choice, this.#atMs);
	}
}

function keyOf({ decision, a, b, n }: Choice): number {
	// 12 bits, 11 bits and 24 bits: room for 45 servers, and for more events than a run may have.
	return ((decision * 2 ** 12 + a) * 2 ** 11 + b) * 2 ** 24 + n;
}
