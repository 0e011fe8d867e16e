import type { AppendEntriesArgs, AppendEntriesReply } from "./messages.ts";
import { becomeFollower, type ServerState } from "./state.ts";

/** A leader sends entries, or just a heartbeat: there is no difference (figure 2, AppendEntries, receiver). */
export function handleAppendEntries(state: ServerState, args: AppendEntriesArgs): AppendEntriesReply {
	const { log } = state;
	if (args.term < state.currentTerm) return refuse(state, null, log.lastIndex + 1);
	followLeader(state, args.term);

	if (args.prevLogIndex > log.lastIndex) return refuse(state, null, log.lastIndex + 1);
	// No term to be seen: prevLogIndex lies within the snapshot. What is in there was committed, so the leader has the same.
	const prevTerm = log.termAt(args.prevLogIndex) ?? args.prevLogTerm;
	if (prevTerm !== args.prevLogTerm) return refuse(state, prevTerm, log.firstIndexOfTermAt(args.prevLogIndex));

	if (log.merge(args.prevLogIndex, args.entries)) state.effects.save = true;
	// Up to the last entry that this request vouches for: what follows it here may be an old leader's.
	const vouchedFor = args.prevLogIndex + args.entries.length;
	state.commitIndex = Math.max(state.commitIndex, Math.min(args.leaderCommit, vouchedFor));
	return { term: state.currentTerm, success: true, conflictTerm: null, conflictIndex: 0 };
}

/** The sender leads a term that is not over: no other leader can exist in it, and nobody needs to be elected for now. */
export function followLeader(state: ServerState, term: number): void {
	becomeFollower(state, term);
	state.leaderHeardMs = state.nowMs;
	state.effects.resetElectionTimer = true;
}

function refuse(state: ServerState, conflictTerm: number | null, conflictIndex: number): AppendEntriesReply {
	return { term: state.currentTerm, success: false, conflictTerm, conflictIndex };
}
