import {
	type ApplyChannel,
	type ClientEnd,
	type Command,
	debug,
	type Persister,
	type Raft,
	type RaftState,
	type StartResult,
} from "raft-grade";
import { Alarm } from "./alarm.ts";
import { handleAppendEntries } from "./append-entries.ts";
import { Applier } from "./applier.ts";
import { nextToApply } from "./applying.ts";
import { electionTimeout, handleReply, heartbeatTimeout, propose } from "./core.ts";
import { handleRequestVote } from "./elections.ts";
import type * as messages from "./messages.ts";
import type { Options } from "./options.ts";
import { Storage } from "./persistence.ts";
import { handlePreVote } from "./prevote.ts";
import { replicateProposals } from "./replication.ts";
import { compact, handleInstallSnapshot } from "./snapshots.ts";
import { createState, type Effects, type ServerState, takeEffects } from "./state.ts";

/**
 * The shell: clock, chance, network and disk. It decides nothing. Whatever happens to the server becomes a step: one
 * function of the core decides, and what it decided is then done.
 */
export class RaftServer implements Raft {
	readonly #peers: readonly ClientEnd[];
	readonly #options: Options;
	readonly #storage: Storage;
	readonly #state: ServerState;
	readonly #applier: Applier;
	readonly #electionAlarm = new Alarm(() => this.#step(electionTimeout));
	readonly #heartbeatAlarm = new Alarm(() => this.#step(heartbeatTimeout));
	#isReplicationDue = false;
	#isKilled = false;

	constructor(peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel, options: Options) {
		this.#peers = peers;
		this.#options = options;
		this.#storage = new Storage(persister);
		this.#state = createState(me, peers.length, options, this.#storage.load());
		this.#applier = new Applier(applyCh, () => nextToApply(this.#state));
		this.#carryOut(takeEffects(this.#state));
	}

	/** Proposes a command. It is saved and sent a little later, together with all others of the same instant. */
	start(command: Command): StartResult {
		if (this.#isKilled) return { index: -1, term: this.#state.currentTerm, isLeader: false };
		const result = propose(this.#state, command);
		if (result.isLeader && !this.#isReplicationDue) {
			this.#isReplicationDue = true;
			const replicate = () => {
				this.#isReplicationDue = false;
				this.#step(replicateProposals);
			};
			if (this.#options.batchDelayMs > 0) setTimeout(replicate, this.#options.batchDelayMs);
			else setImmediate(replicate);
		}
		return result;
	}

	/** The current term, and whether this server believes that it leads it. */
	getState(): RaftState {
		return { term: this.#state.currentTerm, isLeader: !this.#isKilled && this.#state.role === "leader" };
	}

	/** The service has everything up to and including `index` in `snapshot`. */
	snapshot(index: number, snapshot: Uint8Array): void {
		this.#step((state) => compact(state, index, snapshot));
	}

	/** Lets go of everything that could still act. */
	kill(): void {
		this.#isKilled = true;
		this.#electionAlarm.cancel();
		this.#heartbeatAlarm.cancel();
		this.#applier.stop();
	}

	/** RPC: figure 2. */
	RequestVote(args: messages.RequestVoteArgs): messages.RequestVoteReply {
		return this.#step((state) => handleRequestVote(state, args));
	}

	/** RPC: thesis §9.6. */
	PreVote(args: messages.RequestVoteArgs): messages.RequestVoteReply {
		return this.#step((state) => handlePreVote(state, args));
	}

	/** RPC: figure 2. */
	AppendEntries(args: messages.AppendEntriesArgs): messages.AppendEntriesReply {
		return this.#step((state) => handleAppendEntries(state, args));
	}

	/** RPC: figure 13. */
	InstallSnapshot(args: messages.InstallSnapshotArgs): messages.InstallSnapshotReply {
		return this.#step((state) => handleInstallSnapshot(state, args));
	}

	/** Decides, then does. A reply returned from here leaves only after everything it promises has been saved. */
	#step<T>(decide: (state: ServerState) => T): T {
		const { role, currentTerm } = this.#state;
		this.#state.nowMs = performance.now();
		const result = decide(this.#state);
		if (this.#state.role !== role || this.#state.currentTerm !== currentTerm) {
			debug("role", `${this.#state.role} in term ${this.#state.currentTerm}`);
		}
		if (!this.#isKilled) this.#carryOut(takeEffects(this.#state));
		return result;
	}

	#carryOut(effects: Effects): void {
		if (effects.save) this.#storage.save(this.#state);
		if (effects.resetElectionTimer) this.#electionAlarm.set(this.#drawElectionTimeoutMs());
		if (effects.resetHeartbeatTimer) this.#heartbeatAlarm.set(this.#options.heartbeatIntervalMs);
		for (const message of effects.messages) void this.#send(message);
		this.#applier.wake(); // last: the service may call snapshot() at once, which is a step of its own
	}

	/** Every request has a life of its own: a slow answer, or none for seconds, keeps nobody else waiting. */
	async #send(message: messages.Message): Promise<void> {
		const { to, method, args } = message;
		const reply = await this.#peers[to]?.call<messages.Reply>(method, args);
		if (!this.#isKilled) this.#step((state) => handleReply(state, message, reply));
	}

	/** A new draw every time (§5.2): two servers that collided once should not do so again. */
	#drawElectionTimeoutMs(): number {
		const { electionTimeoutMinMs, electionTimeoutMaxMs } = this.#options;
		return electionTimeoutMinMs + Math.random() * (electionTimeoutMaxMs - electionTimeoutMinMs);
	}
}
