import { type Command, decode, encode, type Persister } from "raft-grade";
import { Log } from "./log.ts";
import type { PersistentState } from "./state.ts";

const HEADER_FIELDS = 4; // currentTerm, votedFor, lastIncludedIndex, lastIncludedTerm
const HEADER_BYTES = HEADER_FIELDS * Float64Array.BYTES_PER_ELEMENT;
const LENGTH_BYTES = Uint32Array.BYTES_PER_ELEMENT;
const NOBODY = -1;

/**
 * The persistent state as bytes: a header of four numbers, then every entry as its length and its encoding.
 *
 * The persister always wants the whole of it, and it is saved at every change; encoding a log of thousands of entries
 * anew each time would be most of what a server does. So the bytes are kept, and only those of new entries are made.
 */
export class Storage {
	readonly #persister: Persister;
	#bytes = new Uint8Array(1024);
	#view = new DataView(this.#bytes.buffer);
	/** Where each entry's bytes end; the first is that of {@link #firstIndex}. */
	#ends: number[] = [];
	#firstIndex = 1;

	constructor(persister: Persister) {
		this.#persister = persister;
	}

	/** Saves everything, as it is now. When this returns, a crash can't undo it. */
	save(state: PersistentState): void {
		this.#dropBefore(state.log.lastIncludedIndex + 1);
		this.#truncateTo(state.log.unsavedFrom);
		for (const entry of state.log.entriesFrom(this.#firstIndex + this.#ends.length)) {
			this.#push(encode([entry.term, entry.command]));
		}
		const { log, currentTerm, votedFor } = state;
		const header = [currentTerm, votedFor ?? NOBODY, log.lastIncludedIndex, log.lastIncludedTerm];
		let at = 0;
		for (const field of header) {
			this.#view.setFloat64(at, field);
			at += Float64Array.BYTES_PER_ELEMENT;
		}
		this.#persister.save(this.#bytes.subarray(0, this.#end), state.snapshot);
		log.markSaved();
	}

	/** What was saved last; a new server's state if nothing ever was. */
	load(): PersistentState {
		const bytes = this.#persister.readRaftState();
		if (bytes.length === 0) return { currentTerm: 0, votedFor: null, log: new Log(), snapshot: new Uint8Array() };

		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const field = (i: number) => view.getFloat64(i * Float64Array.BYTES_PER_ELEMENT);
		const votedFor = field(1);
		const entries = [];
		this.#firstIndex = field(2) + 1;
		for (let at = HEADER_BYTES; at < bytes.length; ) {
			const encoded = bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + view.getUint32(at));
			const [term, command] = decode(encoded) as [number, Command];
			entries.push({ term, command });
			this.#push(encoded);
			at += LENGTH_BYTES + encoded.length;
		}
		return {
			currentTerm: field(0),
			votedFor: votedFor === NOBODY ? null : votedFor,
			log: new Log(field(2), field(3), entries),
			snapshot: this.#persister.readSnapshot(),
		};
	}

	/** Where the last entry's bytes end. */
	get #end(): number {
		return this.#ends.at(-1) ?? HEADER_BYTES;
	}

	#push(encoded: Uint8Array): void {
		const start = this.#end;
		const end = start + LENGTH_BYTES + encoded.length;
		if (end > this.#bytes.length) {
			const larger = new Uint8Array(2 * end);
			larger.set(this.#bytes);
			this.#bytes = larger;
			this.#view = new DataView(larger.buffer);
		}
		this.#view.setUint32(start, encoded.length);
		this.#bytes.set(encoded, start + LENGTH_BYTES);
		this.#ends.push(end);
	}

	/** Forgets the entries from `index` on. */
	#truncateTo(index: number): void {
		this.#ends.length = Math.min(this.#ends.length, index - this.#firstIndex);
	}

	/** Forgets the entries before `index`, and moves the others to the front. */
	#dropBefore(index: number): void {
		if (index === this.#firstIndex) return;
		const dropped = this.#ends.splice(0, index - this.#firstIndex);
		const shift = (dropped.at(-1) ?? HEADER_BYTES) - HEADER_BYTES;
		this.#bytes.copyWithin(HEADER_BYTES, HEADER_BYTES + shift);
		this.#ends = this.#ends.map((end) => end - shift);
		this.#firstIndex = index;
	}
}
