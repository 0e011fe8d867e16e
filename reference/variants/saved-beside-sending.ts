/**
 * Requests leave before the state that they speak of is saved; answers wait until it is. Figure 2 asks for no more: persistent state is
 * "updated on stable storage before responding to RPCs". Thesis §10.2.1 has a leader write to its disk while it replicates; and a candidate
 * that crashes between asking and saving has asked for nothing: it counts no vote in that term, so whom it then votes for there does no harm.
 */
import type { Persister } from "raft-grade";
import { makeWaiting } from "./support/waiting.ts";

export const make = makeWaiting((real) => {
	let saved = Promise.resolve();

	const persister: Persister = {
		save(raftState, snapshot) {
			const copy = { raftState: raftState.slice(), snapshot: snapshot.slice() };
			// In the same step, and behind the requests of that.
			saved = saved.then(() => Promise.resolve()).then(() => real.save(copy.raftState, copy.snapshot));
		},
		readRaftState: () => real.readRaftState(),
		readSnapshot: () => real.readSnapshot(),
		raftStateSize: () => real.raftStateSize(),
		snapshotSize: () => real.snapshotSize(),
	};

	return { persister, waits: { answering: () => saved } };
});
