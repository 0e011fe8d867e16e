import { Adversary } from "./adversary.ts";
import { LabFailure } from "./failure.ts";
import type { FigureKeeper } from "./figures.ts";
import { fromText, toText } from "./labrpc/codec.ts";
import type { Command, RaftState, StartResult } from "./raft.ts";
import type { Servers } from "./servers.ts";
import { isSameCommand, show } from "./service.ts";
import type { Simulation } from "./sim/simulation.ts";

/** The lab's patience. Milliseconds. */
const CHECK_LEADER_TRIES = 10;
const CHECK_LEADER_LEAST_MS = 450;
const CHECK_LEADER_RANGE_MS = 100;
const ONE_TRIES_FOR_MS = 10_000;
const ONE_COMMITS_WITHIN_MS = 2_000;
const ONE_POLL_MS = 20;
const ONE_NO_LEADER_MS = 50;
const WAIT_TRIES = 30;
const WAIT_FIRST_MS = 10;
const WAIT_DOUBLE_BELOW_MS = 1_000;

const COMMAND_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** What a test can do with one server of a cluster. */
export interface ServerHandle {
	/** Proposes a command to the server, which must be running. */
	start(command: Command): StartResult;
	/** What the server, which must be running, says of itself. */
	getState(): RaftState;
}

/**
 * A cluster under test, in the vocabulary of the lab's config.go. All times are virtual. Whatever fails here fails the
 * test: a method that checks something throws a {@link LabFailure}.
 */
export class Cluster {
	readonly #sim: Simulation;
	readonly #servers: Servers;
	readonly #figures: FigureKeeper;
	/** For tests that do the worst at the worst moment. */
	readonly adversary: Adversary;

	constructor(sim: Simulation, servers: Servers, figures: FigureKeeper) {
		this.#sim = sim;
		this.#servers = servers;
		this.#figures = figures;
		this.adversary = new Adversary(sim, servers);
	}

	/** How many servers there are. */
	get size(): number {
		return this.#servers.size;
	}

	/** Virtual milliseconds since the test began. */
	get nowMs(): number {
		return this.#sim.nowMs;
	}

	/** Lets virtual time pass. */
	sleep(ms: number): Promise<void> {
		return this.#sim.sleep(ms);
	}

	/** A uniform integer in 0 … bound-1, from the run's seed. */
	rand(bound: number): number {
		return this.#sim.draw(bound);
	}

	/** A command that does not occur twice: a uniform safe integer. */
	randomCommand(): number {
		return this.#sim.draw(Number.MAX_SAFE_INTEGER + 1);
	}

	/** A string that does not occur twice. */
	randomString(length: number): string {
		let text = "";
		for (let i = 0; i < length; i++) text += COMMAND_CHARACTERS.charAt(this.rand(COMMAND_CHARACTERS.length));
		return text;
	}

	/** One server, to be talked to directly. */
	server(i: number): ServerHandle {
		return { start: (command) => this.#start(i, toText(command, "command")), getState: () => this.#getState(i) };
	}

	/** Whether the server is up. */
	isRunning(i: number): boolean {
		return this.#servers.machine(i) !== undefined;
	}

	/** Whether the server is on the network. */
	isConnected(i: number): boolean {
		return this.#servers.isConnected(i);
	}

	/** Shuts a server down: it loses all but what it has saved. */
	crash(i: number): void {
		this.#servers.crash(i);
		this.#throwFailure();
	}

	/** Starts a server from what it has saved, after crashing it if it is running. It is not connected then. */
	start(i: number): void {
		this.#servers.start(i);
		this.#throwFailure();
	}

	/** Puts a server on the network. */
	connect(i: number): void {
		this.#servers.connect(i);
	}

	/** Takes a server off the network. */
	disconnect(i: number): void {
		this.#servers.disconnect(i);
	}

	/** Whether the network delivers everything, at once. */
	setReliable(isReliable: boolean): void {
		this.#servers.network.isReliable = isReliable;
		this.#tellNetwork();
	}

	/** Whether the network holds replies back at random. */
	setLongReordering(isReordering: boolean): void {
		this.#servers.network.isReordering = isReordering;
		this.#tellNetwork();
	}

	/** How many requests the servers have been handed so far. */
	rpcCount(): number {
		return this.#figures.handled.reduce((sum, count) => sum + count, 0);
	}

	/** How many bytes have gone over the network so far. */
	bytesTotal(): number {
		return this.#figures.bytes;
	}

	/** The largest Raft state in stable storage of any server, in bytes. */
	logSize(): number {
		return Math.max(...this.#all().map((i) => this.#servers.raftStateSize(i)));
	}

	/** Waits for a leader and returns it: that of the latest term among the connected servers. Two leaders of one term fail. */
	async checkOneLeader(): Promise<number> {
		for (let attempt = 0; attempt < CHECK_LEADER_TRIES; attempt++) {
			await this.sleep(CHECK_LEADER_LEAST_MS + this.rand(CHECK_LEADER_RANGE_MS));
			const leaderOf = this.#leadersByTerm();
			const latest = Math.max(...leaderOf.keys());
			const leader = leaderOf.get(latest);
			if (leader !== undefined) {
				this.#tell(`checkOneLeader: S${leader}, term ${latest}`);
				this.noteLimit("looks until there is a leader", attempt + 1, CHECK_LEADER_TRIES);
				return leader;
			}
		}
		throw this.#failure("one-leader", `expected one leader, got none: ${this.#describeServers()}`);
	}

	/** No connected server may claim to be leader. */
	checkNoLeader(): void {
		this.#tell("checkNoLeader");
		for (const i of this.#connected()) {
			const { term, isLeader } = this.#getState(i);
			if (!isLeader) continue;
			const connected = this.#connected();
			const where = connected.length === 1 ? ", as nobody else is connected" : ` among ${list(connected)}`;
			const sentence = `expected no leader${where}, but S${i} claims to be leader in term ${term}`;
			throw this.#failure("no-leader", sentence, [i]);
		}
	}

	/** The term, on which the connected servers must agree. */
	checkTerms(): number {
		const states = this.#connected().map((i) => ({ i, term: this.#getState(i).term }));
		const [first] = states;
		if (first === undefined) throw new Error("checkTerms: no server is connected");
		const other = states.find(({ term }) => term !== first.term);
		if (other === undefined) return first.term;
		const sentence = `the servers disagree on the term: S${first.i} is in term ${first.term}, S${other.i} in term ${other.term}`;
		throw this.#failure("terms", sentence, [first.i, other.i]);
	}

	/** How many servers have applied a command at this index, and the command. Different commands there fail. */
	nCommitted(index: number): { count: number; command: Command } {
		const { count, command } = this.#servers.service.nCommitted(index);
		return { count, command: command === undefined ? undefined : fromText(command) };
	}

	/**
	 * Waits until at least `expectedServers` servers have applied something at this index, and returns it. With a `startTerm`,
	 * returns undefined as soon as some server has moved on to a later term.
	 */
	async wait(index: number, expectedServers: number, startTerm = -1): Promise<Command | undefined> {
		let pauseMs = WAIT_FIRST_MS;
		let attempts = 0;
		for (; attempts < WAIT_TRIES; attempts++) {
			if (this.#servers.service.nCommitted(index).count >= expectedServers) break;
			await this.sleep(pauseMs);
			if (pauseMs < WAIT_DOUBLE_BELOW_MS) pauseMs *= 2;
			if (startTerm > -1 && this.#running().some((i) => this.#getState(i).term > startTerm)) return undefined;
		}
		const { count, command } = this.nCommitted(index);
		if (count >= expectedServers) {
			this.noteLimit("tries of wait()", attempts, WAIT_TRIES);
			return command;
		}
		const sentence = `only ${count} of ${expectedServers} servers have applied index ${index}: ${this.#describeServers()}`;
		throw this.#failure("wait", sentence);
	}

	/**
	 * Gets one command committed: finds a leader that takes it and waits until at least `expectedServers` servers have applied it.
	 *
	 * @param retry - whether to propose it again if it is not applied within two seconds (a leader may lose it).
	 * @returns the index at which it was applied.
	 */
	async one(command: Command, expectedServers: number, retry: boolean): Promise<number> {
		const text = toText(command, "command");
		const name = `one(${show(text)}, ${expectedServers}, ${retry ? "retry" : "no retry"})`;
		this.#tell(name);
		const beganMs = this.nowMs;
		let last = 0;
		let lastIndex = -1;
		while (this.nowMs - beganMs < ONE_TRIES_FOR_MS) {
			const taken = this.#offer(text, last);
			last = taken.server;
			if (taken.index < 0) {
				await this.sleep(ONE_NO_LEADER_MS);
				continue;
			}
			lastIndex = taken.index;
			const startedMs = this.nowMs;
			while (this.nowMs - startedMs < ONE_COMMITS_WITHIN_MS) {
				const { count, command: applied } = this.#servers.service.nCommitted(taken.index);
				if (count > 0 && count >= expectedServers && applied !== undefined && isSameCommand(applied, text)) {
					const [spentMs, limitMs] = retry
						? [this.nowMs - beganMs, ONE_TRIES_FOR_MS]
						: [this.nowMs - startedMs, ONE_COMMITS_WITHIN_MS];
					this.noteLimit(retry ? "ms until agreement" : "ms until agreement, no retry", spentMs, limitMs);
					return taken.index;
				}
				await this.sleep(ONE_POLL_MS);
			}
			if (!retry) break;
		}
		const what =
			lastIndex < 0 ? "no server took the command as leader" : this.#describeIndex(lastIndex, expectedServers);
		throw this.#failure("one", `${name} failed to reach agreement: ${what}: ${this.#describeServers()}`);
	}

	/** Says something that does not fail the test. */
	warn(message: string): void {
		this.#sim.tell({ kind: "warning", text: message });
	}

	/** Tells the stream of events how near a limit the run came: `used` of `limit`. It fails nothing. */
	noteLimit(what: string, used: number, limit: number): void {
		this.#sim.tell({ kind: "limit", what, used, limit });
	}

	/** Fails the test. */
	fail(message: string): never {
		throw this.#failure("lab", message);
	}

	/** Offers a command to each connected server in turn, beginning after `last`, until one takes it; index -1 if none does. */
	#offer(command: string, last: number): { server: number; index: number } {
		let server = last;
		for (let k = 0; k < this.size; k++) {
			server = (server + 1) % this.size;
			if (!this.isConnected(server) || !this.isRunning(server)) continue;
			const { index, isLeader } = this.#start(server, command);
			if (isLeader) return { server, index };
		}
		return { server, index: -1 };
	}

	#start(i: number, command: string): StartResult {
		const machine = this.#servers.machine(i);
		if (machine === undefined) throw new Error(`start: S${i} is not running`);
		const answer = machine.start(this.nowMs, command);
		this.#throwFailure();
		this.#sim.tell({ kind: "start", server: i, command, ...answer });
		this.#throwFailure();
		return answer;
	}

	#getState(i: number): RaftState {
		const machine = this.#servers.machine(i);
		if (machine === undefined) throw new Error(`getState: S${i} is not running`);
		const state = machine.getState(this.nowMs);
		this.#throwFailure();
		return state ?? this.fail(`getState() of S${i} gave no answer`);
	}

	#leadersByTerm(): Map<number, number> {
		const leaderOf = new Map<number, number>();
		for (const i of this.#connected()) {
			const { term, isLeader } = this.#getState(i);
			if (!isLeader) continue;
			const other = leaderOf.get(term);
			if (other !== undefined) {
				throw this.#failure("one-leader", `two leaders in term ${term}: S${other} and S${i}`, [other, i]);
			}
			leaderOf.set(term, i);
		}
		return leaderOf;
	}

	#all(): number[] {
		return Array.from({ length: this.size }, (_, i) => i);
	}

	#running(): number[] {
		return this.#all().filter((i) => this.isRunning(i));
	}

	#connected(): number[] {
		return this.#running().filter((i) => this.isConnected(i));
	}

	#describeIndex(index: number, expectedServers: number): string {
		const { count, command } = this.#servers.service.nCommitted(index);
		if (count === 0) return `the leader put it at index ${index}, and no server has applied that`;
		const applied = `index ${index} has been applied by ${count} of the ${expectedServers} servers needed`;
		return command === undefined ? applied : `${applied}, with ${show(command)}`;
	}

	/** The servers in a few words: for a message about why nothing goes on. */
	#describeServers(): string {
		return this.#all()
			.map((i) => `S${i} ${this.#describeServer(i)}`)
			.join(", ");
	}

	#describeServer(i: number): string {
		if (!this.isRunning(i)) return "down";
		const { term, isLeader } = this.#getState(i);
		return `${isLeader ? "leader, " : ""}term ${term}${this.isConnected(i) ? "" : ", cut off"}`;
	}

	#tell(text: string): void {
		this.#sim.tell({ kind: "tester", text });
	}

	#tellNetwork(): void {
		const { isReliable, isReordering } = this.#servers.network;
		this.#sim.tell({ kind: "network", reliable: isReliable, longReordering: isReordering });
	}

	#failure(check: string, sentence: string, servers: readonly number[] = []): LabFailure {
		return new LabFailure(check, sentence, { servers });
	}

	/** What a server has just done may have failed the run already: then the test goes no further. */
	#throwFailure(): void {
		if (this.#sim.failure !== undefined) throw this.#sim.failure;
	}
}

function list(servers: readonly number[]): string {
	return servers.map((i) => `S${i}`).join(", ");
}
