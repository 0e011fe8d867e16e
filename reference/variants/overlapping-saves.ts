/**
 * A disk on which several writes are under way at once: each takes 3 ms and they end in order. A message waits for the writes that were
 * begun before it, and for no later ones. So an answer of term 4 may leave while the write of term 5 is still under way, and a crash may
 * then bring back term 4: nobody has heard of 5. That is all that figure 2 asks for (persistent state is saved before responding to RPCs).
 */
import type { Persister } from "raft-grade";
import { sleep } from "raft-grade";
import { makeWaiting } from "./support/waiting.ts";

const WRITE_MS = 3;

export const make = makeWaiting((real) => {
	let lastWrite = Promise.resolve();

	const persister: Persister = {
		save(raftState, snapshot) {
			const copy = { raftState: raftState.slice(), snapshot: snapshot.slice() };
			lastWrite = Promise.all([lastWrite, sleep(WRITE_MS)]).then(() => real.save(copy.raftState, copy.snapshot));
		},
		readRaftState: () => real.readRaftState(),
		readSnapshot: () => real.readSnapshot(),
		raftStateSize: () => real.raftStateSize(),
		snapshotSize: () => real.snapshotSize(),
	};

	const saved = () => lastWrite;
	return { persister, waits: { sending: saved, answering: saved } };
});
