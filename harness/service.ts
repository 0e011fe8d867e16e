import { isDeepStrictEqual } from "node:util";
import { LabFailure } from "./failure.ts";
import { decode, encode, fromText, toText } from "./labrpc/codec.ts";
import type { Machine, ServiceMessage } from "./machine/machine.ts";
import { oneLine } from "./printable.ts";
import { Decision } from "./sim/choices.ts";
import { type Simulation, Stream } from "./sim/simulation.ts";

/** The service makes a snapshot after applying index i with (i + 1) mod this = 0. */
export const SNAPSHOT_INTERVAL = 10;

const UNREADABLE =
	"sent a command on applyCh that cannot be read: something on this machine has changed how JSON is written";

/** What a snapshot of the service's holds. */
interface SnapshotContents {
	readonly lastIncludedIndex: number;
	/** The commands at indices 0 … lastIncludedIndex; nothing stands at index 0. */
	readonly log: readonly unknown[];
}

/** A snapshot, read. */
interface ReadSnapshot {
	readonly lastIncludedIndex: number;
	/** The commands as texts, by index. */
	readonly recorded: readonly (string | undefined)[];
}

/** The service above one server. */
interface Applier {
	/** Messages that wait to be taken. */
	readonly queue: { readonly machine: Machine; readonly message: ServiceMessage }[];
	isBusy: boolean;
	/** What it has recorded, by index, as text: it stays over a crash; ingesting a snapshot replaces it. */
	recorded: (string | undefined)[];
	/** With snapshots: the last index applied since the server started. */
	lastApplied: number;
	/** How many messages it has taken. */
	taken: number;
	/** Whether it puts off making snapshots. */
	isPutOff: boolean;
	/** The index of the snapshot that it has put off, if there is one. */
	putOff: number | undefined;
}

/**
 * The service above the servers, as the lab's tester plays it: it takes what they send on their apply channels, checks that
 * all agree, and makes snapshots.
 */
export class Service {
	readonly #sim: Simulation;
	readonly #withSnapshots: boolean;
	readonly #appliers: readonly Applier[];

	constructor(sim: Simulation, size: number, withSnapshots: boolean) {
		this.#sim = sim;
		this.#withSnapshots = withSnapshots;
		this.#appliers = Array.from({ length: size }, newApplier);
	}

	/** How many servers have recorded a command at this index, and the command, as text. */
	nCommitted(index: number): { count: number; command: string | undefined } {
		let count = 0;
		let command: string | undefined;
		for (const { recorded } of this.#appliers) {
			const here = recorded[index];
			if (here === undefined) continue;
			if (command !== undefined && !isSameCommand(command, here)) {
				throw new LabFailure(
					"agreement",
					`the servers have applied different commands at index ${index}: ${show(command)} and ${show(here)}`,
				);
			}
			command = here;
			count++;
		}
		return { count, command };
	}

	/** Has the service above a server put off its snapshots: it goes on applying, and makes none until {@link makeSnapshots}. */
	putOffSnapshots(server: number): void {
		this.#at(server).isPutOff = true;
	}

	/** The service makes the latest of the snapshots that it has put off now, and from now on every one in time. */
	makeSnapshots(server: number, machine: Machine | undefined): void {
		const applier = this.#at(server);
		const { putOff } = applier;
		applier.isPutOff = false;
		applier.putOff = undefined;
		if (machine === undefined || putOff === undefined) return;
		this.#sim.at(this.#sim.nowMs, Stream.adversary, server, putOff, () => {
			// The service may have taken up a leader's snapshot since, which reaches further; the server may have it, and not have handed it over.
			if (machine.isAlive && applier.lastApplied >= putOff) this.#snapshot(machine, putOff);
		});
	}

	/** A server sent a message on its apply channel. */
	receive(machine: Machine, message: ServiceMessage): void {
		if (message.kind === "command" && !isWireText(message.command)) {
			this.#sim.fail(failure("fault-wire", machine.server, UNREADABLE));
			return;
		}
		const applier = this.#at(machine.server);
		applier.queue.push({ machine, message });
		if (!applier.isBusy) this.#takeNext(machine.server);
	}

	/** A server crashed: what it was sending is gone. */
	forget(server: number): void {
		const applier = this.#at(server);
		applier.queue.length = 0;
		applier.isBusy = false;
		applier.putOff = undefined;
	}

	/** A server starts: with a snapshot in stable storage the service starts from it, else from nothing. */
	restore(server: number, snapshot: Uint8Array): void {
		this.#at(server).lastApplied = 0;
		if (!this.#withSnapshots || snapshot.length === 0) return;
		const contents = this.#read(server, snapshot);
		this.#ingest(server, contents);
		this.#sim.tell({ kind: "restore", server, index: contents.lastIncludedIndex, snapshot });
	}

	#takeNext(server: number): void {
		const applier = this.#at(server);
		const next = applier.queue.shift();
		applier.isBusy = next !== undefined;
		if (next === undefined) return;
		const { machine, message } = next;
		const n = applier.taken++;
		// In Go the sender goes on as soon as the service has taken the message, beside the service's handling of it.
		const { choices, schedule, nowMs } = this.#sim;
		const isDrawn = schedule === "race" && choices.bits(Decision.applyOrder, server, 0, n) % 2 === 1;
		const isSenderFirst = choices.settle(Decision.applyOrder, server, 0, n, isDrawn, false);
		this.#sim.at(nowMs, Stream.apply, server, 2 * n, () => {
			if (!machine.isAlive) return;
			if (!isSenderFirst) {
				this.#handle(machine, message);
				this.#goOn(machine, message);
				this.#finish(machine);
				return;
			}
			this.#goOn(machine, message);
			this.#sim.at(nowMs, Stream.apply, server, 2 * n + 1, () => {
				if (machine.isAlive) this.#handle(machine, message);
				this.#finish(machine);
			});
		});
	}

	/** The sender of a message that was taken goes on. */
	#goOn(machine: Machine, message: ServiceMessage): void {
		if (machine.isAlive && this.#sim.failure === undefined) machine.taken(this.#sim.nowMs, message.number);
	}

	#finish(machine: Machine): void {
		if (machine.isAlive && this.#sim.failure === undefined) this.#takeNext(machine.server);
	}

	#handle(machine: Machine, message: ServiceMessage): void {
		try {
			if (message.kind === "command") this.#handleCommand(machine, message.index, message.command);
			else if (message.kind === "snapshot") this.#handleSnapshot(machine.server, message);
		} catch (error) {
			if (!(error instanceof LabFailure)) throw error;
			this.#sim.fail(error);
		}
	}

	#handleCommand(machine: Machine, index: number, command: string): void {
		const { server } = machine;
		const applier = this.#at(server);
		this.#sim.tell({ kind: "apply", server, index, command });
		if (this.#sim.failure !== undefined) return;
		if (this.#withSnapshots && index !== applier.lastApplied + 1) {
			throw failure("apply-order", server, `applied index ${index}, but the next one is ${applier.lastApplied + 1}`);
		}
		this.#checkAgreement(server, index, command);
		if (!this.#withSnapshots && index > 1 && applier.recorded[index - 1] === undefined) {
			throw failure("apply-order", server, `applied index ${index} without having applied ${index - 1}`);
		}
		applier.recorded[index] = command;
		applier.lastApplied = index;
		if (this.#withSnapshots && (index + 1) % SNAPSHOT_INTERVAL === 0) {
			if (applier.isPutOff) applier.putOff = index;
			else this.#snapshot(machine, index);
		}
	}

	#snapshot(machine: Machine, index: number): void {
		const { server } = machine;
		const snapshot = this.#makeSnapshot(server, index);
		this.#sim.tell({ kind: "snapshot", server, index, snapshot });
		machine.snapshot(this.#sim.nowMs, index, snapshot);
	}

	#handleSnapshot(server: number, message: ServiceMessage & { kind: "snapshot" }): void {
		const { index, term, snapshot } = message;
		this.#sim.tell({ kind: "apply-snapshot", server, index, term, snapshot });
		// Without snapshots of its own, the service ignores what is no command.
		if (!this.#withSnapshots || this.#sim.failure !== undefined) return;
		const contents = this.#read(server, snapshot);
		if (contents.lastIncludedIndex !== index) {
			const holds = `its snapshotIndex says ${index}, but the snapshot ends at index ${contents.lastIncludedIndex}`;
			throw failure("snapshot-content", server, `sent a snapshot on applyCh that contradicts itself: ${holds}`);
		}
		const { lastApplied } = this.#at(server);
		if (index < lastApplied) {
			const sentence = `sent a snapshot up to index ${index} on applyCh after having applied index ${lastApplied}`;
			throw failure("apply-order", server, sentence);
		}
		this.#ingest(server, contents);
	}

	#checkAgreement(server: number, index: number, command: string): void {
		for (const [other, { recorded }] of this.#appliers.entries()) {
			const there = recorded[index];
			if (there === undefined || isSameCommand(there, command)) continue;
			const sentence = `S${server} applied ${show(command)} at index ${index}, but S${other} applied ${show(there)} there`;
			throw new LabFailure("agreement", sentence, { servers: [server, other] });
		}
	}

	#makeSnapshot(server: number, index: number): Uint8Array {
		const { recorded } = this.#at(server);
		const log: unknown[] = [null];
		for (let i = 1; i <= index; i++) log.push(fromText(recorded[i] ?? "null"));
		const contents: SnapshotContents = { lastIncludedIndex: index, log };
		return encode(contents);
	}

	#read(server: number, snapshot: Uint8Array): ReadSnapshot {
		try {
			const { lastIncludedIndex, log } = decode<SnapshotContents>(snapshot);
			if (Number.isSafeInteger(lastIncludedIndex) && Array.isArray(log)) {
				return {
					lastIncludedIndex,
					recorded: log.map((command, index) => (index === 0 ? undefined : toText(command))),
				};
			}
		} catch {
			// Reported below: it is no such value, or holds commands that no server can have been given.
		}
		throw failure("snapshot-content", server, "gave the service a snapshot that the service never made");
	}

	#ingest(server: number, { lastIncludedIndex, recorded }: ReadSnapshot): void {
		const applier = this.#at(server);
		applier.recorded = [...recorded];
		applier.lastApplied = lastIncludedIndex;
		applier.putOff = undefined;
	}

	#at(server: number): Applier {
		return this.#appliers[server] as Applier;
	}
}

function newApplier(): Applier {
	return { queue: [], isBusy: false, recorded: [], lastApplied: 0, taken: 0, isPutOff: false, putOff: undefined };
}

/** Whether two commands, as text, are the same: they are nearly always the same text, but keys may have changed places. */
export function isSameCommand(a: string, b: string): boolean {
	return a === b || isDeepStrictEqual(fromText(a), fromText(b));
}

/** Whether a text can be read. A machine writes them with the JSON of its realm, and a submission may have changed that. */
function isWireText(text: string): boolean {
	try {
		toText(fromText(text));
		return true;
	} catch {
		return false;
	}
}

/** A command in a message. */
export function show(command: string): string {
	return oneLine(command.length <= 40 ? command : `${command.slice(0, 37)}…`);
}

function failure(check: string, server: number, sentence: string): LabFailure {
	return new LabFailure(check, `S${server} ${sentence}`, { servers: [server] });
}
