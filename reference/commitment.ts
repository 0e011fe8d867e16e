import { peersOf, type ServerState } from "./state.ts";

/**
 * What a majority has is committed, if it is of the current term; then so is everything before it (§5.3, §5.4.2).
 *
 * The term is what figure 8 is about: an older entry on a majority can still be overwritten, by a server that never had it
 * but has a later entry of its own. Once an entry of the leader's own term is on a majority, such a server can't win any more.
 */
export function advanceCommitIndex(state: ServerState): void {
	const onMajority = highestOnMajority(state);
	if (onMajority > state.commitIndex && state.log.termAt(onMajority) === state.currentTerm) {
		state.commitIndex = onMajority;
	}
}

/** The highest index that more than half of the servers have, this leader included: the median, counted from above. */
function highestOnMajority(state: ServerState): number {
	const matchIndexes = peersOf(state).map((peer) => state.trackers[peer]?.matchIndex ?? 0);
	const descending = [state.log.lastIndex, ...matchIndexes].sort((a, b) => b - a);
	return descending[Math.floor(state.size / 2)] ?? 0;
}
