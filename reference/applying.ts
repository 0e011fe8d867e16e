import type { ApplyMsg } from "raft-grade";
import type { ServerState } from "./state.ts";

/**
 * What the service gets next, if anything (figure 2, rules for all servers); it counts as applied from here on.
 *
 * Asked once for each message, not for a batch: while the service takes one, a snapshot may replace those that would follow.
 */
export function nextToApply(state: ServerState): ApplyMsg | undefined {
	const { log, snapshot } = state;
	if (state.lastApplied < log.lastIncludedIndex) {
		// The entries that the service lacks are gone: the snapshot takes it past all of them.
		state.lastApplied = log.lastIncludedIndex;
		return { snapshotValid: true, snapshot, snapshotTerm: log.lastIncludedTerm, snapshotIndex: log.lastIncludedIndex };
	}
	if (state.lastApplied < state.commitIndex) {
		state.lastApplied += 1;
		return { commandValid: true, command: log.entryAt(state.lastApplied).command, commandIndex: state.lastApplied };
	}
	return undefined;
}
