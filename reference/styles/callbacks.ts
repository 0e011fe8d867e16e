/**
 * Raft with callbacks and timers: no async function, no await, no class. One closure holds the state in plain variables;
 * things happen in handlers, in timer callbacks and in `.then()` callbacks.
 *
 * Choices:
 * - election timeout 300–600 ms, one setTimeout that is cleared and set again; heartbeats every 100 ms by setInterval;
 * - the log is an array whose element 0 stands for the last entry in the snapshot (`offset` is its index);
 * - commands given in one instant travel together (setImmediate); to each peer one request at a time is under way, and
 *   the next heartbeat is the retry;
 * - followers learn of a commit with the next message, there is no extra round for it;
 * - no check-quorum: a leader that is cut off stays leader until it hears of a higher term;
 * - saved as one JSON text, so commands are JSON values, which is what the labs propose.
 */

import type { ApplyMsg, Command, Make, StartResult } from "raft-grade";
import { debug, decode, encode } from "raft-grade";

interface Entry {
	term: number;
	command: Command;
}

interface VoteArgs {
	term: number;
	candidate: number;
	lastIndex: number;
	lastTerm: number;
}

interface VoteReply {
	term: number;
	granted: boolean;
}

interface AppendArgs {
	term: number;
	prevIndex: number;
	prevTerm: number;
	entries: Entry[];
	commit: number;
}

/** On a refusal: the term of the entry that is in the way (0: the log is too short) and where to go on from. */
interface AppendReply {
	term: number;
	ok: boolean;
	conflictTerm: number;
	conflictIndex: number;
}

interface SnapshotArgs {
	term: number;
	index: number;
	indexTerm: number;
	data: Uint8Array;
}

interface SnapshotReply {
	term: number;
}

interface Saved {
	term: number;
	votedFor: number;
	offset: number;
	terms: number[];
	commands: Command[];
}

const ELECTION_MIN_MS = 300;
const ELECTION_SPREAD_MS = 300;
const HEARTBEAT_MS = 100;
const NOBODY = -1;

export const make: Make = (peers, me, persister, applyCh) => {
	const majority = Math.floor(peers.length / 2) + 1;
	const others = peers.map((_, peer) => peer).filter((peer) => peer !== me);

	// Saved at every change.
	let term = 0;
	let votedFor = NOBODY;
	let offset = 0;
	let log: Entry[] = [{ term: 0, command: null }];
	let snapshotData = persister.readSnapshot();

	let role: "follower" | "candidate" | "leader" = "follower";
	let dead = false;
	let commitIndex = 0;
	let lastApplied = 0;

	let electionTimer: NodeJS.Timeout | undefined;
	let heartbeatTimer: NodeJS.Timeout | undefined;
	let broadcastDue = false;

	// The leader's view of each peer. underWay: number of the latest request that has had no answer yet, 0 if none.
	let nextIndex: number[] = [];
	let matchIndex: number[] = [];
	let underWay: number[] = [];
	let requests = 0;

	let applying = false;
	let waitingSnapshot: { data: Uint8Array; term: number; index: number } | undefined;

	const lastIndex = () => offset + log.length - 1;
	const entryAt = (index: number) => log[index - offset] as Entry;
	const termAt = (index: number) => entryAt(index).term;

	function save() {
		const saved: Saved = {
			term,
			votedFor,
			offset,
			terms: log.map((entry) => entry.term),
			commands: log.map((entry) => entry.command),
		};
		persister.save(encode(JSON.stringify(saved)), snapshotData);
	}

	function restore() {
		const bytes = persister.readRaftState();
		if (bytes.length === 0) return;
		const saved = JSON.parse(decode(bytes) as string) as Saved;
		term = saved.term;
		votedFor = saved.votedFor;
		offset = saved.offset;
		log = saved.terms.map((entryTerm, i) => ({ term: entryTerm, command: saved.commands[i] }));
		// The service has the snapshot already.
		commitIndex = offset;
		lastApplied = offset;
	}

	// ---- Elections

	function resetElectionTimer() {
		clearTimeout(electionTimer);
		electionTimer = setTimeout(startElection, ELECTION_MIN_MS + Math.random() * ELECTION_SPREAD_MS);
	}

	/** Leaves it to the caller to save. */
	function stepDown(newTerm: number) {
		if (newTerm > term) {
			term = newTerm;
			votedFor = NOBODY;
		}
		if (role === "leader") {
			clearInterval(heartbeatTimer);
			resetElectionTimer();
		}
		role = "follower";
	}

	function startElection() {
		if (dead) return;
		role = "candidate";
		term++;
		votedFor = me;
		save();
		resetElectionTimer();
		debug("vote", `stands for election in term ${term}`);

		let votes = 1;
		if (votes >= majority) return becomeLeader();
		const args: VoteArgs = { term, candidate: me, lastIndex: lastIndex(), lastTerm: termAt(lastIndex()) };
		for (const peer of others) {
			peers[peer]?.call<VoteReply>("RequestVote", args).then((reply) => {
				if (dead || reply === undefined) return;
				if (reply.term > term) {
					stepDown(reply.term);
					save();
					return;
				}
				if (role !== "candidate" || term !== args.term || !reply.granted) return;
				votes++;
				if (votes >= majority) becomeLeader();
			});
		}
	}

	function becomeLeader() {
		debug("vote", `leads term ${term}`);
		role = "leader";
		clearTimeout(electionTimer);
		nextIndex = peers.map(() => lastIndex() + 1);
		matchIndex = peers.map(() => 0);
		underWay = peers.map(() => 0);
		heartbeatTimer = setInterval(() => others.forEach(replicate), HEARTBEAT_MS);
		others.forEach(replicate);
	}

	function RequestVote(args: VoteArgs): VoteReply {
		const higherTerm = args.term > term;
		if (higherTerm) stepDown(args.term);
		const myLast = lastIndex();
		const myLastTerm = termAt(myLast);
		const upToDate = args.lastTerm > myLastTerm || (args.lastTerm === myLastTerm && args.lastIndex >= myLast);
		const free = votedFor === NOBODY || votedFor === args.candidate;
		const granted = args.term === term && free && upToDate;
		if (granted) {
			votedFor = args.candidate;
			resetElectionTimer();
		}
		if (higherTerm || granted) save();
		return { term, granted };
	}

	// ---- Replication, the leader's side

	function start(command: Command): StartResult {
		if (dead || role !== "leader") return { index: -1, term, isLeader: false };
		log.push({ term, command });
		save();
		broadcastSoon();
		return { index: lastIndex(), term, isLeader: true };
	}

	function broadcastSoon() {
		if (broadcastDue) return;
		broadcastDue = true;
		setImmediate(() => {
			broadcastDue = false;
			if (dead || role !== "leader") return;
			advanceCommit();
			others.forEach(replicateIfIdle);
		});
	}

	function replicateIfIdle(peer: number) {
		if (underWay[peer] === 0 && (nextIndex[peer] as number) <= lastIndex()) replicate(peer);
	}

	/** Sends the peer what it lacks; an empty message is a heartbeat. */
	function replicate(peer: number) {
		if (dead || role !== "leader") return;
		if ((nextIndex[peer] as number) <= offset) sendSnapshot(peer);
		else sendEntries(peer);
	}

	function sendEntries(peer: number) {
		const prevIndex = (nextIndex[peer] as number) - 1;
		const args: AppendArgs = {
			term,
			prevIndex,
			prevTerm: termAt(prevIndex),
			entries: log.slice(prevIndex + 1 - offset),
			commit: commitIndex,
		};
		request<AppendReply>(peer, "AppendEntries", args, (reply) => {
			if (reply.ok) {
				matched(peer, prevIndex + args.entries.length);
				replicateIfIdle(peer);
			} else if (prevIndex === (nextIndex[peer] as number) - 1 && prevIndex > (matchIndex[peer] as number)) {
				// Only the refusal of the latest position counts; it always moves back, so this comes to an end.
				nextIndex[peer] = Math.max((matchIndex[peer] as number) + 1, Math.min(prevIndex, retryFrom(reply)));
				replicate(peer);
			}
		});
	}

	function sendSnapshot(peer: number) {
		const args: SnapshotArgs = { term, index: offset, indexTerm: termAt(offset), data: snapshotData };
		request<SnapshotReply>(peer, "InstallSnapshot", args, () => {
			matched(peer, args.index);
			replicateIfIdle(peer);
		});
	}

	/** Makes a call and passes the reply on if it still concerns this leader in this term. */
	function request<Reply extends { term: number }>(
		peer: number,
		method: string,
		args: AppendArgs | SnapshotArgs,
		onReply: (reply: Reply) => void,
	) {
		const id = ++requests;
		underWay[peer] = id;
		peers[peer]?.call<Reply>(method, args).then((reply) => {
			if (dead) return;
			const current = role === "leader" && term === args.term;
			if (current && underWay[peer] === id) underWay[peer] = 0;
			if (reply === undefined) return;
			if (reply.term > term) {
				stepDown(reply.term);
				save();
			} else if (current) {
				onReply(reply);
			}
		});
	}

	/** Replies may come late and out of order, so what is known to match only ever grows. */
	function matched(peer: number, index: number) {
		if (index <= (matchIndex[peer] as number)) return;
		matchIndex[peer] = index;
		nextIndex[peer] = Math.max(nextIndex[peer] as number, index + 1);
		advanceCommit();
	}

	/** After the follower's last entry if its log is too short; else after our last entry of the term that is in the way, if any. */
	function retryFrom(reply: AppendReply): number {
		if (reply.conflictTerm > 0) {
			for (let index = lastIndex(); index > offset && termAt(index) >= reply.conflictTerm; index--) {
				if (termAt(index) === reply.conflictTerm) return index + 1;
			}
		}
		return reply.conflictIndex;
	}

	function advanceCommit() {
		matchIndex[me] = lastIndex();
		const index = [...matchIndex].sort((a, b) => b - a)[majority - 1] as number;
		// Entries of earlier terms are committed only along with one of this term (figure 8 of the paper).
		if (index > commitIndex && termAt(index) === term) {
			commitIndex = index;
			applyNext();
		}
	}

	// ---- Replication, the follower's side

	/** A message of the current leader has come, or one from the past. Says which; leaves it to the caller to save. */
	function fromLeader(leaderTerm: number): boolean {
		if (leaderTerm < term) return false;
		if (leaderTerm > term || role !== "follower") stepDown(leaderTerm);
		resetElectionTimer();
		return true;
	}

	function AppendEntries(args: AppendArgs): AppendReply {
		const termBefore = term;
		if (!fromLeader(args.term)) return { term, ok: false, conflictTerm: 0, conflictIndex: 0 };
		let changed = term !== termBefore;
		let { prevIndex, prevTerm, entries } = args;
		const lastNew = prevIndex + entries.length;
		if (prevIndex < offset) {
			// What the snapshot covers is committed, so it is the same here and there.
			entries = entries.slice(offset - prevIndex);
			prevIndex = offset;
			prevTerm = termAt(offset);
		}

		let conflictTerm = 0;
		let conflictIndex = lastIndex() + 1;
		const ok = prevIndex <= lastIndex() && termAt(prevIndex) === prevTerm;
		if (ok) {
			for (const [i, entry] of entries.entries()) {
				const index = prevIndex + 1 + i;
				if (index <= lastIndex() && termAt(index) === entry.term) continue;
				log.length = index - offset;
				log.push(...entries.slice(i));
				changed = true;
				break;
			}
			if (args.commit > commitIndex) commitIndex = Math.max(commitIndex, Math.min(args.commit, lastNew));
		} else if (prevIndex <= lastIndex()) {
			conflictTerm = termAt(prevIndex);
			conflictIndex = prevIndex;
			while (conflictIndex > offset + 1 && termAt(conflictIndex - 1) === conflictTerm) conflictIndex--;
		}
		if (changed) save();
		applyNext();
		return { term, ok, conflictTerm, conflictIndex };
	}

	function InstallSnapshot(args: SnapshotArgs): SnapshotReply {
		const termBefore = term;
		if (!fromLeader(args.term)) return { term };
		if (args.index > commitIndex) {
			const known = args.index <= lastIndex() && termAt(args.index) === args.indexTerm;
			const rest = known ? log.slice(args.index + 1 - offset) : [];
			log = [{ term: args.indexTerm, command: null }, ...rest];
			offset = args.index;
			snapshotData = args.data;
			commitIndex = args.index;
			waitingSnapshot = { data: args.data, term: args.indexTerm, index: args.index };
			save();
			applyNext();
		} else if (term !== termBefore) {
			save();
		}
		return { term };
	}

	// ---- The service

	/** One message at a time; each one's callback hands over the next. */
	function applyNext() {
		if (applying || dead) return;
		let msg: ApplyMsg;
		if (waitingSnapshot !== undefined) {
			const { data, term: snapshotTerm, index } = waitingSnapshot;
			waitingSnapshot = undefined;
			lastApplied = index;
			msg = { snapshotValid: true, snapshot: data, snapshotTerm, snapshotIndex: index };
		} else if (lastApplied < commitIndex) {
			lastApplied++;
			msg = { commandValid: true, command: entryAt(lastApplied).command, commandIndex: lastApplied };
		} else {
			return;
		}
		applying = true;
		applyCh.send(msg).then(() => {
			applying = false;
			applyNext();
		});
	}

	function snapshot(index: number, data: Uint8Array) {
		if (dead || index <= offset || index > lastApplied) return;
		log = [{ term: termAt(index), command: null }, ...log.slice(index + 1 - offset)];
		offset = index;
		snapshotData = data;
		save();
	}

	function getState() {
		return { term, isLeader: role === "leader" };
	}

	function kill() {
		dead = true;
		clearTimeout(electionTimer);
		clearInterval(heartbeatTimer);
	}

	restore();
	resetElectionTimer();
	const raft = { start, getState, snapshot, kill, RequestVote, AppendEntries, InstallSnapshot };
	return raft;
};
