import type { Command } from "raft-grade";

/** One place in the log. */
export interface Entry {
	readonly term: number;
	readonly command: Command;
}

/**
 * The log (§5.3), whose beginning may have been replaced by a snapshot (§7). Indices are the paper's, from 1; nobody
 * outside this file knows where in an array an entry lies.
 *
 * The entry that the snapshot ends with is gone, but its index and term remain, as the log's element zero: the
 * consistency check of AppendEntries needs them. In a log that was never compacted they are 0 and 0.
 */
export class Log {
	#lastIncludedIndex: number;
	#lastIncludedTerm: number;
	#entries: Entry[];
	#unsavedFrom: number;

	constructor(lastIncludedIndex = 0, lastIncludedTerm = 0, entries: Entry[] = []) {
		this.#lastIncludedIndex = lastIncludedIndex;
		this.#lastIncludedTerm = lastIncludedTerm;
		this.#entries = entries;
		this.#unsavedFrom = this.lastIndex + 1;
	}

	/** The last index that the snapshot replaces. */
	get lastIncludedIndex(): number {
		return this.#lastIncludedIndex;
	}

	/** The term of the entry at {@link lastIncludedIndex}. */
	get lastIncludedTerm(): number {
		return this.#lastIncludedTerm;
	}

	get lastIndex(): number {
		return this.#lastIncludedIndex + this.#entries.length;
	}

	get lastTerm(): number {
		return this.#entries.at(-1)?.term ?? this.#lastIncludedTerm;
	}

	/** Entries from here on have changed since {@link markSaved}; those before are as they were. */
	get unsavedFrom(): number {
		return this.#unsavedFrom;
	}

	/** The term of the entry at `index`; undefined if the log has none there, or has none any more. */
	termAt(index: number): number | undefined {
		if (index === this.#lastIncludedIndex) return this.#lastIncludedTerm;
		return this.#entries[index - this.#lastIncludedIndex - 1]?.term;
	}

	/** The entry at `index`, which the log must have. */
	entryAt(index: number): Entry {
		const entry = this.#entries[index - this.#lastIncludedIndex - 1];
		if (entry === undefined) {
			throw new RangeError(`no entry ${index}: the log has ${this.#lastIncludedIndex + 1} to ${this.lastIndex}`);
		}
		return entry;
	}

	/** All entries from `index` on, which the log must not have compacted. */
	entriesFrom(index: number): Entry[] {
		if (index <= this.#lastIncludedIndex) throw new RangeError(`entry ${index} is in the snapshot`);
		return this.#entries.slice(index - this.#lastIncludedIndex - 1);
	}

	/** Adds an entry at the end; the leader's own log is never changed in another way. */
	append(entry: Entry): void {
		this.#entries.push(entry);
	}

	/**
	 * Puts `entries` after `prevIndex` (figure 2, AppendEntries, receiver's steps 3 and 4), and says whether that changed
	 * anything. Only a conflict cuts the log: a request that was overtaken by a later one must not undo what that brought.
	 */
	merge(prevIndex: number, entries: readonly Entry[]): boolean {
		for (const [i, entry] of entries.entries()) {
			const index = prevIndex + 1 + i;
			if (index <= this.#lastIncludedIndex || this.termAt(index) === entry.term) continue;
			this.#entries.length = index - this.#lastIncludedIndex - 1;
			this.#unsavedFrom = Math.min(this.#unsavedFrom, index);
			for (const fresh of entries.slice(i)) this.#entries.push(fresh);
			return true;
		}
		return false;
	}

	/** The first index at which the log has the term that it has at `index`, as far as it can still be seen. */
	firstIndexOfTermAt(index: number): number {
		const term = this.termAt(index);
		let first = index;
		while (first - 1 > this.#lastIncludedIndex && this.termAt(first - 1) === term) first -= 1;
		return first;
	}

	/** The last index below `before` at which the log has `term`; undefined if it has no such entry. */
	lastIndexOfTerm(term: number, before: number): number | undefined {
		for (let index = Math.min(before - 1, this.lastIndex); index >= this.#lastIncludedIndex; index -= 1) {
			const here = this.termAt(index) ?? 0;
			if (here === term) return index;
			if (here < term) return undefined; // terms only grow along a log
		}
		return undefined;
	}

	/** Forgets the entries up to and including `index`, which a snapshot of this very log replaces. */
	compactTo(index: number): void {
		const term = this.entryAt(index).term;
		this.#entries.splice(0, index - this.#lastIncludedIndex);
		this.#lastIncludedIndex = index;
		this.#lastIncludedTerm = term;
		this.#unsavedFrom = Math.max(this.#unsavedFrom, index + 1);
	}

	/** Forgets everything: a snapshot from elsewhere takes its place. */
	restartAfter(lastIncludedIndex: number, lastIncludedTerm: number): void {
		this.#entries = [];
		this.#lastIncludedIndex = lastIncludedIndex;
		this.#lastIncludedTerm = lastIncludedTerm;
		this.#unsavedFrom = lastIncludedIndex + 1;
	}

	/** The log is in stable storage as it stands. */
	markSaved(): void {
		this.#unsavedFrom = this.lastIndex + 1;
	}
}
