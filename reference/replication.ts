import { advanceCommitIndex } from "./commitment.ts";
import type { AppendEntriesArgs, AppendEntriesReply, InstallSnapshotArgs, Replication } from "./messages.ts";
import { isActive } from "./quorum.ts";
import { peersOf, type ServerState, type Tracker } from "./state.ts";

/** To every peer, whatever it has answered: that there is a leader, and what it lacks, as another try (§5.2, §5.3). */
export function sendHeartbeats(state: ServerState): void {
	for (const peer of peersOf(state)) send(state, peer);
	state.effects.resetHeartbeatTimer = true;
}

/**
 * To every peer for which there is news and which has answered the last there was. One request at a time and peer is
 * enough: what comes up meanwhile goes out together with the answer, and what gets lost goes out with the next heartbeat.
 */
export function replicate(state: ServerState): void {
	for (const peer of peersOf(state)) {
		const tracker = trackerOf(state, peer);
		if (tracker.awaited === null && isActive(state, peer) && hasNews(state, tracker)) send(state, peer);
	}
}

function hasNews(state: ServerState, tracker: Tracker): boolean {
	if (tracker.nextIndex <= state.log.lastIndex) return true;
	return state.options.announceCommits && tracker.commitIndexSent < state.commitIndex;
}

function send(state: ServerState, peer: number): void {
	const tracker = trackerOf(state, peer);
	const message = nextMessage(state, peer, tracker);
	tracker.awaited = message.args;
	tracker.commitIndexSent = state.commitIndex;
	state.effects.messages.push(message);
}

/** What the peer needs next: entries if the log still has them, else the snapshot that took their place (§7). */
function nextMessage(state: ServerState, peer: number, tracker: Tracker): Replication {
	const { log } = state;
	// Whoever does not answer gets a bare heartbeat: no use in repeating half the log to a server that is down.
	const isBare = !isActive(state, peer);
	if (tracker.nextIndex <= log.lastIncludedIndex && !isBare) {
		const args: InstallSnapshotArgs = {
			term: state.currentTerm,
			leaderId: state.me,
			lastIncludedIndex: log.lastIncludedIndex,
			lastIncludedTerm: log.lastIncludedTerm,
			data: state.snapshot,
		};
		return { to: peer, method: "InstallSnapshot", args };
	}
	const prevLogIndex = Math.max(tracker.nextIndex - 1, log.lastIncludedIndex);
	const args: AppendEntriesArgs = {
		term: state.currentTerm,
		leaderId: state.me,
		prevLogIndex,
		prevLogTerm: log.termAt(prevLogIndex) ?? 0,
		entries: isBare ? [] : log.entriesFrom(prevLogIndex + 1),
		leaderCommit: state.commitIndex,
	};
	return { to: peer, method: "AppendEntries", args };
}

/** After start(): whatever was proposed goes out, unless this server has lost its office meanwhile. */
export function replicateProposals(state: ServerState): void {
	if (state.role !== "leader") return;
	advanceCommitIndex(state); // a majority of one needs nobody's answer
	replicate(state);
}

/** A follower has taken the entries, or has none that they could follow (figure 2, rules for leaders). */
export function handleAppendEntriesReply(
	state: ServerState,
	from: number,
	args: AppendEntriesArgs,
	reply: AppendEntriesReply,
): void {
	if (!isCurrent(state, args.term)) return;
	const tracker = heardFrom(state, from, args);
	if (reply.success) {
		// What was sent then, not what the log holds now: the reply speaks only of its own request.
		noteMatch(state, tracker, args.prevLogIndex + args.entries.length);
	} else if (args.prevLogIndex === tracker.nextIndex - 1 && args.prevLogIndex > tracker.matchIndex) {
		tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));
	} else {
		return; // an old refusal, of a guess that has been corrected since
	}
	replicate(state);
}

/** A follower has the snapshot now, or had more than that already. */
export function handleInstallSnapshotReply(state: ServerState, from: number, args: InstallSnapshotArgs): void {
	if (!isCurrent(state, args.term)) return;
	noteMatch(state, heardFrom(state, from, args), args.lastIncludedIndex);
	replicate(state);
}

/** No answer is coming. The next try is the next heartbeat's: at once could mean for ever, with time standing still. */
export function handleNoReply(state: ServerState, from: number, args: Replication["args"]): void {
	if (isCurrent(state, args.term)) noteAnswered(trackerOf(state, from), args);
}

/** Replies may come late, when the term in which they were asked for is over; they then mean nothing. */
function isCurrent(state: ServerState, term: number): boolean {
	return state.role === "leader" && term === state.currentTerm;
}

function heardFrom(state: ServerState, peer: number, args: Replication["args"]): Tracker {
	const tracker = trackerOf(state, peer);
	tracker.lastReplyMs = state.nowMs;
	noteAnswered(tracker, args);
	return tracker;
}

/** Only the latest request's answer counts: where answers are slower than heartbeats, each heartbeat would else begin another round that never ends. */
function noteAnswered(tracker: Tracker, args: Replication["args"]): void {
	if (tracker.awaited === args) tracker.awaited = null;
}

/** Replies may also come in the wrong order: an older one says less, and must not take anything back. */
function noteMatch(state: ServerState, tracker: Tracker, index: number): void {
	tracker.matchIndex = Math.max(tracker.matchIndex, index);
	tracker.nextIndex = Math.max(tracker.nextIndex, tracker.matchIndex + 1);
	advanceCommitIndex(state);
}

/**
 * Where to try next after a refusal: one round a term in conflict, not one an entry (end of §5.3). If the leader has
 * entries of the follower's term too, the logs agree at most up to the last of these; if not, that whole term must go.
 */
function backUp(state: ServerState, args: AppendEntriesArgs, reply: AppendEntriesReply): number {
	const lastOfTerm =
		reply.conflictTerm === null ? undefined : state.log.lastIndexOfTerm(reply.conflictTerm, args.prevLogIndex);
	return lastOfTerm === undefined ? reply.conflictIndex : lastOfTerm + 1;
}

function trackerOf(state: ServerState, peer: number): Tracker {
	const tracker = state.trackers[peer];
	if (tracker === undefined) throw new RangeError(`no server ${peer}`);
	return tracker;
}
