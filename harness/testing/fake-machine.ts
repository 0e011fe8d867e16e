import type { Machine } from "../machine/machine.ts";

/** A request that a machine was handed. */
export interface Request {
	readonly atMs: number;
	readonly rpc: number;
	readonly method: string;
	readonly args: string;
}

/** How a call of a machine's ended. */
export interface Answer {
	readonly atMs: number;
	/** Undefined if no reply came. */
	readonly reply: string | undefined;
}

/** Stands in for a machine: notes what reaches it. As with a real one, nothing does once it is dead. */
export class FakeMachine {
	readonly server: number;
	readonly incarnation: number;
	isAlive = true;
	/** Requests, in the order in which they arrived. */
	readonly requests: Request[] = [];
	/** Answers, by the machine's own number of the call. */
	readonly answers = new Map<number, Answer>();
	/** Timers that fired: number and time. */
	readonly fired: [timer: number, atMs: number][] = [];
	/** Messages that the service took: number and time. */
	readonly takenAt: [message: number, atMs: number][] = [];
	/** Snapshots that the service made. */
	readonly snapshots: { index: number; snapshot: Uint8Array }[] = [];
	/** Does something when a request arrives. */
	handler: (request: Request) => void = () => {};
	/** Does something when the service took a message. */
	onTaken: (message: number) => void = () => {};

	constructor(server: number, incarnation = 0) {
		this.server = server;
		this.incarnation = incarnation;
	}

	/** As what it stands in for: of a real machine it has the methods below and nothing else. */
	get asMachine(): Machine {
		return this as unknown as Machine;
	}

	deliver(atMs: number, rpc: number, method: string, args: string): void {
		if (!this.isAlive) return;
		const request = { atMs, rpc, method, args };
		this.requests.push(request);
		this.handler(request);
	}

	settle(atMs: number, callId: number, reply: string | undefined): void {
		if (!this.isAlive) return;
		if (this.answers.has(callId)) throw new Error(`call ${callId} of S${this.server} was answered twice`);
		this.answers.set(callId, { atMs, reply });
	}

	fire(atMs: number, timer: number): void {
		if (this.isAlive) this.fired.push([timer, atMs]);
	}

	snapshot(_atMs: number, index: number, snapshot: Uint8Array): void {
		if (this.isAlive) this.snapshots.push({ index, snapshot });
	}

	taken(atMs: number, message: number): void {
		if (!this.isAlive) return;
		this.takenAt.push([message, atMs]);
		this.onTaken(message);
	}
}
