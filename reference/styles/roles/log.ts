import type { Command } from "raft-grade";
import type { Entry } from "./messages.ts";

/** A log as it is saved: where it begins, the terms as runs (term, length, term, length …), and the commands. */
export type SavedLog = [snapshotIndex: number, snapshotTerm: number, termRuns: number[], commands: Command[]];

/** The entries after the snapshot, by index. */
export class Log {
	readonly #entries = new Map<number, Entry>();
	#snapshotIndex = 0;
	#snapshotTerm = 0;

	get snapshotIndex(): number {
		return this.#snapshotIndex;
	}

	get lastIndex(): number {
		return this.#snapshotIndex + this.#entries.size;
	}

	get lastTerm(): number {
		return this.termAt(this.lastIndex);
	}

	/** The term of an entry, or of the snapshot's last; 0 for an index outside of the log, which no entry's term is. */
	termAt(index: number): number {
		return index === this.#snapshotIndex ? this.#snapshotTerm : (this.#entries.get(index)?.term ?? 0);
	}

	commandAt(index: number): Command {
		return this.#entries.get(index)?.command;
	}

	append(entry: Entry): void {
		this.#entries.set(this.lastIndex + 1, entry);
	}

	from(index: number): Entry[] {
		const found: Entry[] = [];
		for (let i = index; i <= this.lastIndex; i++) found.push(this.#entries.get(i) as Entry);
		return found;
	}

	/** Removes `index` and what follows it. */
	cutFrom(index: number): void {
		for (let i = this.lastIndex; i >= index; i--) this.#entries.delete(i);
	}

	/** The snapshot now reaches to `index`. What follows is kept if the log had that very entry, and dropped if not. */
	startAt(index: number, term: number): void {
		if (this.termAt(index) === term) {
			for (let i = this.#snapshotIndex + 1; i <= index; i++) this.#entries.delete(i);
		} else {
			this.#entries.clear();
		}
		this.#snapshotIndex = index;
		this.#snapshotTerm = term;
	}

	isUpToDate(lastIndex: number, lastTerm: number): boolean {
		return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
	}

	/**
	 * The last index up to `index` whose term is at most `term`: where another log that has `term` at `index` can agree
	 * with this one at best. Never goes back beyond the snapshot, which is committed.
	 */
	lastPossibleMatch(index: number, term: number): number {
		let i = Math.min(index, this.lastIndex);
		while (i > this.#snapshotIndex && this.termAt(i) > term) i--;
		return i;
	}

	save(): SavedLog {
		const termRuns: number[] = [];
		const commands: Command[] = [];
		for (let i = this.#snapshotIndex + 1; i <= this.lastIndex; i++) {
			const { term, command } = this.#entries.get(i) as Entry;
			commands.push(command);
			if (termRuns.at(-2) === term) termRuns.push((termRuns.pop() ?? 0) + 1);
			else termRuns.push(term, 1);
		}
		return [this.#snapshotIndex, this.#snapshotTerm, termRuns, commands];
	}

	restore([snapshotIndex, snapshotTerm, termRuns, commands]: SavedLog): void {
		this.#entries.clear();
		this.#snapshotIndex = snapshotIndex;
		this.#snapshotTerm = snapshotTerm;
		let next = 0;
		for (let run = 0; run < termRuns.length; run += 2) {
			const term = termRuns[run] as number;
			for (let left = termRuns[run + 1] as number; left > 0; left--) this.append({ term, command: commands[next++] });
		}
	}
}
