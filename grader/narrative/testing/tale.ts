import type { SimulationEvent } from "../../../harness/index.ts";

/** A journal of three servers: who does what, when. */
export class Tale {
	readonly events: SimulationEvent[] = [];
	#rpc = 0;

	constructor() {
		for (const server of [0, 1, 2]) {
			this.tell({ atMs: 0, kind: "boot", server, incarnation: 0 });
			this.tell({ atMs: 0, kind: "state", server, term: 0, isLeader: false });
		}
	}

	tell(event: SimulationEvent): this {
		this.events.push(event);
		return this;
	}

	/** The server asks both others for their votes, gets them, and leads. */
	elected(atMs: number, server: number, term: number): this {
		this.stands(atMs, server, term, true);
		return this.tell({ atMs, kind: "state", server, term, isLeader: true });
	}

	/** @param asked - what else it asks; @param said - what else is answered. */
	stands(atMs: number, from: number, term: number, voteGranted: boolean, asked: object = {}, said: object = {}): this {
		for (const [to, rpc] of this.#ask(atMs, from, term, asked)) {
			this.tell({ atMs, kind: "deliver", rpc, from, to });
			const reply = JSON.stringify({ term, voteGranted, ...said });
			this.tell({ atMs, kind: "handled", rpc, from, to, reply });
			this.tell({ atMs, kind: "spoke", server: to, term });
			this.tell({ atMs, kind: "reply", rpc, from, to, reply, bytes: reply.length });
		}
		return this;
	}

	/** The server asks both others for their votes, and hears nothing. */
	asksInVain(atMs: number, from: number, term: number): this {
		this.#ask(atMs, from, term);
		return this;
	}

	/** As it comes to rest after that, the server says which term it is in. */
	#ask(atMs: number, from: number, term: number, more: object = {}): ReadonlyMap<number, number> {
		const others = [0, 1, 2].filter((server) => server !== from);
		const rpcs = others.map((to) => this.#call(atMs, from, to, "RequestVote", { term, candidateId: from, ...more }));
		this.tell({ atMs, kind: "state", server: from, term, isLeader: false });
		return new Map(others.map((to, i) => [to, rpcs[i] as number]));
	}

	heartbeat(atMs: number, from: number, to: number, term: number): this {
		const rpc = this.#call(atMs, from, to, "AppendEntries", { term, leaderId: from });
		return this.tell({ atMs, kind: "deliver", rpc, from, to });
	}

	#call(atMs: number, from: number, to: number, method: string, value: object): number {
		const rpc = ++this.#rpc;
		const args = JSON.stringify(value);
		this.tell({ atMs, kind: "call", rpc, from, to, method, args, bytes: args.length });
		this.tell({ atMs, kind: "spoke", server: from, term: (value as { term: number }).term });
		return rpc;
	}
}
