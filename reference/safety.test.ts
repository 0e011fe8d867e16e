import { expect } from "chai";
import fc from "fast-check";
import { nextToApply } from "./applying.ts";
import { electionTimeout, handleReply, heartbeatTimeout, propose } from "./core.ts";
import { Log } from "./log.ts";
import type { Message, Reply } from "./messages.ts";
import { DEFAULT_OPTIONS } from "./options.ts";
import { replicateProposals } from "./replication.ts";
import { compact } from "./snapshots.ts";
import { createState, type PersistentState, type ServerState, takeEffects } from "./state.ts";
import { handleRequest } from "./testing.ts";

/**
 * Because the core does nothing but decide, a whole cluster is an array of states and a bag of messages, and any order of
 * events can be tried: here by fast-check, which looks for one that breaks what figure 3 of the paper promises.
 */
class World {
	readonly servers: ServerState[];
	readonly #disks: PersistentState[];
	readonly #requests: { from: number; incarnation: number; message: Message }[] = [];
	readonly #replies: { to: number; incarnation: number; message: Message; reply: Reply }[] = [];
	readonly #incarnations: number[];
	readonly #leaders = new Map<number, number>();
	readonly #committed: unknown[] = [];
	readonly #preVote: boolean;
	#proposals = 0;
	#nowMs = 0;

	constructor(size: number, preVote: boolean) {
		this.#preVote = preVote;
		this.#disks = Array.from({ length: size }, () => {
			return { currentTerm: 0, votedFor: null, log: new Log(), snapshot: new Uint8Array() };
		});
		this.#incarnations = this.#disks.map(() => 0);
		this.servers = this.#disks.map((_, me) => this.#boot(me));
	}

	/** One event; `pick` decides which of the servers or messages it befalls. */
	step(kind: Kind, pick: number): void {
		this.#nowMs += pick % 50;
		const me = pick % this.servers.length;
		if (kind === "timeout") this.#act(me, electionTimeout);
		else if (kind === "heartbeat") this.#act(me, heartbeatTimeout);
		else if (kind === "propose") this.#propose();
		else if (kind === "crash") this.servers[me] = this.#boot(me);
		else if (kind === "compact")
			this.#act(me, (state) => state.lastApplied > 0 && compact(state, state.lastApplied, Uint8Array.of(1)));
		else if (kind === "lose") this.#requests.splice(pick % Math.max(1, this.#requests.length), 1);
		else if (kind === "request") this.#deliverRequest(pick);
		else this.#deliverReply(pick);
	}

	#boot(me: number): ServerState {
		this.#incarnations[me] = (this.#incarnations[me] ?? 0) + 1;
		const disk = this.#disks[me] as PersistentState;
		const options = { ...DEFAULT_OPTIONS, preVote: this.#preVote };
		return createState(me, this.#disks.length, options, { ...disk, log: copyOf(disk.log) });
	}

	/** A step as the shell takes it: decide, save, send, apply. */
	#act<T>(me: number, decide: (state: ServerState) => T): T {
		const state = this.servers[me] as ServerState;
		state.nowMs = this.#nowMs;
		const result = decide(state);
		const { save, messages } = takeEffects(state);
		if (save) {
			const { currentTerm, votedFor, log, snapshot } = state;
			this.#disks[me] = { currentTerm, votedFor, log: copyOf(log), snapshot };
		}
		for (const message of messages)
			this.#requests.push({ from: me, incarnation: this.#incarnations[me] ?? 0, message });
		this.#checkLeader(state);
		this.#apply(state);
		return result;
	}

	#propose(): void {
		for (const { role, me } of this.servers) {
			if (role !== "leader") continue;
			this.#proposals += 1;
			this.#act(me, (state) => {
				propose(state, this.#proposals);
				replicateProposals(state);
			});
		}
	}

	#deliverRequest(pick: number): void {
		const [request] = this.#requests.splice(pick % Math.max(1, this.#requests.length), 1);
		if (request === undefined) return;
		const { from, incarnation, message } = request;
		const reply = this.#act(message.to, (state) => handleRequest(state, message));
		this.#replies.push({ to: from, incarnation, message, reply });
	}

	#deliverReply(pick: number): void {
		const [answer] = this.#replies.splice(pick % Math.max(1, this.#replies.length), 1);
		if (answer === undefined || answer.incarnation !== this.#incarnations[answer.to]) return;
		this.#act(answer.to, (state) => handleReply(state, answer.message, answer.reply));
	}

	/** Election safety. */
	#checkLeader({ role, currentTerm, me }: ServerState): void {
		if (role !== "leader") return;
		expect(this.#leaders.get(currentTerm) ?? me, `leader of term ${currentTerm}`).to.equal(me);
		this.#leaders.set(currentTerm, me);
	}

	/** State machine safety: what was applied at an index once is what everyone applies there. */
	#apply(state: ServerState): void {
		let before = state.lastApplied;
		for (let msg = nextToApply(state); msg !== undefined; msg = nextToApply(state)) {
			if ("snapshotValid" in msg) {
				expect(msg.snapshotIndex, "a snapshot never goes back").to.be.greaterThan(before);
				expect(msg.snapshotIndex, "a snapshot holds what was applied").to.be.lessThan(this.#committed.length);
			} else {
				expect(msg.commandIndex, "no gap, no repeat").to.equal(before + 1);
				this.#committed[msg.commandIndex] ??= msg.command;
				expect(msg.command, `applied at ${msg.commandIndex}`).to.equal(this.#committed[msg.commandIndex]);
			}
			before = state.lastApplied;
		}
	}

	/** Log matching: same index and term, same command and the same before it. */
	checkLogs(): void {
		for (const a of this.servers) {
			for (const b of this.servers) {
				let index = Math.min(a.log.lastIndex, b.log.lastIndex);
				const first = Math.max(a.log.lastIncludedIndex, b.log.lastIncludedIndex) + 1;
				while (index >= first && a.log.termAt(index) !== b.log.termAt(index)) index -= 1;
				for (; index >= first; index -= 1) expect(a.log.entryAt(index)).to.deep.equal(b.log.entryAt(index));
			}
		}
	}

	/** How many commands were applied somewhere. */
	get appliedCount(): number {
		return Math.max(0, this.#committed.length - 1);
	}
}

function copyOf(log: Log): Log {
	return new Log(log.lastIncludedIndex, log.lastIncludedTerm, log.entriesFrom(log.lastIncludedIndex + 1));
}

/** What can happen, more often what moves things on. */
const KINDS = [
	...Array<"request">(10).fill("request"),
	...Array<"reply">(10).fill("reply"),
	...Array<"propose">(3).fill("propose"),
	...Array<"heartbeat">(3).fill("heartbeat"),
	...(["timeout", "lose", "crash", "compact"] as const),
] as const;
type Kind = (typeof KINDS)[number];

describe("safety (figure 3) under any order of events", () => {
	for (const preVote of [false, true]) {
		it(`holds ${preVote ? "with" : "without"} pre-vote`, function () {
			this.timeout(60_000);
			let applied = 0;
			const event = fc.tuple(fc.constantFrom(...KINDS), fc.nat({ max: 9999 }));
			fc.assert(
				fc.property(
					fc.constantFrom(3, 5),
					fc.array(event, { minLength: 200, maxLength: 600, size: "max" }),
					(size, events) => {
						const world = new World(size, preVote);
						world.step("timeout", 0);
						for (const [kind, pick] of events) world.step(kind, pick);
						world.checkLogs();
						applied += world.appliedCount;
					},
				),
				{ numRuns: 300 },
			);
			expect(applied, "commands applied in all runs").to.be.greaterThan(1000);
		});
	}
});
