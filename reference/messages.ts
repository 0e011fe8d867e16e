import type { Entry } from "./log.ts";

/** Figure 2, RequestVote. PreVote (thesis §9.6) has the same form, with the term that the candidate would stand in. */
export interface RequestVoteArgs {
	term: number;
	candidateId: number;
	lastLogIndex: number;
	lastLogTerm: number;
}

/** Figure 2, RequestVote's results. */
export interface RequestVoteReply {
	term: number;
	voteGranted: boolean;
}

/** Figure 2, AppendEntries. */
export interface AppendEntriesArgs {
	term: number;
	leaderId: number;
	prevLogIndex: number;
	prevLogTerm: number;
	entries: Entry[];
	leaderCommit: number;
}

/** Figure 2, AppendEntries' results, and where the logs part, so that the leader can skip a whole term (end of §5.3). */
export interface AppendEntriesReply {
	term: number;
	success: boolean;
	/** The term of the follower's entry at prevLogIndex; null if its log is too short to have one. */
	conflictTerm: number | null;
	/** The first index of conflictTerm; or the one after the follower's last, if its log is too short. */
	conflictIndex: number;
}

/** Figure 13, InstallSnapshot, sent whole: the labs need no chunks. */
export interface InstallSnapshotArgs {
	term: number;
	leaderId: number;
	lastIncludedIndex: number;
	lastIncludedTerm: number;
	data: Uint8Array;
}

/** Figure 13, InstallSnapshot's result. */
export interface InstallSnapshotReply {
	term: number;
}

/** A request on its way out. Its arguments are kept until the reply comes, which means nothing without them. */
export type Message =
	| { to: number; method: "RequestVote"; args: RequestVoteArgs }
	| { to: number; method: "PreVote"; args: RequestVoteArgs }
	| Replication;

/** What a leader sends: what the peer needs next. */
export type Replication =
	| { to: number; method: "AppendEntries"; args: AppendEntriesArgs }
	| { to: number; method: "InstallSnapshot"; args: InstallSnapshotArgs };

/** What comes back for a {@link Message}, according to its method. */
export type Reply = RequestVoteReply | AppendEntriesReply | InstallSnapshotReply;
