import type { SimulationEvent } from "../events.ts";
import { FigureKeeper } from "../figures.ts";
import { Network } from "../labrpc/network.ts";
import { parseSeed, type Schedule } from "../sim/seed.ts";
import { Simulation } from "../sim/simulation.ts";
import { type Answer, FakeMachine } from "./fake-machine.ts";

/** A call that was made on the bench. */
export interface Outcome {
	readonly madeAtMs: number;
	/** Undefined as long as the call has not ended. */
	readonly answer: Answer | undefined;
}

/** What {@link NetworkBench.call} needs to know beside the servers. */
interface CallOptions {
	readonly method?: string;
	/** Text, as it goes over the wire. */
	readonly args?: string;
}

/** The network, alone: between machines that are not real, all of them running and connected. */
export class NetworkBench {
	readonly sim: Simulation;
	readonly network: Network;
	readonly figures: FigureKeeper;
	readonly events: SimulationEvent[] = [];
	/** Until when each server's machine is paused. */
	readonly pausedUntilMs: number[];
	readonly #machines: (FakeMachine | undefined)[];
	readonly #incarnations: number[];
	readonly #size: number;
	#calls = 0;

	constructor({ seed = "1", schedule = "calm" as Schedule, size = 3 } = {}) {
		this.#size = size;
		this.sim = new Simulation({ seed: parseSeed(seed), schedule });
		this.figures = new FigureKeeper(this.sim.events, size);
		this.sim.events.on((event) => {
			this.events.push(event);
		});
		this.pausedUntilMs = new Array(size).fill(0);
		this.#machines = new Array(size).fill(undefined);
		this.#incarnations = new Array(size).fill(0);
		this.network = new Network(this.sim, size, {
			running: (server) => this.#machines[server]?.asMachine,
			pausedUntilMs: (server) => this.pausedUntilMs[server] ?? 0,
		});
		for (let server = 0; server < size; server++) this.start(server);
	}

	/** The machine that runs now. */
	machine(server: number): FakeMachine {
		const machine = this.#machines[server];
		if (machine === undefined) throw new Error(`S${server} is down`);
		return machine;
	}

	/** Starts a machine, which answers at once with what it was sent; its ends are enabled. */
	start(server: number): FakeMachine {
		const incarnation = this.#incarnations[server] ?? 0;
		this.#incarnations[server] = incarnation + 1;
		const machine = new FakeMachine(server, incarnation);
		machine.handler = ({ rpc, args }) => this.network.reply(rpc, args);
		this.#machines[server] = machine;
		this.setConnected(server, true);
		return machine;
	}

	crash(server: number): void {
		this.setConnected(server, false);
		this.machine(server).isAlive = false;
		this.#machines[server] = undefined;
	}

	/** Enables or disables all ends of a server's, in both directions. */
	setConnected(server: number, isConnected: boolean): void {
		for (let other = 0; other < this.#size; other++) {
			this.network.setEnabled(server, other, isConnected);
			this.network.setEnabled(other, server, isConnected);
		}
	}

	/** Lets the server's handler run for so long; it answers with its own server and incarnation. */
	setHandling(server: number, forMs: number): void {
		const machine = this.machine(server);
		machine.handler = async ({ rpc }) => {
			await this.sim.sleep(forMs);
			this.network.reply(rpc, `"S${server}.${machine.incarnation}"`);
		};
	}

	call(from: number, to: number, { method = "Echo", args = '"hello"' }: CallOptions = {}): Outcome {
		const caller = this.machine(from);
		const callId = ++this.#calls;
		this.network.call(caller.asMachine, callId, to, method, args);
		return {
			madeAtMs: this.sim.nowMs,
			get answer() {
				return caller.answers.get(callId);
			},
		};
	}

	/** Makes as many calls at this instant. */
	calls(count: number, from: number, to: number, options: CallOptions = {}): Outcome[] {
		return Array.from({ length: count }, () => this.call(from, to, options));
	}

	/** Runs the body, and then the world until nothing more can come of it. */
	async run(body: () => Promise<void> | void): Promise<void> {
		await this.sim.run(async () => {
			await body();
			await this.sim.sleep(20_000);
		});
		if (this.sim.failure !== undefined) throw this.sim.failure;
	}

	/** The events of one kind. */
	told<Kind extends SimulationEvent["kind"]>(kind: Kind): Extract<SimulationEvent, { kind: Kind }>[] {
		return this.events.filter((event): event is Extract<SimulationEvent, { kind: Kind }> => event.kind === kind);
	}

	/** Why calls got no reply, in the order in which they ended. */
	get reasons(): string[] {
		return this.told("no-reply").map(({ why }) => why);
	}
}
