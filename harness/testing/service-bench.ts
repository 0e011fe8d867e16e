import type { SimulationEvent } from "../events.ts";
import type { LabFailure } from "../failure.ts";
import { encode, toText } from "../labrpc/codec.ts";
import { Service } from "../service.ts";
import { parseSeed, type Schedule } from "../sim/seed.ts";
import { Simulation } from "../sim/simulation.ts";
import { FakeMachine } from "./fake-machine.ts";

/** The service, alone: above machines that are not real. */
export class ServiceBench {
	readonly sim: Simulation;
	readonly service: Service;
	readonly events: SimulationEvent[] = [];
	readonly #machines: FakeMachine[];
	#sent = 0;

	constructor({ snapshots = false, schedule = "calm" as Schedule, seed = "1", size = 3 } = {}) {
		this.sim = new Simulation({ seed: parseSeed(seed), schedule });
		this.sim.events.on((event) => {
			this.events.push(event);
		});
		this.service = new Service(this.sim, size, snapshots);
		this.#machines = Array.from({ length: size }, (_, server) => new FakeMachine(server));
	}

	/** The machine that runs now. */
	machine(server: number): FakeMachine {
		const machine = this.#machines[server];
		if (machine === undefined) throw new RangeError(`there is no server ${server}`);
		return machine;
	}

	/** The server applies a command. Returns the number of the message. */
	apply(server: number, index: number, command: unknown): number {
		const number = ++this.#sent;
		const message = { kind: "command", number, index, command: toText(command) } as const;
		this.service.receive(this.machine(server).asMachine, message);
		return number;
	}

	/** The server applies commands, each 100 times its index, from one index to another. */
	applyAll(server: number, from: number, to: number): void {
		for (let index = from; index <= to; index++) this.apply(server, index, 100 * index);
	}

	/** The server hands over a snapshot that ends at `index` and holds 100 times each index, or other bytes. */
	applySnapshot(server: number, index: number, snapshot: Uint8Array = snapshotUpTo(index)): number {
		const number = ++this.#sent;
		const message = { kind: "snapshot", number, index, term: 1, snapshot } as const;
		this.service.receive(this.machine(server).asMachine, message);
		return number;
	}

	/** The server sends something that is neither. */
	applyNothing(server: number): number {
		const number = ++this.#sent;
		this.service.receive(this.machine(server).asMachine, { kind: "nothing", number });
		return number;
	}

	crash(server: number): void {
		this.machine(server).isAlive = false;
		this.service.forget(server);
	}

	/** Starts the server, after a crash, with that in its stable storage. */
	start(server: number, snapshot: Uint8Array = new Uint8Array(0)): void {
		this.service.restore(server, snapshot);
		this.#machines[server] = new FakeMachine(server, this.machine(server).incarnation + 1);
	}

	/** Lets all happen that is due, and goes on with the test. */
	async settle(): Promise<void> {
		await this.sim.sleep(1);
	}

	/** Runs a body; returns what the run failed with. */
	async run(body: () => Promise<void> | void): Promise<LabFailure | undefined> {
		await this.sim.run(async () => {
			await body();
			await this.settle();
		});
		return this.sim.failure;
	}

	/** How many servers have recorded something at these indices. */
	counts(...indices: number[]): number[] {
		return indices.map((index) => this.service.nCommitted(index).count);
	}
}

/** What the service's snapshot up to an index holds if each command is 100 times its index. */
export function snapshotUpTo(lastIncludedIndex: number): Uint8Array {
	const log = [null, ...Array.from({ length: lastIncludedIndex }, (_, i) => 100 * (i + 1))];
	return encode({ lastIncludedIndex, log });
}
