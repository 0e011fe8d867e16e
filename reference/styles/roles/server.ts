import type { ApplyChannel, ClientEnd, Command, Persister, Raft, RaftState, StartResult } from "raft-grade";
import { decode, encode } from "raft-grade";
import { Applier } from "./applier.ts";
import { Candidate } from "./candidate.ts";
import { Follower } from "./follower.ts";
import { Leader } from "./leader.ts";
import { Log, type SavedLog } from "./log.ts";
import type {
	AppendRequest,
	AppendResponse,
	InstallRequest,
	InstallResponse,
	VoteRequest,
	VoteResponse,
} from "./messages.ts";
import type { Role } from "./role.ts";

type Saved = [term: number, votedFor: number | null, log: SavedLog];

const ELECTION_MIN_MS = 400;
const ELECTION_SPREAD_MS = 400;

/** What all roles share: the persistent state, the applier, the peers, and the change from one role to another. */
export class Server implements Raft {
	readonly peers: readonly ClientEnd[];
	readonly me: number;
	readonly others: readonly number[];
	readonly majority: number;
	readonly log = new Log();
	readonly applier: Applier;

	readonly #persister: Persister;
	#term = 0;
	#votedFor: number | undefined;
	#snapshot: Uint8Array;
	#unsaved = false;
	#role: Role;
	#killed = false;

	constructor(peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) {
		this.peers = peers;
		this.me = me;
		this.others = [...peers.keys()].filter((peer) => peer !== me);
		this.majority = Math.floor(peers.length / 2) + 1;
		this.#persister = persister;
		this.#snapshot = persister.readSnapshot();
		const saved = persister.readRaftState();
		if (saved.length > 0) {
			const [term, votedFor, log] = decode(saved) as Saved;
			this.#term = term;
			this.#votedFor = votedFor ?? undefined;
			this.log.restore(log);
		}
		this.applier = new Applier(this.log, applyCh);
		this.#role = new Follower(this);
		this.#role.enter();
	}

	// ---- What the service calls

	start(command: Command): StartResult {
		if (this.#killed) return { index: -1, term: this.#term, isLeader: false };
		return this.#role.propose(command);
	}

	getState(): RaftState {
		return { term: this.#term, isLeader: this.#role.isLeader };
	}

	snapshot(index: number, snapshot: Uint8Array): void {
		if (index <= this.log.snapshotIndex || index > this.applier.applied) return;
		this.setSnapshot(index, this.log.termAt(index), snapshot);
		this.flush();
	}

	kill(): void {
		this.#killed = true;
		this.applier.stop();
		this.#change(new Follower(this));
		this.#role.leave();
	}

	// ---- What the other servers call

	requestVote(request: VoteRequest): VoteResponse {
		this.observe(request.term);
		const granted = request.term === this.#term && this.#role.grantsVote(request);
		this.flush();
		return { term: this.#term, granted };
	}

	appendEntries(request: AppendRequest): AppendResponse {
		this.observe(request.term);
		const old = request.term < this.#term;
		const response = old
			? { term: this.#term, accepted: false, hintIndex: 0, hintTerm: 0 }
			: this.#role.append(request);
		this.flush();
		return response;
	}

	installSnapshot(request: InstallRequest): InstallResponse {
		this.observe(request.term);
		if (request.term === this.#term) this.#role.install(request);
		this.flush();
		return { term: this.#term };
	}

	// ---- Terms and roles

	get term(): number {
		return this.#term;
	}

	get votedFor(): number | undefined {
		return this.#votedFor;
	}

	get role(): Role {
		return this.#role;
	}

	setTerm(term: number, votedFor: number | undefined): void {
		this.#term = term;
		this.#votedFor = votedFor;
		this.changed();
	}

	/** Takes notice of a term; a higher one than ours makes this server a follower in it. */
	observe(term: number): void {
		if (term <= this.#term) return;
		this.setTerm(term, undefined);
		if (!(this.#role instanceof Follower)) this.follow();
	}

	follow(): void {
		this.#change(new Follower(this));
	}

	standForElection(): void {
		this.#change(new Candidate(this));
	}

	lead(): void {
		this.#change(new Leader(this));
	}

	electionTimeoutMs(): number {
		return ELECTION_MIN_MS + Math.random() * ELECTION_SPREAD_MS;
	}

	#change(role: Role): void {
		this.#role.leave();
		this.#role = role;
		role.enter();
	}

	// ---- Saving: changes are marked, and saved before anything that depends on them leaves this server

	get snapshotBytes(): Uint8Array {
		return this.#snapshot;
	}

	setSnapshot(index: number, term: number, snapshot: Uint8Array): void {
		this.log.startAt(index, term);
		this.#snapshot = snapshot;
		this.changed();
	}

	changed(): void {
		this.#unsaved = true;
	}

	flush(): void {
		if (!this.#unsaved) return;
		this.#unsaved = false;
		const state: Saved = [this.#term, this.#votedFor ?? null, this.log.save()];
		this.#persister.save(encode(state), this.#snapshot);
	}
}
