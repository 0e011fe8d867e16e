import type { RequestVoteArgs, RequestVoteReply } from "./messages.ts";
import { sendHeartbeats } from "./replication.ts";
import { becomeFollower, isMajority, peersOf, type ServerState } from "./state.ts";

/** Stands for election in a new term (§5.2). */
export function startElection(state: ServerState): void {
	state.role = "candidate";
	state.currentTerm += 1;
	state.votedFor = state.me;
	state.ballots = new Map([[state.me, true]]);
	state.effects.save = true;
	state.effects.resetElectionTimer = true;
	if (hasWon(state))
		becomeLeader(state); // alone in the cluster
	else requestVotes(state);
}

/** Asks everyone who has not answered yet: requests and answers get lost, and servers retry (§5.1). */
export function requestVotes(state: ServerState): void {
	const args: RequestVoteArgs = {
		term: state.currentTerm,
		candidateId: state.me,
		lastLogIndex: state.log.lastIndex,
		lastLogTerm: state.log.lastTerm,
	};
	for (const peer of peersOf(state)) {
		if (!state.ballots.has(peer)) state.effects.messages.push({ to: peer, method: "RequestVote", args });
	}
	state.effects.resetHeartbeatTimer = true;
}

/** Another server asks for this one's vote (figure 2, RequestVote, receiver). */
export function handleRequestVote(state: ServerState, args: RequestVoteArgs): RequestVoteReply {
	if (args.term > state.currentTerm) becomeFollower(state, args.term);
	const isFree = state.votedFor === null || state.votedFor === args.candidateId;
	const voteGranted = args.term === state.currentTerm && isFree && isUpToDate(state, args);
	if (voteGranted) {
		if (state.votedFor === null) state.effects.save = true;
		state.votedFor = args.candidateId;
		state.role = "follower"; // a preCandidate's own plans can wait
		// Only a vote given earns the candidate time. A refusal must not: a server that can't win could keep all who can waiting.
		state.effects.resetElectionTimer = true;
	}
	return { term: state.currentTerm, voteGranted };
}

/** A vote has come in. They are counted one by one, as they arrive: some never do. */
export function handleRequestVoteReply(
	state: ServerState,
	from: number,
	args: RequestVoteArgs,
	reply: RequestVoteReply,
): void {
	if (state.role !== "candidate" || args.term !== state.currentTerm) return; // that election is over
	state.ballots.set(from, reply.voteGranted);
	if (hasWon(state)) becomeLeader(state);
}

/** Whether a candidate's log is at least as up-to-date as this server's: the last term decides, then the length (§5.4.1). */
export function isUpToDate(state: ServerState, candidate: { lastLogIndex: number; lastLogTerm: number }): boolean {
	const { lastIndex, lastTerm } = state.log;
	if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;
	return candidate.lastLogIndex >= lastIndex;
}

/** Whether more than half of all servers have said yes. */
export function hasWon(state: ServerState): boolean {
	return isMajority(state, [...state.ballots.values()].filter((granted) => granted).length);
}

/**
 * The election is won: make known who leads before anyone else stands (§5.2). The paper's leader would also commit an
 * empty entry to learn what is committed (§8); the labs count indices, so here the next command has to do that.
 */
function becomeLeader(state: ServerState): void {
	state.role = "leader";
	state.trackers = Array.from({ length: state.size }, () => ({
		nextIndex: state.log.lastIndex + 1,
		matchIndex: 0,
		lastReplyMs: state.nowMs,
		awaited: null,
		commitIndexSent: 0,
	}));
	sendHeartbeats(state);
}
