/**
 * A disk that takes 2 ms to write, and writes together what came up meanwhile; requests and answers wait until all is written. Figure 2
 * asks for persistent state to be "updated on stable storage before responding to RPCs", not at once: what a crash takes, nobody has heard
 * of. getState() and start() do not wait, so a term or an entry that they tell of may be lost.
 */
import type { Persister } from "raft-grade";
import { makeWaiting } from "./support/waiting.ts";

const WRITE_MS = 2;

export const make = makeWaiting((real) => {
	let unsaved: { raftState: Uint8Array; snapshot: Uint8Array } | undefined;
	let written = Promise.resolve();

	const persister: Persister = {
		save(raftState, snapshot) {
			const isUnderWay = unsaved !== undefined;
			unsaved = { raftState: raftState.slice(), snapshot: snapshot.slice() };
			if (!isUnderWay) written = new Promise((resolve) => setTimeout(() => resolve(write()), WRITE_MS));
		},
		readRaftState: () => real.readRaftState(),
		readSnapshot: () => real.readSnapshot(),
		raftStateSize: () => real.raftStateSize(),
		snapshotSize: () => real.snapshotSize(),
	};
	function write(): void {
		if (unsaved !== undefined) real.save(unsaved.raftState, unsaved.snapshot);
		unsaved = undefined;
	}

	const saved = () => written;
	return { persister, waits: { sending: saved, answering: saved } };
});
