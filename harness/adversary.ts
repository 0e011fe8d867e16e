import type { SimulationEvent } from "./events.ts";
import type { Fate, HeldMessage, Message } from "./labrpc/network.ts";
import { Mail, matches, type Pattern } from "./mail.ts";
import type { Servers } from "./servers.ts";
import { Decision } from "./sim/choices.ts";
import type { Simulation } from "./sim/simulation.ts";

/**
 * What a message is about. Submissions name their methods as they like; but who calls others without being their leader wants to become it, and a leader
 * replicates (entries, heartbeats, snapshots).
 */
export type Topic = "election" | "replication";

/** A message on its way, as an adversary sees it. */
export interface Seen {
	readonly leg: "request" | "reply";
	readonly topic: Topic;
	/** Who sends it; a reply is sent by the server that was called. */
	readonly from: number;
	readonly to: number;
	/** The term that its sender is in. */
	readonly term: number;
	/** The number of the call; a request and its reply have the same. */
	readonly rpc: number;
	/** How long it is. */
	readonly bytes: number;
	/** Chance, from the run's seed: a number in [0, 1) that belongs to this very message; with `k`, others that do. */
	chance(k?: number): number;
}

interface Waiting {
	readonly isFree: () => boolean;
	readonly held: HeldMessage;
}

/**
 * Sees everything that happens in a cluster, and does the worst at the worst moment: *when this happens, do that*. What it does depends on the run's seed
 * alone. A right solution has nothing to fear: all it does can happen on real machines and networks.
 */
export class Adversary {
	readonly #sim: Simulation;
	readonly #servers: Servers;
	readonly #rules: ((message: Seen) => Fate | undefined)[] = [];
	readonly #leaves: ((message: Seen) => void)[] = [];
	readonly #stops: (() => void)[] = [];
	/** What calls are about, by their number. */
	readonly #topics = new Map<number, Topic>();
	readonly #mails: Mail[] = [];
	#waiting: Waiting[] = [];
	#isListening = false;
	/** Whether chance has been asked since somebody began to decide. */
	#isByChance = false;
	/** The message about which something is being done. */
	#doing: { readonly key: number; readonly n: number } | undefined;

	constructor(sim: Simulation, servers: Servers) {
		this.#sim = sim;
		this.#servers = servers;
	}

	/** Decides what becomes of messages: the first rule that has an opinion counts. */
	intercept(rule: (message: Seen) => Fate | undefined): void {
		this.#listen();
		this.#rules.push(rule);
	}

	/** Does something when a message has just left: right after it, before anything else that its sender does in the same step. */
	whenSent(act: (message: Seen) => void): void {
		this.#listen();
		this.#leaves.push(act);
	}

	/** Does something when an event has happened: right after the effect that it tells of, before the next one of the same step. */
	when(happens: (event: SimulationEvent) => boolean, act: (event: SimulationEvent) => void): void {
		this.#stops.push(
			this.#sim.events.on((event) => {
				if (happens(event)) this.#sim.soon(() => act(event));
			}),
		);
	}

	/** A fate: the message waits until something is so, at most so many milliseconds. */
	until(isFree: () => boolean, atMostMs: number): Fate {
		const latestMs = this.#sim.nowMs + atMostMs;
		return {
			kind: "held",
			hold: (held) => {
				this.#waiting.push({ isFree: () => isFree() || this.#sim.nowMs >= latestMs, held });
			},
		};
	}

	/** Holds all messages that fit, until the story delivers or loses them: see {@link Mail}. */
	hold(pattern: Pattern = {}): Mail {
		const mail = new Mail();
		this.#mails.push(mail);
		this.intercept((message) => {
			if (!matches(message, pattern)) return undefined;
			return { kind: "held", hold: (held) => mail.keep(message, held) };
		});
		return mail;
	}

	/** What a server's latest step ended with; a server that is down is in no term. */
	stateOf(server: number): { readonly term: number; readonly isLeader: boolean } {
		return this.#servers.machine(server)?.latest ?? { term: -1, isLeader: false };
	}

	/** Crashes a server and starts it again from what it had saved, at once, connected as before. */
	bounce(server: number): void {
		if (this.#isWaived()) return;
		const isConnected = this.#servers.isConnected(server);
		this.#servers.start(server);
		if (isConnected) this.#servers.connect(server);
	}

	/** Stops a server's machine for a while. */
	pause(server: number, forMs: number): void {
		if (this.#isWaived()) return;
		this.#servers.pause(server, forMs);
	}

	/** Stops a server's clock: its timers don't fire, also over a restart, and it goes on answering. Only what takes a moment (40 ms) still ends. */
	stopClock(server: number): void {
		this.#servers.setClockRate(server, 0);
	}

	/** Has a server's clock go again; at a rate of 0.25, say, its timers take four times as long. */
	startClock(server: number, rate = 1): void {
		this.#servers.setClockRate(server, rate);
	}

	/** The service above a server goes on applying, but makes its snapshots later: when {@link makeSnapshots} is called. */
	putOffSnapshots(server: number): void {
		this.#servers.service.putOffSnapshots(server);
	}

	/** The service above a server makes the latest snapshot that it has put off. */
	makeSnapshots(server: number): void {
		this.#servers.service.makeSnapshots(server, this.#servers.machine(server));
	}

	/** No more of it: what is held is let go, clocks go, snapshots are made, and from now on everything goes as it would without. */
	stop(): void {
		for (let server = 0; server < this.#servers.size; server++) {
			this.startClock(server);
			this.makeSnapshots(server);
		}
		for (const mail of this.#mails.splice(0)) mail.deliver();
		this.#rules.length = 0;
		this.#leaves.length = 0;
		for (const stop of this.#stops.splice(0)) stop();
		for (const { held } of this.#waiting.splice(0)) held.letGo();
		this.#servers.network.interference = undefined;
		this.#isListening = false;
	}

	#listen(): void {
		if (this.#isListening) return;
		this.#isListening = true;
		this.#servers.network.interference = (message) => this.#decide(message);
		this.#stops.push(this.#sim.events.on(() => this.#letGo()));
	}

	#decide(message: Message): Fate | undefined {
		const { leg, from, to, n } = message;
		const key = 2 * (from.server * this.#servers.size + to) + (leg === "reply" ? 1 : 0);
		const seen = this.#see(message, key);
		for (const act of this.#leaves) this.#sim.soon(() => this.#do({ key, n }, () => act(seen)));
		for (const rule of this.#rules) {
			this.#isByChance = false;
			const fate = rule(seen);
			if (fate === undefined) continue;
			// What happens whatever the chance is part of the test's story.
			return this.#isByChance ? this.#sim.choices.settle(Decision.adversary, key, 0, n, fate, undefined) : fate;
		}
		return undefined;
	}

	#do(message: { readonly key: number; readonly n: number }, act: () => void): void {
		this.#isByChance = false;
		this.#doing = message;
		act();
		this.#doing = undefined;
	}

	/** Whether what is being done about a message, by chance, is not to be done in this run. */
	#isWaived(): boolean {
		if (this.#doing === undefined || !this.#isByChance) return false;
		const { key, n } = this.#doing;
		return !this.#sim.choices.settle(Decision.adversary, key, 1, n, true, false);
	}

	#see({ leg, rpc, from: machine, to, n, bytes }: Message, key: number): Seen {
		const { choices } = this.#sim;
		const { server: from } = machine;
		const { term, isLeader } = machine.latest;
		if (leg === "request") this.#topics.set(rpc, isLeader ? "replication" : "election");
		return {
			leg,
			// Of a call that was made before anybody looked, nothing is known; most are a leader's.
			topic: this.#topics.get(rpc) ?? "replication",
			from,
			to,
			term,
			rpc,
			bytes,
			chance: (k = 0) => {
				this.#isByChance = true;
				return choices.fraction(Decision.adversary, key, k, n);
			},
		};
	}

	/** Lets go what has become free. */
	#letGo(): void {
		if (this.#waiting.length === 0) return;
		const free = this.#waiting.filter(({ isFree }) => isFree());
		if (free.length === 0) return;
		this.#waiting = this.#waiting.filter((waiting) => !free.includes(waiting));
		for (const { held } of free) this.#sim.soon(held.letGo);
	}
}
