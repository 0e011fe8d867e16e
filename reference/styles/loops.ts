/**
 * Raft as loops: one async loop that plays the present role, one per peer while leading, one that applies and one that
 * saves. They wait for each other with promises used as condition variables, and look again after every wait.
 *
 * Choices:
 * - election timeout 200–400 ms, a deadline that the follower's loop sleeps towards; heartbeats every 60 ms, which is more
 *   than the lab advises, so that it takes three lost ones in a row to make even the most impatient follower stand;
 * - the log is two arrays, of terms and of commands, that begin at the snapshot's last index;
 * - saving is a loop of its own: a change marks the state as dirty, and whoever is about to send something that depends
 *   on it awaits `durable()` first, so that changes made together are saved once;
 * - a peer's loop sends again as soon as the peer has answered and there is more: entries, or a commit to tell of;
 * - no check-quorum;
 * - saved as a plain object in the network's own encoding.
 */

import type { ApplyChannel, ApplyMsg, ClientEnd, Command, Make, Persister, Raft, StartResult } from "raft-grade";
import { decode, encode, sleep } from "raft-grade";

type Role = "follower" | "candidate" | "leader";

interface RequestVoteArgs {
	term: number;
	candidateId: number;
	lastLogIndex: number;
	lastLogTerm: number;
}

interface RequestVoteReply {
	term: number;
	voteGranted: boolean;
}

interface AppendEntriesArgs {
	term: number;
	prevLogIndex: number;
	prevLogTerm: number;
	terms: number[];
	commands: Command[];
	leaderCommit: number;
}

interface AppendEntriesReply {
	term: number;
	success: boolean;
	/** As in the lab's notes: term of the conflicting entry, first index of that term, next index of the follower's log. */
	xTerm?: number;
	xIndex?: number;
	xNext?: number;
}

interface InstallSnapshotArgs {
	term: number;
	lastIncludedIndex: number;
	lastIncludedTerm: number;
	data: Uint8Array;
}

interface InstallSnapshotReply {
	term: number;
}

interface SavedState {
	term: number;
	vote: number | null;
	base: number;
	terms: number[];
	commands: Command[];
}

const HEARTBEAT_MS = 60;
const electionTimeoutMs = () => 200 + Math.floor(Math.random() * 200);

/** A condition variable: `wait()` resolves at the next `notify()`. Check the condition right before each wait. */
class Condition {
	#next!: Promise<void>;
	#wake!: () => void;

	constructor() {
		this.#renew();
	}

	wait(): Promise<void> {
		return this.#next;
	}

	notify(): void {
		const wake = this.#wake;
		this.#renew();
		wake();
	}

	#renew(): void {
		this.#next = new Promise((resolve) => {
			this.#wake = resolve;
		});
	}
}

/** The leader's account of one peer. */
interface Progress {
	next: number;
	match: number;
	/** The highest commit index sent along with something that the peer accepted. */
	toldCommit: number;
}

class Server implements Raft {
	readonly #peers: readonly ClientEnd[];
	readonly #me: number;
	readonly #persister: Persister;
	readonly #applyCh: ApplyChannel;

	#killed = false;
	#role: Role = "follower";
	#deadline = 0;
	#progress: Progress[] = [];

	#term = 0;
	#vote: number | null = null;
	/** Index of the snapshot's last entry; `#terms[0]` is its term and `#commands[0]` is empty. */
	#base = 0;
	#terms: number[] = [0];
	#commands: Command[] = [null];
	#snapshot: Uint8Array;
	#dirty = false;

	#commitIndex = 0;
	#lastApplied = 0;
	#installed: { data: Uint8Array; term: number; index: number } | null = null;

	/** The role, the term or the votes have changed, or there is something new to send. */
	readonly #news = new Condition();
	readonly #dirtied = new Condition();
	readonly #saved = new Condition();
	readonly #applicable = new Condition();

	constructor(peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) {
		this.#peers = peers;
		this.#me = me;
		this.#persister = persister;
		this.#applyCh = applyCh;
		this.#snapshot = persister.readSnapshot();
		this.#restore();
		this.#postponeElection();
		void this.#roleLoop();
		void this.#saveLoop();
		void this.#applyLoop();
	}

	// ---- The role loop

	async #roleLoop(): Promise<void> {
		while (!this.#killed) {
			switch (this.#role) {
				case "follower":
					await this.#follow();
					break;
				case "candidate":
					await this.#campaign();
					break;
				case "leader":
					await this.#lead();
					break;
			}
		}
	}

	/** Handlers move the deadline while this sleeps. */
	async #follow(): Promise<void> {
		while (this.#is("follower")) {
			const leftMs = this.#deadline - Date.now();
			if (leftMs <= 0) {
				this.#role = "candidate";
				return;
			}
			await sleep(leftMs);
		}
	}

	async #campaign(): Promise<void> {
		const term = ++this.#term;
		this.#vote = this.#me;
		this.#postponeElection();
		this.#changed();
		const args: RequestVoteArgs = {
			term,
			candidateId: this.#me,
			lastLogIndex: this.#lastIndex(),
			lastLogTerm: this.#termAt(this.#lastIndex()),
		};
		await this.#durable();

		let votes = 1;
		const ask = async (peer: ClientEnd) => {
			const reply = await peer.call<RequestVoteReply>("RequestVote", args);
			if (reply === undefined || this.#outdated(reply.term)) return;
			if (reply.voteGranted) votes++;
			this.#news.notify();
		};
		if (!this.#is("candidate", term)) return;
		for (const peer of this.#others()) void ask(this.#peers[peer] as ClientEnd);

		const timeout = sleep(this.#deadline - Date.now()).then(() => "time" as const);
		let over = false;
		while (!over && this.#is("candidate", term) && votes < this.#majority()) {
			over = (await Promise.race([timeout, this.#news.wait()])) === "time";
		}
		if (this.#is("candidate", term) && votes >= this.#majority()) this.#role = "leader";
	}

	async #lead(): Promise<void> {
		const term = this.#term;
		const next = this.#lastIndex() + 1;
		this.#progress = this.#peers.map(() => ({ next, match: 0, toldCommit: 0 }));
		for (const peer of this.#others()) void this.#peerLoop(peer, term);
		while (this.#is("leader", term)) {
			this.#advanceCommit();
			await this.#news.wait();
		}
	}

	/** Keeps one peer up to date; a slow or silent peer holds up nothing but, at most, its own next heartbeat. */
	async #peerLoop(peer: number, term: number): Promise<void> {
		const progress = this.#progress[peer] as Progress;
		while (this.#is("leader", term)) {
			const heartbeat = sleep(HEARTBEAT_MS).then(() => "time" as const);
			const outcome = await Promise.race([this.#replicate(peer, term), heartbeat]);
			if (outcome === "failed") await heartbeat;
			if (outcome !== "answered") continue;
			let due = false;
			while (!due && this.#is("leader", term) && !this.#hasMoreFor(progress)) {
				due = (await Promise.race([this.#news.wait(), heartbeat])) === "time";
			}
		}
	}

	#hasMoreFor(progress: Progress): boolean {
		return progress.next <= this.#lastIndex() || progress.toldCommit < this.#commitIndex;
	}

	/** Sends the peer what it lacks (a heartbeat, if nothing) and takes note of the answer, however late it comes. */
	async #replicate(peer: number, term: number): Promise<"answered" | "failed"> {
		await this.#durable();
		if (!this.#is("leader", term)) return "failed";
		const progress = this.#progress[peer] as Progress;
		return progress.next <= this.#base ? this.#sendSnapshot(peer, progress) : this.#sendEntries(peer, progress);
	}

	async #sendEntries(peer: number, progress: Progress): Promise<"answered" | "failed"> {
		const prevLogIndex = progress.next - 1;
		const from = progress.next - this.#base;
		const args: AppendEntriesArgs = {
			term: this.#term,
			prevLogIndex,
			prevLogTerm: this.#termAt(prevLogIndex),
			terms: this.#terms.slice(from),
			commands: this.#commands.slice(from),
			leaderCommit: this.#commitIndex,
		};
		const reply = await this.#peers[peer]?.call<AppendEntriesReply>("AppendEntries", args);
		if (reply === undefined || this.#outdated(reply.term) || !this.#is("leader", args.term)) return "failed";
		if (reply.success) {
			progress.toldCommit = Math.max(progress.toldCommit, args.leaderCommit);
			this.#matches(progress, prevLogIndex + args.terms.length);
			return "answered";
		}
		// A refusal counts only while we have not moved on from the position that was refused.
		if (progress.next !== prevLogIndex + 1 || prevLogIndex <= progress.match) return "failed";
		progress.next = Math.max(progress.match + 1, Math.min(prevLogIndex, this.#backUp(reply)));
		return "answered";
	}

	async #sendSnapshot(peer: number, progress: Progress): Promise<"answered" | "failed"> {
		const args: InstallSnapshotArgs = {
			term: this.#term,
			lastIncludedIndex: this.#base,
			lastIncludedTerm: this.#termAt(this.#base),
			data: this.#snapshot,
		};
		const reply = await this.#peers[peer]?.call<InstallSnapshotReply>("InstallSnapshot", args);
		if (reply === undefined || this.#outdated(reply.term) || !this.#is("leader", args.term)) return "failed";
		this.#matches(progress, args.lastIncludedIndex);
		return "answered";
	}

	#matches(progress: Progress, index: number): void {
		if (index <= progress.match) return;
		progress.match = index;
		progress.next = Math.max(progress.next, index + 1);
		this.#news.notify();
	}

	/** Where to try next: skips all of the follower's entries of a term that we do not have. */
	#backUp(reply: AppendEntriesReply): number {
		if (reply.xTerm === undefined || reply.xIndex === undefined) return reply.xNext ?? 1;
		const lastOfTerm = this.#terms.lastIndexOf(reply.xTerm);
		return lastOfTerm > 0 ? this.#base + lastOfTerm + 1 : reply.xIndex;
	}

	/** The highest index of the current term that a majority has; earlier entries follow from it. */
	#advanceCommit(): void {
		for (let index = this.#lastIndex(); index > this.#commitIndex; index--) {
			if (this.#termAt(index) !== this.#term) return;
			const have = this.#others().filter((peer) => (this.#progress[peer] as Progress).match >= index).length + 1;
			if (have < this.#majority()) continue;
			this.#commit(index);
			this.#news.notify();
			return;
		}
	}

	// ---- RPC handlers. What they decide, they decide before the wait; the wait only holds the answer back.

	async RequestVote(args: RequestVoteArgs): Promise<RequestVoteReply> {
		this.#outdated(args.term);
		const lastTerm = this.#termAt(this.#lastIndex());
		const upToDate =
			args.lastLogTerm > lastTerm || (args.lastLogTerm === lastTerm && args.lastLogIndex >= this.#lastIndex());
		const free = this.#vote === null || this.#vote === args.candidateId;
		const voteGranted = args.term === this.#term && free && upToDate;
		if (voteGranted) {
			this.#vote = args.candidateId;
			this.#changed();
			this.#postponeElection();
		}
		const reply = { term: this.#term, voteGranted };
		await this.#durable();
		return reply;
	}

	async AppendEntries(args: AppendEntriesArgs): Promise<AppendEntriesReply> {
		const reply = this.#takeEntries(args);
		await this.#durable();
		// Between the decision and now a newer snapshot may have come; what has been accepted stays true.
		if (reply.success) this.#commit(Math.min(args.leaderCommit, args.prevLogIndex + args.terms.length));
		return reply;
	}

	async InstallSnapshot(args: InstallSnapshotArgs): Promise<InstallSnapshotReply> {
		if (this.#fromLeader(args.term) && args.lastIncludedIndex > this.#commitIndex) {
			const { lastIncludedIndex: index, lastIncludedTerm: term, data } = args;
			const agrees = index <= this.#lastIndex() && this.#termAt(index) === term;
			const rest = agrees ? index + 1 - this.#base : this.#terms.length;
			this.#rebase(index, term, rest, data);
			this.#installed = { data, term, index };
			this.#commit(index);
		}
		const reply = { term: this.#term };
		await this.#durable();
		return reply;
	}

	/** A message from a leader: false if its term is over, else this server follows it. */
	#fromLeader(term: number): boolean {
		if (term < this.#term) return false;
		this.#outdated(term);
		if (this.#role === "candidate") this.#becomeFollower();
		this.#postponeElection();
		return true;
	}

	#takeEntries(args: AppendEntriesArgs): AppendEntriesReply {
		if (!this.#fromLeader(args.term)) return { term: this.#term, success: false };
		const term = this.#term;
		const prev = args.prevLogIndex;
		if (prev > this.#lastIndex()) return { term, success: false, xNext: this.#lastIndex() + 1 };
		if (prev > this.#base && this.#termAt(prev) !== args.prevLogTerm) {
			const xTerm = this.#termAt(prev);
			return { term, success: false, xTerm, xIndex: this.#base + Math.max(1, this.#terms.indexOf(xTerm)) };
		}
		// What the snapshot covers agrees already. Cut off only where a term differs: the message may be an old one.
		let i = Math.max(0, this.#base - prev);
		while (i < args.terms.length && prev + 1 + i <= this.#lastIndex()) {
			if (this.#termAt(prev + 1 + i) !== args.terms[i]) break;
			i++;
		}
		if (i < args.terms.length) {
			const keep = prev + 1 + i - this.#base;
			this.#terms = [...this.#terms.slice(0, keep), ...args.terms.slice(i)];
			this.#commands = [...this.#commands.slice(0, keep), ...args.commands.slice(i)];
			this.#changed();
		}
		return { term, success: true };
	}

	// ---- What the service calls

	start(command: Command): StartResult {
		if (!this.#is("leader")) return { index: -1, term: this.#term, isLeader: false };
		this.#terms.push(this.#term);
		this.#commands.push(command);
		this.#changed();
		this.#news.notify();
		return { index: this.#lastIndex(), term: this.#term, isLeader: true };
	}

	getState(): { term: number; isLeader: boolean } {
		return { term: this.#term, isLeader: this.#role === "leader" };
	}

	snapshot(index: number, snapshot: Uint8Array): void {
		if (index <= this.#base || index > this.#lastApplied) return;
		this.#rebase(index, this.#termAt(index), index + 1 - this.#base, snapshot);
	}

	kill(): void {
		this.#killed = true;
		for (const condition of [this.#news, this.#dirtied, this.#saved, this.#applicable]) condition.notify();
	}

	// ---- Applying

	async #applyLoop(): Promise<void> {
		while (!this.#killed) {
			const msg = this.#nextToApply();
			if (msg === null) await this.#applicable.wait();
			else await this.#applyCh.send(msg);
		}
	}

	#nextToApply(): ApplyMsg | null {
		if (this.#installed !== null) {
			const { data, term, index } = this.#installed;
			this.#installed = null;
			this.#lastApplied = index;
			return { snapshotValid: true, snapshot: data, snapshotTerm: term, snapshotIndex: index };
		}
		if (this.#lastApplied >= this.#commitIndex) return null;
		const index = ++this.#lastApplied;
		return { commandValid: true, command: this.#commands[index - this.#base], commandIndex: index };
	}

	#commit(index: number): void {
		if (index <= this.#commitIndex) return;
		this.#commitIndex = index;
		this.#applicable.notify();
	}

	// ---- Saving

	#changed(): void {
		this.#dirty = true;
		this.#dirtied.notify();
	}

	/** Resolves once everything that has been changed so far is saved. */
	async #durable(): Promise<void> {
		while (this.#dirty && !this.#killed) await this.#saved.wait();
	}

	async #saveLoop(): Promise<void> {
		while (!this.#killed) {
			if (this.#dirty) {
				const state: SavedState = {
					term: this.#term,
					vote: this.#vote,
					base: this.#base,
					terms: this.#terms,
					commands: this.#commands,
				};
				this.#persister.save(encode(state), this.#snapshot);
				this.#dirty = false;
				this.#saved.notify();
			}
			await this.#dirtied.wait();
		}
	}

	#restore(): void {
		const bytes = this.#persister.readRaftState();
		if (bytes.length === 0) return;
		const state = decode(bytes) as SavedState;
		this.#term = state.term;
		this.#vote = state.vote;
		this.#base = state.base;
		this.#terms = state.terms;
		this.#commands = state.commands;
		// The service has the snapshot already.
		this.#commitIndex = state.base;
		this.#lastApplied = state.base;
	}

	// ---- Small things

	#is(role: Role, term = this.#term): boolean {
		return !this.#killed && this.#role === role && this.#term === term;
	}

	/** Learns of a term; true if it is higher than ours, in which case we follow from now on. */
	#outdated(term: number): boolean {
		if (term <= this.#term) return false;
		this.#term = term;
		this.#vote = null;
		this.#becomeFollower();
		this.#changed();
		return true;
	}

	#becomeFollower(): void {
		// A leader's deadline is long past.
		if (this.#role === "leader") this.#postponeElection();
		this.#role = "follower";
		this.#news.notify();
	}

	#postponeElection(): void {
		this.#deadline = Date.now() + electionTimeoutMs();
	}

	#others(): number[] {
		return this.#peers.map((_, peer) => peer).filter((peer) => peer !== this.#me);
	}

	#majority(): number {
		return Math.floor(this.#peers.length / 2) + 1;
	}

	#lastIndex(): number {
		return this.#base + this.#terms.length - 1;
	}

	#termAt(index: number): number {
		return this.#terms[index - this.#base] as number;
	}

	/** Makes `index` the new beginning of the log, which keeps the old one's positions from `rest` on. */
	#rebase(index: number, term: number, rest: number, snapshot: Uint8Array): void {
		this.#terms = [term, ...this.#terms.slice(rest)];
		this.#commands = [null, ...this.#commands.slice(rest)];
		this.#base = index;
		this.#snapshot = snapshot;
		this.#changed();
	}
}

export const make: Make = (peers, me, persister, applyCh) => new Server(peers, me, persister, applyCh);
