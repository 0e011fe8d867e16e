import { becomeFollower, isMajority, peersOf, type ServerState } from "./state.ts";

/** Whether a peer has answered this leader within the last election timeout. */
export function isActive(state: ServerState, peer: number): boolean {
	const tracker = state.trackers[peer];
	return tracker !== undefined && state.nowMs - tracker.lastReplyMs < state.options.electionTimeoutMaxMs;
}

/**
 * A leader that a majority has stopped answering steps down (thesis §6.2). It could not commit anything any more, yet its
 * clients would go on waiting for it, and others may long have a leader of a later term.
 */
export function checkQuorum(state: ServerState): void {
	const active = peersOf(state).filter((peer) => isActive(state, peer)).length;
	if (!isMajority(state, active + 1)) becomeFollower(state, state.currentTerm);
}
