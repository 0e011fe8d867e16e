import type { NoReplyReason } from "../events.ts";
import type { Machine } from "../machine/machine.ts";
import { Decision } from "../sim/choices.ts";
import { type Simulation, Stream } from "../sim/simulation.ts";

/** The figures of the lab's network. Delays in milliseconds, chances in thousandths. */
export const NETWORK = {
	/** A call to an unreachable server gives up after 0 … 99 ms, or with long delays after 0 … 6999 ms. */
	unreachableBoundMs: 100,
	unreachableLongBoundMs: 7000,
	/** Where nothing is left to chance, this long: not at once, or whoever tries again at once would do so for ever at one instant. */
	unreachableUsualMs: 50,
	/** An unreliable network takes 0 … 26 ms for a request. */
	requestBoundMs: 27,
	requestLossPerMille: 100,
	replyLossPerMille: 100,
	/** With long reordering, 600 replies in 900 are held back: 200 + rand(1 + rand(2000)) ms. */
	reorderChance: [600, 900],
	reorderLeastMs: 200,
	reorderRangeMs: 2000,
	/** While a handler runs, the network looks this often whether its server is still there. */
	lookEveryMs: 100,
	/** Race: a message on the reliable network takes less than this. */
	latencyBoundMs: 1,
} as const;

/** A call on its way. */
interface Call {
	readonly rpc: number;
	/** The caller: its machine, and its own number for the call. */
	readonly caller: Machine;
	readonly callId: number;
	readonly to: number;
	/** How many calls this caller has made to this server before: with both servers, the key of its decisions. */
	readonly n: number;
	readonly method: string;
	readonly args: string;
	/** The incarnation that it is bound for. A request that an adversary delays is bound for whoever runs when it arrives, as on a real network. */
	target: Machine;
	isUnbound: boolean;
	/** The settings when the call was made. */
	readonly isReliable: boolean;
	readonly isReordered: boolean;
	isOver: boolean;
}

/** A message that is about to travel. */
export interface Message {
	readonly leg: "request" | "reply";
	/** The number of the call, among all of the run. */
	readonly rpc: number;
	/** Who sends it; a reply is sent by the server that was called. */
	readonly from: Machine;
	readonly to: number;
	readonly method: string;
	/** How many messages of this leg have gone this way before. */
	readonly n: number;
	/** How long its text is, in bytes. */
	readonly bytes: number;
}

/**
 * What is to become of a message instead of what the network would have done with it: it is lost; it takes this long; it waits until somebody lets
 * it go; or it comes twice, the second time after so long (requests only).
 */
export type Fate =
	| { readonly kind: "lost" }
	| { readonly kind: "late"; readonly ms: number }
	| { readonly kind: "held"; readonly hold: (held: HeldMessage) => void }
	| { readonly kind: "twice"; readonly afterMs: number };

/** A message that is held. It is let go or lost once; what comes after that has no effect. */
export interface HeldMessage {
	/** It arrives now. */
	letGo(): void;
	/** It never arrives, and its caller learns that now. */
	lose(): void;
	/** A copy of it arrives now, whatever becomes of itself: as often as one likes. Nobody waits for the answer. Requests only. */
	copy(): void;
}

/** Delivers to machines; the cluster knows which run, and which are paused. */
export interface Delivery {
	/** The running machine of a server. */
	running(server: number): Machine | undefined;
	/** Virtual time until which the server's machine is paused; nothing reaches it before. */
	pausedUntilMs(server: number): number;
}

/**
 * The lab's network: it loses, delays and reorders messages, and cuts servers off. Each server has one end for every
 * server, itself included; an end can be enabled or not.
 */
export class Network {
	/** Whether messages arrive, at once. */
	isReliable = true;
	/** Whether a call to an unreachable server takes long to give up. */
	hasLongDelays = false;
	/** Whether replies are held back at random. */
	isReordering = false;

	/** Decides what becomes of messages; for those that it has no opinion on, the network does. */
	interference: ((message: Message) => Fate | undefined) | undefined;

	readonly #sim: Simulation;
	readonly #delivery: Delivery;
	readonly #size: number;
	readonly #enabled: boolean[];
	readonly #callsMade: number[];
	readonly #calls = new Map<number, Call>();
	#lastRpc = 0;
	readonly #traffic = new Map<string, number>();

	constructor(sim: Simulation, size: number, delivery: Delivery) {
		this.#sim = sim;
		this.#size = size;
		this.#delivery = delivery;
		this.#enabled = new Array(size * size).fill(false);
		this.#callsMade = new Array(size * size).fill(0);
	}

	/** Enables or disables the end that `from` has for `to`. */
	setEnabled(from: number, to: number, isEnabled: boolean): void {
		this.#enabled[from * this.#size + to] = isEnabled;
	}

	isEnabled(from: number, to: number): boolean {
		return this.#enabled[from * this.#size + to] === true;
	}

	/** A machine makes a call. */
	call(caller: Machine, callId: number, to: number, method: string, args: string): void {
		const from = caller.server;
		const pair = from * this.#size + to;
		const n = this.#callsMade[pair] as number;
		this.#callsMade[pair] = n + 1;
		const rpc = ++this.#lastRpc;
		if (this.#sim.eventsAtThisInstant > TRAFFIC_FROM) this.#countTraffic(from, to, method);
		this.#sim.tell({ kind: "call", rpc, from, to, method, args, bytes: byteLength(args) });

		const target = this.#delivery.running(to);
		if (target === undefined || !this.isEnabled(from, to)) {
			const bound = this.hasLongDelays ? NETWORK.unreachableLongBoundMs : NETWORK.unreachableBoundMs;
			const drawnMs = this.#integer(Decision.unreachableDelay, from, to, n, bound);
			const delayMs = this.#settle(Decision.unreachableDelay, from, to, n, drawnMs, NETWORK.unreachableUsualMs);
			this.#settleLater({ rpc, caller, callId, to }, "unreachable", delayMs);
			return;
		}
		const { isReliable, isReordering: isReordered } = this;
		const call: Call = {
			rpc,
			caller,
			callId,
			to,
			n,
			method,
			args,
			target,
			isReliable,
			isReordered,
			isOver: false,
			isUnbound: false,
		};
		const fate = this.interference?.({ leg: "request", rpc, from: caller, to, method, n, bytes: byteLength(args) });
		if (fate !== undefined) {
			call.isUnbound = true;
			this.#meet(
				fate,
				(delayMs) => this.#arriveLater(call, delayMs),
				() => this.#settleLater(call, "request lost", 0),
				() => this.#repeatLater(call, 0),
			);
			if (fate.kind === "twice") this.#repeatLater(call, fate.afterMs);
			return;
		}
		if (isReliable) {
			this.#arriveLater(call, this.#latencyMs(Decision.requestLatency, call));
			return;
		}
		const drawnMs = this.#integer(Decision.requestDelay, from, to, n, NETWORK.requestBoundMs);
		const delayMs = this.#settle(Decision.requestDelay, from, to, n, drawnMs, 0);
		const isLost = this.#isLost(Decision.requestLoss, call, NETWORK.requestLossPerMille);
		if (isLost) this.#settleLater(call, "request lost", delayMs);
		else this.#arriveLater(call, delayMs);
	}

	/** A handler is done. */
	reply(rpc: number, reply: string): void {
		const call = this.#calls.get(rpc);
		if (call === undefined) return;
		this.#end(call);
		const { to, n } = call;
		const from = call.caller.server;
		this.#sim.tell({ kind: "handled", rpc, from, to, reply });
		const obstacle = this.#obstacle(call);
		const fate =
			obstacle === undefined
				? this.interference?.({
						leg: "reply",
						rpc,
						from: call.target,
						to: from,
						method: call.method,
						n,
						bytes: byteLength(reply),
					})
				: undefined;
		if (obstacle !== undefined) {
			this.#settleLater(call, obstacle, 0);
		} else if (fate !== undefined) {
			this.#meet(
				fate,
				(delayMs) => this.#replyLater(call, reply, delayMs),
				() => this.#settleLater(call, "reply lost", 0),
				() => {},
			);
		} else if (!call.isReliable && this.#isLost(Decision.replyLoss, call, NETWORK.replyLossPerMille)) {
			this.#settleLater(call, "reply lost", 0);
		} else {
			this.#replyLater(call, reply, this.#replyDelayMs(call));
		}
	}

	/** Who calls whom most at this instant: for the message when virtual time stands still. */
	describeTraffic(): string {
		const [busiest] = [...this.#traffic].sort(([, a], [, b]) => b - a);
		return busiest === undefined
			? "a timer or a task starts itself again without a pause"
			: `most of all ${busiest[0]}`;
	}

	#countTraffic(from: number, to: number, method: string): void {
		const key = `S${from} calls ${method} on S${to}`;
		this.#traffic.set(key, (this.#traffic.get(key) ?? 0) + 1);
	}

	#arriveLater(call: Call, delayMs: number): void {
		const key = call.caller.server * this.#size + call.to;
		this.#sim.at(this.#sim.nowMs + delayMs, Stream.request, key, call.n, () => this.#arrive(call));
	}

	#arrive(call: Call): void {
		const { rpc, to } = call;
		if (call.isUnbound) call.target = this.#delivery.running(to) ?? call.target;
		const { target } = call;
		if (!target.isAlive) {
			this.#settleLater(call, "server crashed", 0);
			return;
		}
		const pausedMs = this.#delivery.pausedUntilMs(to) - this.#sim.nowMs;
		if (pausedMs > 0) {
			this.#arriveLater(call, pausedMs);
			return;
		}
		this.#sim.tell({ kind: "deliver", rpc, from: call.caller.server, to });
		this.#calls.set(rpc, call);
		target.deliver(this.#sim.nowMs, rpc, call.method, call.args);
		if (!call.isOver) this.#lookLater(call);
	}

	#meet(fate: Fate, goOn: (delayMs: number) => void, lose: () => void, copy: () => void): void {
		if (fate.kind === "lost") {
			lose();
		} else if (fate.kind === "held") {
			let isHeld = true;
			const once = (end: () => void) => () => {
				if (isHeld) end();
				isHeld = false;
			};
			fate.hold({ letGo: once(() => goOn(0)), lose: once(lose), copy });
		} else {
			goOn(fate.kind === "late" ? fate.ms : 0);
		}
	}

	/** The request comes a second time. Nobody waits for the answer to that. */
	#repeatLater(call: Call, delayMs: number): void {
		const { rpc, caller, to, method, args } = call;
		const key = caller.server * this.#size + to;
		this.#sim.at(this.#sim.nowMs + delayMs, Stream.adversary, key, call.n, () => {
			const target = this.#delivery.running(to);
			if (target === undefined || this.#delivery.pausedUntilMs(to) > this.#sim.nowMs) return;
			this.#sim.tell({ kind: "deliver-again", rpc, from: caller.server, to });
			target.deliver(this.#sim.nowMs, ++this.#lastRpc, method, args);
		});
	}

	/** While the handler runs: is its server still there? */
	#lookLater(call: Call): void {
		const key = call.caller.server * this.#size + call.to;
		this.#sim.at(this.#sim.nowMs + NETWORK.lookEveryMs, Stream.look, key, call.n, () => {
			if (call.isOver) return;
			const obstacle = this.#obstacle(call);
			if (obstacle === undefined) {
				this.#lookLater(call);
			} else {
				this.#end(call);
				this.#settleLater(call, obstacle, 0);
			}
		});
	}

	/** What keeps a reply from coming back now. */
	#obstacle(call: Call): NoReplyReason | undefined {
		if (!call.target.isAlive) return "server crashed";
		// A caller that has crashed took its ends with it, also if its server runs and is connected again.
		return call.caller.isAlive && this.isEnabled(call.caller.server, call.to) ? undefined : "cut off";
	}

	#end(call: Call): void {
		call.isOver = true;
		this.#calls.delete(call.rpc);
	}

	#replyDelayMs(call: Call): number {
		const from = call.caller.server;
		const { to, n } = call;
		if (call.isReordered) {
			const [held, outOf] = NETWORK.reorderChance;
			if (this.#integer(Decision.reorder, from, to, n, outOf) < held) {
				const range = 1 + this.#integer(Decision.reorderRange, from, to, n, NETWORK.reorderRangeMs);
				const drawnMs = NETWORK.reorderLeastMs + this.#integer(Decision.reorderDelay, from, to, n, range);
				const heldMs = this.#settle(Decision.reorder, from, to, n, drawnMs, undefined);
				if (heldMs !== undefined) return heldMs;
			}
		}
		return call.isReliable ? this.#latencyMs(Decision.replyLatency, call) : 0;
	}

	#replyLater(call: Call, reply: string, delayMs: number): void {
		const { rpc, caller, callId, to } = call;
		const from = caller.server;
		const key = from * this.#size + to;
		this.#sim.at(this.#sim.nowMs + delayMs, Stream.reply, key, call.n, () => {
			const pausedMs = this.#delivery.pausedUntilMs(from) - this.#sim.nowMs;
			if (pausedMs > 0 && caller.isAlive) {
				this.#replyLater(call, reply, pausedMs);
				return;
			}
			this.#sim.tell({ kind: "reply", rpc, from, to, reply, bytes: byteLength(reply) });
			caller.settle(this.#sim.nowMs, callId, reply);
		});
	}

	#settleLater(call: Pick<Call, "rpc" | "caller" | "callId" | "to">, why: NoReplyReason, delayMs: number): void {
		const { rpc, caller, callId, to } = call;
		const from = caller.server;
		this.#sim.at(this.#sim.nowMs + delayMs, Stream.noReply, from * this.#size + to, callId, () => {
			const pausedMs = this.#delivery.pausedUntilMs(from) - this.#sim.nowMs;
			if (pausedMs > 0 && caller.isAlive) {
				this.#settleLater(call, why, pausedMs);
				return;
			}
			this.#sim.tell({ kind: "no-reply", rpc, from, to, why });
			caller.settle(this.#sim.nowMs, callId, undefined);
		});
	}

	/** Race: some latency on the reliable network. In 1024ths of a millisecond, so that sums of times stay exact. */
	#latencyMs(decision: Decision, call: Call): number {
		if (this.#sim.schedule === "calm") return 0;
		const ticks = this.#integer(decision, call.caller.server, call.to, call.n, 1024 * NETWORK.latencyBoundMs);
		return this.#settle(decision, call.caller.server, call.to, call.n, ticks / 1024, 0);
	}

	#isLost(decision: Decision, { caller, to, n }: Call, perMille: number): boolean {
		const isDrawn = this.#integer(decision, caller.server, to, n, 1000) < perMille;
		return this.#settle(decision, caller.server, to, n, isDrawn, false);
	}

	#settle<Value>(decision: Decision, from: number, to: number, n: number, drawn: Value, harmless: Value): Value {
		return this.#sim.choices.settle(decision, from, to, n, drawn, harmless);
	}

	#integer(decision: Decision, from: number, to: number, n: number, bound: number): number {
		return this.#sim.choices.integer(decision, from, to, n, bound);
	}
}

/** From this many events at one instant on, who calls whom is counted, in case it comes to a standstill. */
const TRAFFIC_FROM = 100_000;

function byteLength(text: string): number {
	return Buffer.byteLength(text, "utf8");
}
