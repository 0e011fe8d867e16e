import type { Persister } from "../../raft.ts";
import { Effect } from "../effects.ts";
import { reported } from "./faults.ts";
import { post } from "./outbox.ts";

/**
 * This machine's view of its stable storage. What it saves goes out in order with everything else it does, so a crash
 * between two effects finds exactly what had been saved by then.
 */
export function makePersister(savedState: Uint8Array, savedSnapshot: Uint8Array): Persister {
	let state = savedState;
	let snapshot = savedSnapshot;
	return Object.freeze({
		save(newState: Uint8Array, newSnapshot: Uint8Array): void {
			state = copyOf(newState, "raftState");
			snapshot = copyOf(newSnapshot, "snapshot");
			post(Effect.save, state, snapshot);
		},
		readRaftState: () => state.slice(),
		readSnapshot: () => snapshot.slice(),
		raftStateSize: () => state.length,
		snapshotSize: () => snapshot.length,
	});
}

function copyOf(bytes: unknown, name: string): Uint8Array {
	if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
	const got = bytes === null ? "null" : Array.isArray(bytes) ? "an array" : typeof bytes;
	throw reported("shape", `persister.save: ${name} must be a Uint8Array (encode() makes one), but it is ${got}`);
}
