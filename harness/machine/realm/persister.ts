import type { Persister } from "../../raft.ts";
import * as Effect from "../effects.ts";
import { currentStep } from "./clock.ts";
import { reported } from "./faults.ts";
import { post } from "./outbox.ts";

/**
 * This machine's view of its stable storage. What it saves goes out in order with everything else it does, so a crash
 * between two effects finds exactly what had been saved by then.
 */
export function makePersister(savedState: Uint8Array, savedSnapshot: Uint8Array): Persister {
	const state = new Kept(savedState);
	const snapshot = new Kept(savedSnapshot);
	return Object.freeze({
		save(newState: Uint8Array, newSnapshot: Uint8Array): void {
			checkBytes(newState, "raftState");
			checkBytes(newSnapshot, "snapshot");
			post(Effect.save, state.keep(newState), snapshot.keep(newSnapshot));
		},
		readRaftState: () => state.bytes.slice(),
		readSnapshot: () => snapshot.bytes.slice(),
		raftStateSize: () => state.bytes.length,
		snapshotSize: () => snapshot.bytes.length,
	});
}

/**
 * Copies of what is saved, which the host leaves here until it wants them. A log of thousands of entries is saved thousands
 * of times, so buffers are used again as soon as no crash can ask for what they hold: that is, when a later step's save has taken its place.
 */
class Kept {
	bytes: Uint8Array;
	/** What a crash in the step of the last save would still find; after that step it is free. */
	#before: ArrayBufferLike | undefined;
	#step = -1;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	keep(bytes: Uint8Array): Uint8Array {
		const { length } = bytes;
		// Until there are snapshots, each save comes with an empty one.
		if (length === 0 && this.bytes.length === 0) return this.bytes;
		let free: ArrayBufferLike | undefined;
		if (this.#step !== currentStep()) {
			this.#step = currentStep();
			free = this.#before;
			this.#before = this.bytes.buffer;
		}
		const buffer = free !== undefined && free.byteLength >= length ? free : new ArrayBuffer(Math.ceil(1.5 * length));
		this.bytes = new Uint8Array(buffer, 0, length);
		this.bytes.set(bytes);
		return this.bytes;
	}
}

function checkBytes(bytes: unknown, name: string): void {
	if (bytes instanceof Uint8Array) return;
	const got = bytes === null ? "null" : Array.isArray(bytes) ? "an array" : typeof bytes;
	throw reported("shape", `persister.save: ${name} must be a Uint8Array (encode() makes one), but it is ${got}`);
}
