import { followLeader } from "./append-entries.ts";
import type { InstallSnapshotArgs, InstallSnapshotReply } from "./messages.ts";
import type { ServerState } from "./state.ts";

/** The service has put everything up to and including `index` into `snapshot`: the log need not keep it (§7). */
export function compact(state: ServerState, index: number, snapshot: Uint8Array): void {
	if (index <= state.log.lastIncludedIndex) return; // a leader's snapshot, installed meanwhile, covers it
	if (index > state.lastApplied)
		throw new RangeError(`a snapshot of ${index}, but only ${state.lastApplied} is applied`);
	state.log.compactTo(index);
	state.snapshot = snapshot;
	state.effects.save = true;
}

/** The leader no longer has the entries that this server needs, and sends what they led to (figure 13, receiver). */
export function handleInstallSnapshot(state: ServerState, args: InstallSnapshotArgs): InstallSnapshotReply {
	if (args.term < state.currentTerm) return { term: state.currentTerm };
	followLeader(state, args.term);

	const { log } = state;
	// Stale: all of it is committed here already. Taking it would throw away later entries, and take the service back in time.
	if (args.lastIncludedIndex <= state.commitIndex) return { term: state.currentTerm };

	const hasLastIncluded = log.termAt(args.lastIncludedIndex) === args.lastIncludedTerm;
	if (hasLastIncluded) log.compactTo(args.lastIncludedIndex);
	else log.restartAfter(args.lastIncludedIndex, args.lastIncludedTerm);
	state.snapshot = args.data;
	state.commitIndex = args.lastIncludedIndex;
	state.effects.save = true;
	// The service gets it through nextToApply: lastApplied now lies before the log's beginning.
	return { term: state.currentTerm };
}
