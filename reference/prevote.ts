import { hasWon, isUpToDate, startElection } from "./elections.ts";
import type { RequestVoteArgs, RequestVoteReply } from "./messages.ts";
import { peersOf, type ServerState } from "./state.ts";

/**
 * Asks whether an election could be won, before any term is raised for it (thesis §9.6). Without this, a server that was
 * cut off comes back with a high term and brings down a leader that everyone else could hear.
 */
export function startPreVote(state: ServerState): void {
	state.role = "preCandidate";
	state.ballots = new Map([[state.me, true]]);
	state.effects.resetElectionTimer = true;
	if (hasWon(state)) startElection(state);
	else requestPreVotes(state);
}

/** Asks everyone who has not answered yet. The term is the one that it would stand in; it is not in it yet. */
export function requestPreVotes(state: ServerState): void {
	const args: RequestVoteArgs = {
		term: state.currentTerm + 1,
		candidateId: state.me,
		lastLogIndex: state.log.lastIndex,
		lastLogTerm: state.log.lastTerm,
	};
	for (const peer of peersOf(state)) {
		if (!state.ballots.has(peer)) state.effects.messages.push({ to: peer, method: "PreVote", args });
	}
	state.effects.resetHeartbeatTimer = true;
}

/** Would this server vote for the asking one? Answering binds nobody: no term is adopted, no vote given, nothing saved. */
export function handlePreVote(state: ServerState, args: RequestVoteArgs): RequestVoteReply {
	const hasLeader = state.role === "leader" || state.nowMs - state.leaderHeardMs < state.options.electionTimeoutMinMs;
	const voteGranted = args.term > state.currentTerm && !hasLeader && isUpToDate(state, args);
	return { term: state.currentTerm, voteGranted };
}

/** An answer has come in; with a majority of them the real election begins. */
export function handlePreVoteReply(
	state: ServerState,
	from: number,
	args: RequestVoteArgs,
	reply: RequestVoteReply,
): void {
	if (state.role !== "preCandidate" || args.term !== state.currentTerm + 1) return;
	state.ballots.set(from, reply.voteGranted);
	if (hasWon(state)) startElection(state);
}
