/**
 * Raft as many write it from the lab's skeleton: a ticker that naps for 50 to 350 ms and then looks whether it is time to stand, an
 * applier that looks every 10 ms, and figure 2 in between. How it differs from the model solution, and why it may:
 * - every start() saves, and sends an AppendEntries to every peer, without waiting for company or for earlier answers; requests
 *   overlap and repeat each other's entries, which does no harm (§5.5);
 * - the state is saved as soon as it changes, in the middle of a decision, as JSON text; figure 2 asks for it before an answer leaves;
 * - the log is a map from index to entry;
 * - a refusal names an index and the term there, beyond which the logs can't agree, and the leader skips on from it in its own log:
 *   §5.3 leaves open what a follower tells;
 * - a snapshot from the leader is handed to the service first and taken into the log afterwards, if nothing has made it stale
 *   meanwhile; the answer waits for that (figure 13 gives no order);
 * - a candidate asks each peer once: the next election is the retry (§5.1 lets servers retry, and does not say how soon).
 */
import type { ApplyChannel, ClientEnd, Command, Make, Persister, Raft, StartResult } from "raft-grade";
import { sleep } from "raft-grade";

const NAP_MIN_MS = 50;
const NAP_SPREAD_MS = 300;
const ELECTION_TIMEOUT_MS = 300;
const HEARTBEAT_MS = 100;
const APPLIER_NAP_MS = 10;

/** In what the kinds of ticker differ. */
export interface TickerOptions {
	/** How many entries an AppendEntries carries at most. */
	readonly entriesMax: number;
	/** A leader takes entries for received as soon as they are sent, and goes back when it learns otherwise. */
	readonly optimistic: boolean;
}

interface Entry {
	term: number;
	command: Command;
}

interface VoteArgs {
	term: number;
	candidateId: number;
	lastLogIndex: number;
	lastLogTerm: number;
}

interface VoteReply {
	term: number;
	voteGranted: boolean;
}

interface AppendArgs {
	term: number;
	prevLogIndex: number;
	prevLogTerm: number;
	entries: Entry[];
	leaderCommit: number;
}

interface AppendReply {
	term: number;
	success: boolean;
	/** After a refusal: the logs agree here at most, and the follower's term at this index. */
	hintIndex: number;
	hintTerm: number;
}

interface SnapshotArgs {
	term: number;
	lastIncludedIndex: number;
	lastIncludedTerm: number;
	data: Uint8Array;
}

interface Saved {
	currentTerm: number;
	votedFor: number | null;
	base: number;
	baseTerm: number;
	entries: [term: number, command: Command][];
}

class TickerServer implements Raft {
	readonly #peers: readonly ClientEnd[];
	readonly #me: number;
	readonly #persister: Persister;
	readonly #applyCh: ApplyChannel;
	readonly #options: TickerOptions;

	#killed = false;
	#role: "follower" | "candidate" | "leader" = "follower";
	#heardMs = performance.now();

	#currentTerm = 0;
	#votedFor: number | null = null;
	#log = new Map<number, Entry>();
	/** The last entry in the snapshot, which is no longer in the log. */
	#base = 0;
	#baseTerm = 0;
	#snapshot: Uint8Array;

	#commitIndex = 0;
	#lastApplied = 0;
	/** The end of the line of those who want to hand something to the service: one at a time. */
	#applying: Promise<void> = Promise.resolve();

	#nextIndex: number[] = [];
	#matchIndex: number[] = [];
	/** How often each peer's nextIndex has gone back: a refusal of what was sent before that says nothing new. */
	#retreats: number[] = [];

	constructor(
		peers: readonly ClientEnd[],
		me: number,
		persister: Persister,
		applyCh: ApplyChannel,
		options: TickerOptions,
	) {
		this.#peers = peers;
		this.#me = me;
		this.#persister = persister;
		this.#applyCh = applyCh;
		this.#options = options;
		this.#snapshot = persister.readSnapshot();
		this.#readPersist();
		void this.#ticker();
		void this.#applier();
	}

	// ---- What the service calls

	start(command: Command): StartResult {
		if (this.#killed || this.#role !== "leader") return { index: -1, term: this.#currentTerm, isLeader: false };
		const index = this.#lastIndex() + 1;
		this.#log.set(index, { term: this.#currentTerm, command });
		this.#persist();
		this.#advanceCommit();
		for (const peer of this.#others()) void this.#replicate(peer);
		return { index, term: this.#currentTerm, isLeader: true };
	}

	getState(): { term: number; isLeader: boolean } {
		return { term: this.#currentTerm, isLeader: this.#role === "leader" };
	}

	snapshot(index: number, snapshot: Uint8Array): void {
		if (index <= this.#base || index > this.#lastApplied) return;
		this.#compact(index, this.#termAt(index), snapshot);
	}

	kill(): void {
		this.#killed = true;
	}

	// ---- Elections

	async #ticker(): Promise<void> {
		while (!this.#killed) {
			await sleep(NAP_MIN_MS + Math.random() * NAP_SPREAD_MS);
			const isDue = performance.now() - this.#heardMs >= ELECTION_TIMEOUT_MS;
			if (!this.#killed && this.#role !== "leader" && isDue) this.#stand();
		}
	}

	#stand(): void {
		this.#role = "candidate";
		this.#currentTerm++;
		this.#votedFor = this.#me;
		this.#persist();
		this.#heardMs = performance.now();
		const term = this.#currentTerm;
		const lastLogIndex = this.#lastIndex();
		const args: VoteArgs = { term, candidateId: this.#me, lastLogIndex, lastLogTerm: this.#termAt(lastLogIndex) };
		let votes = 0;
		const count = () => {
			votes++;
			if (this.#role === "candidate" && this.#currentTerm === term && this.#isMajority(votes)) this.#lead();
		};
		count();
		for (const peer of this.#others()) {
			void this.#call<VoteReply>(peer, "RequestVote", args).then((reply) => {
				if (reply?.voteGranted) count();
			});
		}
	}

	RequestVote(args: VoteArgs): VoteReply {
		if (args.term > this.#currentTerm) this.#follow(args.term);
		const lastIndex = this.#lastIndex();
		const lastTerm = this.#termAt(lastIndex);
		const isUpToDate = args.lastLogTerm > lastTerm || (args.lastLogTerm === lastTerm && args.lastLogIndex >= lastIndex);
		const isFree = this.#votedFor === null || this.#votedFor === args.candidateId;
		const voteGranted = args.term === this.#currentTerm && isFree && isUpToDate;
		if (voteGranted) {
			this.#votedFor = args.candidateId;
			this.#persist();
			this.#heardMs = performance.now();
		}
		return { term: this.#currentTerm, voteGranted };
	}

	#follow(term: number): void {
		if (term > this.#currentTerm) {
			this.#currentTerm = term;
			this.#votedFor = null;
			this.#persist();
		}
		if (this.#role === "leader") this.#heardMs = performance.now();
		this.#role = "follower";
	}

	#lead(): void {
		this.#role = "leader";
		this.#nextIndex = this.#peers.map(() => this.#lastIndex() + 1);
		this.#matchIndex = this.#peers.map(() => 0);
		this.#retreats = this.#peers.map(() => 0);
		void this.#heartbeats(this.#currentTerm);
	}

	async #heartbeats(term: number): Promise<void> {
		while (this.#isLeaderOf(term)) {
			for (const peer of this.#others()) void this.#replicate(peer);
			await sleep(HEARTBEAT_MS);
		}
	}

	// ---- Replication, the leader's side

	/** Sends what the peer lacks, and again if the answer calls for it: what start() has brought since is on its way already. */
	async #replicate(peer: number): Promise<void> {
		const isMore = this.#next(peer) <= this.#base ? this.#sendSnapshot(peer) : this.#sendEntries(peer);
		if (await isMore) void this.#replicate(peer);
	}

	/** @returns whether there is more to send at once. */
	async #sendEntries(peer: number): Promise<boolean> {
		const term = this.#currentTerm;
		const retreats = this.#retreats[peer] as number;
		const prevLogIndex = this.#next(peer) - 1;
		const entries: Entry[] = [];
		for (let index = prevLogIndex + 1; entries.length < this.#options.entriesMax; index++) {
			const entry = this.#log.get(index);
			if (entry === undefined) break;
			entries.push(entry);
		}
		const prevLogTerm = this.#termAt(prevLogIndex);
		const args: AppendArgs = { term, prevLogIndex, prevLogTerm, entries, leaderCommit: this.#commitIndex };
		const last = prevLogIndex + entries.length;
		if (this.#options.optimistic) this.#nextIndex[peer] = last + 1;

		const reply = await this.#call<AppendReply>(peer, "AppendEntries", args);
		if (!this.#isLeaderOf(term)) return false;
		const match = this.#matchIndex[peer] as number;
		if (reply === undefined) {
			if (this.#options.optimistic)
				this.#nextIndex[peer] = Math.max(match + 1, Math.min(this.#next(peer), prevLogIndex + 1));
			return false;
		}
		if (reply.success) {
			this.#matched(peer, last);
			return entries.length === this.#options.entriesMax && this.#next(peer) === last + 1;
		}
		if (prevLogIndex <= match || this.#retreats[peer] !== retreats) return false;
		this.#retreats[peer] = retreats + 1;
		let agreed = Math.min(reply.hintIndex, prevLogIndex - 1, this.#lastIndex());
		while (agreed > this.#base && this.#termAt(agreed) > reply.hintTerm) agreed--;
		this.#nextIndex[peer] = Math.max(match, agreed) + 1;
		return true;
	}

	async #sendSnapshot(peer: number): Promise<boolean> {
		const term = this.#currentTerm;
		const args: SnapshotArgs = {
			term,
			lastIncludedIndex: this.#base,
			lastIncludedTerm: this.#baseTerm,
			data: this.#snapshot,
		};
		const reply = await this.#call<{ term: number }>(peer, "InstallSnapshot", args);
		if (reply === undefined || !this.#isLeaderOf(term)) return false;
		this.#matched(peer, args.lastIncludedIndex);
		return this.#next(peer) === args.lastIncludedIndex + 1;
	}

	#matched(peer: number, index: number): void {
		this.#matchIndex[peer] = Math.max(this.#matchIndex[peer] as number, index);
		this.#nextIndex[peer] = Math.max(this.#next(peer), (this.#matchIndex[peer] as number) + 1);
		this.#advanceCommit();
	}

	#advanceCommit(): void {
		for (let index = this.#lastIndex(); index > this.#commitIndex; index--) {
			if (this.#termAt(index) !== this.#currentTerm) return;
			const have = this.#others().filter((peer) => (this.#matchIndex[peer] as number) >= index).length + 1;
			if (!this.#isMajority(have)) continue;
			this.#commitIndex = index;
			return;
		}
	}

	// ---- Replication, the follower's side

	AppendEntries(args: AppendArgs): AppendReply {
		if (args.term < this.#currentTerm) return this.#refuse(0);
		this.#hear(args.term);
		const { prevLogIndex, prevLogTerm, entries } = args;
		if (prevLogIndex > this.#lastIndex() || (prevLogIndex > this.#base && this.#termAt(prevLogIndex) !== prevLogTerm)) {
			let hint = Math.min(prevLogIndex, this.#lastIndex());
			while (hint > this.#base && this.#termAt(hint) > prevLogTerm) hint--;
			return this.#refuse(hint);
		}
		const isNew = (entry: Entry, i: number) => {
			const index = prevLogIndex + 1 + i;
			return index > this.#base && this.#log.get(index)?.term !== entry.term;
		};
		const from = entries.findIndex(isNew);
		if (from >= 0) {
			for (let old = this.#lastIndex(); old > prevLogIndex + from; old--) this.#log.delete(old);
			for (const [i, entry] of entries.entries()) if (i >= from) this.#log.set(prevLogIndex + 1 + i, entry);
			this.#persist();
		}
		this.#commitIndex = Math.max(this.#commitIndex, Math.min(args.leaderCommit, prevLogIndex + entries.length));
		return { term: this.#currentTerm, success: true, hintIndex: 0, hintTerm: 0 };
	}

	#refuse(hintIndex: number): AppendReply {
		const hintTerm = hintIndex >= this.#base ? this.#termAt(hintIndex) : 0;
		return { term: this.#currentTerm, success: false, hintIndex, hintTerm };
	}

	/** There is a leader of this term, which is not over. */
	#hear(term: number): void {
		this.#follow(term);
		this.#heardMs = performance.now();
	}

	async InstallSnapshot(args: SnapshotArgs): Promise<{ term: number }> {
		if (args.term >= this.#currentTerm) {
			this.#hear(args.term);
			await this.#whileOthersWait(() => this.#install(args));
		}
		return { term: this.#currentTerm };
	}

	/** Looks at the state only now: while this stood in line, all that the snapshot holds may have been applied. */
	async #install({ lastIncludedIndex, lastIncludedTerm, data }: SnapshotArgs): Promise<void> {
		if (this.#killed || lastIncludedIndex <= this.#lastApplied) return;
		const snapshotTerm = lastIncludedTerm;
		await this.#applyCh.send({ snapshotValid: true, snapshot: data, snapshotTerm, snapshotIndex: lastIncludedIndex });
		// Nobody else has applied anything meanwhile, but the log may have changed.
		this.#lastApplied = lastIncludedIndex;
		this.#commitIndex = Math.max(this.#commitIndex, lastIncludedIndex);
		if (this.#log.get(lastIncludedIndex)?.term !== lastIncludedTerm) this.#log.clear();
		this.#compact(lastIncludedIndex, lastIncludedTerm, data);
	}

	// ---- Applying

	async #applier(): Promise<void> {
		while (!this.#killed) {
			if (this.#lastApplied < this.#commitIndex) await this.#whileOthersWait(() => this.#applyNext());
			else await sleep(APPLIER_NAP_MS);
		}
	}

	async #applyNext(): Promise<void> {
		if (this.#killed || this.#lastApplied >= this.#commitIndex) return;
		const commandIndex = this.#lastApplied + 1;
		const { command } = this.#log.get(commandIndex) as Entry;
		this.#lastApplied = commandIndex;
		await this.#applyCh.send({ commandValid: true, command, commandIndex });
	}

	#whileOthersWait(work: () => Promise<void>): Promise<void> {
		this.#applying = this.#applying.then(work);
		return this.#applying;
	}

	// ---- Saving

	#persist(): void {
		const saved: Saved = {
			currentTerm: this.#currentTerm,
			votedFor: this.#votedFor,
			base: this.#base,
			baseTerm: this.#baseTerm,
			entries: [...this.#log.values()].map(({ term, command }) => [term, command]),
		};
		this.#persister.save(new TextEncoder().encode(JSON.stringify(saved)), this.#snapshot);
	}

	#readPersist(): void {
		const bytes = this.#persister.readRaftState();
		if (bytes.length === 0) return;
		const saved = JSON.parse(new TextDecoder().decode(bytes)) as Saved;
		this.#currentTerm = saved.currentTerm;
		this.#votedFor = saved.votedFor;
		this.#base = saved.base;
		this.#baseTerm = saved.baseTerm;
		for (const [i, [term, command]] of saved.entries.entries()) this.#log.set(saved.base + 1 + i, { term, command });
		this.#commitIndex = saved.base;
		this.#lastApplied = saved.base;
	}

	#compact(index: number, term: number, snapshot: Uint8Array): void {
		for (let old = this.#base + 1; old <= index; old++) this.#log.delete(old);
		this.#base = index;
		this.#baseTerm = term;
		this.#snapshot = snapshot;
		this.#persist();
	}

	// ---- Small things

	/** Calls a peer; an answer of a higher term makes this server a follower, and is no answer to anybody else. */
	async #call<Reply extends { term: number }>(peer: number, method: string, args: object): Promise<Reply | undefined> {
		const reply = await this.#peers[peer]?.call<Reply>(method, args);
		if (this.#killed || reply === undefined) return undefined;
		if (reply.term <= this.#currentTerm) return reply;
		this.#follow(reply.term);
		return undefined;
	}

	#isLeaderOf(term: number): boolean {
		return !this.#killed && this.#role === "leader" && this.#currentTerm === term;
	}

	#isMajority(servers: number): boolean {
		return 2 * servers > this.#peers.length;
	}

	#others(): number[] {
		return [...this.#peers.keys()].filter((peer) => peer !== this.#me);
	}

	#next(peer: number): number {
		return this.#nextIndex[peer] as number;
	}

	#lastIndex(): number {
		return this.#base + this.#log.size;
	}

	#termAt(index: number): number {
		return index === this.#base ? this.#baseTerm : (this.#log.get(index) as Entry).term;
	}
}

/** A ticker of a certain kind. */
export function makeTicker(options: TickerOptions): Make {
	return (peers, me, persister, applyCh) => new TickerServer(peers, me, persister, applyCh, options);
}

/** Each request carries all that the peer has not confirmed. */
export const make: Make = makeTicker({ entriesMax: Number.POSITIVE_INFINITY, optimistic: false });
