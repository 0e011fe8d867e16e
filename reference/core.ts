import type { Command, StartResult } from "raft-grade";
import { handleRequestVoteReply, requestVotes, startElection } from "./elections.ts";
import type { AppendEntriesReply, Message, Reply, RequestVoteReply } from "./messages.ts";
import { handlePreVoteReply, requestPreVotes, startPreVote } from "./prevote.ts";
import { checkQuorum } from "./quorum.ts";
import { handleAppendEntriesReply, handleInstallSnapshotReply, handleNoReply, sendHeartbeats } from "./replication.ts";
import { becomeFollower, type ServerState } from "./state.ts";

/** The election timer has run out: no leader heard, or no election won, in all that time (§5.2). */
export function electionTimeout(state: ServerState): void {
	if (state.role === "leader") return;
	if (state.options.preVote) startPreVote(state);
	else startElection(state);
}

/** The heartbeat timer has run out: say again what has to be said again. */
export function heartbeatTimeout(state: ServerState): void {
	if (state.role === "leader" && state.options.checkQuorum) checkQuorum(state);
	if (state.role === "leader") sendHeartbeats(state);
	else if (state.role === "candidate") requestVotes(state);
	else if (state.role === "preCandidate") requestPreVotes(state);
}

/** A client's command: the leader appends it to its own log, and replicates it later (§5.3). */
export function propose(state: ServerState, command: Command): StartResult {
	const isLeader = state.role === "leader";
	if (isLeader) {
		state.log.append({ term: state.currentTerm, command });
		state.effects.save = true;
	}
	return { index: state.log.lastIndex, term: state.currentTerm, isLeader };
}

/** The answer to a request that this server sent, whenever it comes; undefined if none will. */
export function handleReply(state: ServerState, message: Message, reply: Reply | undefined): void {
	const { to, method, args } = message;
	if (reply === undefined) {
		if (method === "AppendEntries" || method === "InstallSnapshot") handleNoReply(state, to, args);
		return;
	}
	if (reply.term > state.currentTerm) {
		becomeFollower(state, reply.term); // §5.1, for every reply alike
		return;
	}
	if (method === "RequestVote") handleRequestVoteReply(state, to, args, reply as RequestVoteReply);
	else if (method === "PreVote") handlePreVoteReply(state, to, args, reply as RequestVoteReply);
	else if (method === "AppendEntries") handleAppendEntriesReply(state, to, args, reply as AppendEntriesReply);
	else handleInstallSnapshotReply(state, to, args);
}
