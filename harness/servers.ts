import { LabFailure } from "./failure.ts";
import { Network } from "./labrpc/network.ts";
import type { FaultKind } from "./machine/effects.ts";
import { Machine, type MachinePorts, type Stored } from "./machine/machine.ts";
import type { Program } from "./machine/program.ts";
import { Service } from "./service.ts";
import { Decision } from "./sim/choices.ts";
import type { ScheduledEvent } from "./sim/scheduler.ts";
import { type Simulation, Stream } from "./sim/simulation.ts";

/** Race: how far a machine strays from being exactly on time. Bounded, so that no right solution fails for it. */
export const RACE = {
	/** A timer fires less than this late… */
	timerLateMs: 2,
	/** …but with this chance in a thousand… */
	timerVeryLatePerMille: 50,
	/** …less than this late. */
	timerVeryLateMs: 5,
	/** The time between two pauses of one machine: from, and up to. */
	pauseGapMs: [1_000, 15_000],
	/** How long a pause (a stop-the-world) lasts: from, and up to. */
	pauseMs: [10, 40],
} as const;

/**
 * Timers from this length on go by the server's clock, which an adversary may stop or slow down: they are its sense of time. What waits for less
 * waits for a disk, say, or for company.
 */
const CLOCK_TIMER_MS = 40;

/** A timer that is set. */
interface Timer {
	readonly machine: Machine;
	readonly n: number;
	readonly isByClock: boolean;
	/** How much of it is left, by its own clock, as of `sinceMs`. */
	leftMs: number;
	sinceMs: number;
	/** Undefined while its clock stands still. */
	event: ScheduledEvent | undefined;
}

/** One server: its stable storage, and the machine that runs it now. */
interface Server {
	/** What the next machine will find in stable storage; what the present one has saved since it started, it keeps itself. */
	storage: Stored;
	raftStateSize: number;
	machine: Machine | undefined;
	incarnations: number;
	isConnected: boolean;
	pausedUntilMs: number;
	timers: Map<number, Timer>;
	/** How fast its clock goes: 1 as it should, 0 not at all. */
	clockRate: number;
	/** What its clock said, and when, when its rate was last changed. */
	clockMs: number;
	clockSinceMs: number;
	timersSet: number;
	pauses: number;
	/** What getState() said after the last step. */
	term: number;
	isLeader: boolean;
	/** Whether it has sent or answered anything in the present step. */
	hasSpoken: boolean;
}

export interface ServersOptions {
	readonly program: Program;
	readonly size: number;
	/** Whether the service makes snapshots. */
	readonly withSnapshots: boolean;
	readonly withLog: boolean;
	readonly withStacks: boolean;
	readonly stepLimitMs?: number | undefined;
}

/**
 * The servers of a cluster: machines that start and crash, their timers and pauses, and the network and the services
 * they are wired to.
 */
export class Servers implements MachinePorts {
	readonly network: Network;
	readonly service: Service;
	readonly #sim: Simulation;
	readonly #options: ServersOptions;
	readonly #servers: readonly Server[];

	constructor(sim: Simulation, options: ServersOptions) {
		this.#sim = sim;
		this.#options = options;
		this.#servers = Array.from({ length: options.size }, () => newServer());
		this.network = new Network(sim, options.size, {
			running: (server) => this.machine(server),
			pausedUntilMs: (server) => this.#at(server).pausedUntilMs,
		});
		// Every test of the Raft lab has them.
		this.network.hasLongDelays = true;
		this.service = new Service(sim, options.size, options.withSnapshots);
		sim.describeTraffic = () => this.network.describeTraffic();
	}

	get size(): number {
		return this.#servers.length;
	}

	/** The running machine of a server, if it runs. */
	machine(server: number): Machine | undefined {
		return this.#at(server).machine;
	}

	isConnected(server: number): boolean {
		return this.#at(server).isConnected;
	}

	/** The size of the Raft state in the server's stable storage, in bytes. */
	raftStateSize(server: number): number {
		return this.#at(server).raftStateSize;
	}

	/** Starts a server from its stable storage; it is not connected. */
	start(server: number): void {
		const state = this.#at(server);
		// Also if it is down: it may have been connected since it crashed.
		this.crash(server);
		const incarnation = state.incarnations++;
		const { size, program, withLog, withStacks, stepLimitMs } = this.#options;
		const chance = [0, 1, 2].map((n) => this.#sim.choices.bits(Decision.machineStream, server, incarnation, n));
		const identity = {
			server,
			incarnation,
			size,
			withLog,
			withStacks,
			stepLimitMs,
			clock: (nowMs: number) => clockOf(state, nowMs),
			chance: chance as [number, number, number],
		};
		state.timers = new Map();
		state.term = -1;
		state.isLeader = false;
		state.hasSpoken = false;
		state.pausedUntilMs = 0;
		this.#sim.tell({ kind: "boot", server, incarnation });
		this.service.restore(server, state.storage.snapshot);
		const machine = new Machine(program, identity, this);
		state.machine = machine;
		machine.boot(this.#sim.nowMs, size, state.storage.raftState, state.storage.snapshot);
		if (this.#sim.schedule === "race") this.#pauseSomeTime(machine);
	}

	/** Crashes a server: it is cut off, killed, and its machine is gone. Its stable storage stays as it is at this moment. */
	crash(server: number): void {
		const state = this.#at(server);
		this.disconnect(server);
		const machine = state.machine;
		if (machine === undefined) return;
		this.#sim.tell({ kind: "crash", server });
		state.machine = undefined;
		state.storage = machine.stored() ?? state.storage;
		for (const { event } of state.timers.values()) if (event !== undefined) this.#sim.cancel(event);
		this.service.forget(server);
		machine.crash(this.#sim.nowMs);
	}

	/** Enables the server's ends, in both directions, where the other side is connected too. */
	connect(server: number): void {
		if (!this.isConnected(server)) this.#sim.tell({ kind: "connect", server });
		this.#setConnected(server, true);
	}

	/** Disables the server's ends, in both directions. */
	disconnect(server: number): void {
		if (this.isConnected(server)) this.#sim.tell({ kind: "disconnect", server });
		this.#setConnected(server, false);
	}

	/** Stops a server's whole machine for a while: nothing reaches it, no timer fires. Longer pauses win. */
	pause(server: number, forMs: number): void {
		const state = this.#at(server);
		if (state.machine === undefined) return;
		state.pausedUntilMs = Math.max(state.pausedUntilMs, this.#sim.nowMs + forMs);
		this.#sim.tell({ kind: "pause", server, forMs });
	}

	/** How fast a server's clock goes from now on, also over restarts: 1 is as it should, 0.5 half as fast, and at 0 it stands still. */
	setClockRate(server: number, rate: number): void {
		const state = this.#at(server);
		for (const [timerId, timer] of state.timers) {
			if (!timer.isByClock) continue;
			if (timer.event !== undefined) this.#sim.cancel(timer.event);
			timer.leftMs = Math.max(0, timer.leftMs - (this.#sim.nowMs - timer.sinceMs) * state.clockRate);
			timer.sinceMs = this.#sim.nowMs;
			timer.event = undefined;
			if (rate > 0) this.#fireAt(timerId, timer, this.#sim.nowMs + timer.leftMs / rate);
		}
		state.clockMs = clockOf(state, this.#sim.nowMs);
		state.clockSinceMs = this.#sim.nowMs;
		state.clockRate = rate;
	}

	/** Drops all machines: the run is over. */
	dispose(): void {
		for (const state of this.#servers) {
			state.machine?.drop();
			state.machine = undefined;
		}
	}

	call(machine: Machine, callId: number, peer: number, method: string, args: string): void {
		this.#at(machine.server).hasSpoken = true;
		this.network.call(machine, callId, peer, method, args);
		this.#sim.pause();
	}

	reply(machine: Machine, rpc: number, reply: string): void {
		this.#at(machine.server).hasSpoken = true;
		this.network.reply(rpc, reply);
		this.#sim.pause();
	}

	setTimer(machine: Machine, timerId: number, delayMs: number): void {
		const state = this.#at(machine.server);
		const n = state.timersSet++;
		const leftMs = delayMs + this.#latenessMs(machine.server, n);
		const isByClock = delayMs >= CLOCK_TIMER_MS;
		const timer: Timer = { machine, n, isByClock, leftMs, sinceMs: this.#sim.nowMs, event: undefined };
		state.timers.set(timerId, timer);
		const rate = isByClock ? state.clockRate : 1;
		if (rate > 0) this.#fireAt(timerId, timer, this.#sim.nowMs + leftMs / rate);
	}

	clearTimer(machine: Machine, timerId: number): void {
		const { timers } = this.#at(machine.server);
		const timer = timers.get(timerId);
		if (timer === undefined) return;
		timers.delete(timerId);
		if (timer.event !== undefined) this.#sim.cancel(timer.event);
	}

	save(machine: Machine, stateBytes: number, snapshotBytes: number): void {
		const { server } = machine;
		this.#at(server).raftStateSize = stateBytes;
		this.#sim.tell({ kind: "save", server, stateBytes, snapshotBytes });
		this.#sim.pause();
	}

	apply(machine: Machine, message: Parameters<MachinePorts["apply"]>[1]): void {
		this.service.receive(machine, message);
	}

	log(machine: Machine, topic: string, text: string): void {
		this.#sim.tell({ kind: "log", server: machine.server, topic, text });
	}

	fault(machine: Machine, kind: FaultKind, sentence: string, stack: string): void {
		const { server } = machine;
		const places = this.#options.program.stack.places(stack);
		this.#sim.fail(new LabFailure(`fault-${kind}`, `S${server}: ${sentence}`, { servers: [server], places }));
	}

	idle(machine: Machine, term: number, isLeader: boolean): void {
		const { server } = machine;
		const state = this.#at(server);
		if (term !== state.term || isLeader !== state.isLeader) {
			state.term = term;
			state.isLeader = isLeader;
			this.#sim.tell({ kind: "state", server, term, isLeader });
		}
		if (state.hasSpoken) {
			state.hasSpoken = false;
			this.#sim.tell({ kind: "spoke", server, term });
		}
	}

	#setConnected(server: number, isConnected: boolean): void {
		this.#at(server).isConnected = isConnected;
		for (let other = 0; other < this.size; other++) {
			const areBoth = isConnected && this.isConnected(other);
			this.network.setEnabled(server, other, areBoth);
			this.network.setEnabled(other, server, areBoth);
		}
	}

	#fireAt(timerId: number, timer: Timer, atMs: number): void {
		const { machine, n } = timer;
		const state = this.#at(machine.server);
		timer.event = this.#sim.at(atMs, Stream.timer, machine.server, n, () => {
			if (state.pausedUntilMs > this.#sim.nowMs) {
				this.#fireAt(timerId, timer, state.pausedUntilMs);
				return;
			}
			state.timers.delete(timerId);
			machine.fire(this.#sim.nowMs, timerId);
		});
	}

	#latenessMs(server: number, n: number): number {
		if (this.#sim.schedule === "calm") return 0;
		const { choices } = this.#sim;
		const isVeryLate = choices.integer(Decision.timerVeryLate, server, 0, n, 1000) < RACE.timerVeryLatePerMille;
		const boundMs = isVeryLate ? RACE.timerVeryLateMs : RACE.timerLateMs;
		const drawnMs = choices.integer(Decision.timerLateness, server, 0, n, 1024 * boundMs) / 1024;
		return choices.settle(Decision.timerLateness, server, 0, n, drawnMs, 0);
	}

	/** Race: now and then, the whole machine stops for a while. */
	#pauseSomeTime(machine: Machine): void {
		const { server } = machine;
		const state = this.#at(server);
		const { choices } = this.#sim;
		const n = state.pauses++;
		const inMs = between(RACE.pauseGapMs, choices.fraction(Decision.pauseGap, server, 0, n));
		const drawnMs = between(RACE.pauseMs, choices.fraction(Decision.pauseLength, server, 0, n));
		this.#sim.at(this.#sim.nowMs + inMs, Stream.pause, server, n, () => {
			if (!machine.isAlive) return;
			const forMs = choices.settle(Decision.pauseLength, server, 0, n, drawnMs, 0);
			if (forMs > 0) {
				state.pausedUntilMs = this.#sim.nowMs + forMs;
				this.#sim.tell({ kind: "pause", server, forMs });
			}
			this.#pauseSomeTime(machine);
		});
	}

	#at(server: number): Server {
		const found = this.#servers[server];
		if (found === undefined) throw new RangeError(`there is no server ${server}: they are 0 … ${this.size - 1}`);
		return found;
	}
}

function newServer(): Server {
	return {
		storage: { raftState: new Uint8Array(0), snapshot: new Uint8Array(0) },
		raftStateSize: 0,
		machine: undefined,
		incarnations: 0,
		isConnected: false,
		pausedUntilMs: 0,
		timers: new Map(),
		clockRate: 1,
		clockMs: 0,
		clockSinceMs: 0,
		timersSet: 0,
		pauses: 0,
		term: -1,
		isLeader: false,
		hasSpoken: false,
	};
}

function clockOf({ clockMs, clockSinceMs, clockRate }: Server, nowMs: number): number {
	return clockMs + (nowMs - clockSinceMs) * clockRate;
}

function between([least, most]: readonly [number, number], fraction: number): number {
	return Math.floor(least + fraction * (most - least));
}
