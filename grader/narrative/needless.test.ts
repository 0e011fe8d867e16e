import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { findElections } from "./elections.ts";
import { readHistory } from "./history.ts";
import { needlessElections } from "./needless.ts";
import { tellStandstill } from "./stuck.ts";

/** A journal of three servers: who does what, when. */
class Tale {
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

	stands(atMs: number, from: number, term: number, voteGranted: boolean): this {
		this.tell({ atMs, kind: "state", server: from, term, isLeader: false });
		for (const to of [0, 1, 2].filter((server) => server !== from)) {
			const rpc = this.#call(atMs, from, to, "RequestVote", { term, candidateId: from });
			this.tell({ atMs, kind: "deliver", rpc, from, to });
			const reply = JSON.stringify({ term, voteGranted });
			this.tell({ atMs, kind: "handled", rpc, from, to, reply });
			this.tell({ atMs, kind: "spoke", server: to, term });
			this.tell({ atMs, kind: "reply", rpc, from, to, reply, bytes: reply.length });
		}
		return this;
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

function needless(tale: Tale) {
	const history = readHistory(tale.events, 3);
	return needlessElections(history, findElections(history).candidacies).map(
		({ candidacy: { candidate, term }, leader, silentMs }) => ({ candidate, term, leader, silentMs }),
	);
}

describe("elections for which there was no need", () => {
	it("are those of servers that could hear a leader, with how long ago they did", () => {
		const tale = new Tale().elected(100, 0, 1).heartbeat(110, 0, 1, 1).heartbeat(130, 0, 2, 1).stands(142, 1, 2, false);
		expect(needless(tale)).to.deep.equal([{ candidate: 1, term: 2, leader: 0, silentMs: 32 }]);
	});

	it("may be due to a leader that has said nothing yet: what it said in an earlier term doesn't count", () => {
		const tale = new Tale().elected(100, 0, 1).heartbeat(110, 0, 1, 1).elected(200, 0, 2).stands(500, 1, 3, false);
		expect(needless(tale)).to.deep.include({ candidate: 1, term: 3, leader: 0, silentMs: undefined });
	});

	it("are not those held when the leader is down or either of them cut off", () => {
		const led = () => new Tale().elected(100, 0, 1).heartbeat(110, 0, 1, 1);
		expect(needless(led().tell({ atMs: 120, kind: "crash", server: 0 }).stands(400, 1, 2, true))).to.be.empty;
		for (const server of [0, 1]) {
			const cut = () => led().tell({ atMs: 120, kind: "disconnect", server });
			expect(needless(cut().stands(400, 1, 2, true))).to.be.empty;
			expect(needless(cut().tell({ atMs: 130, kind: "connect", server }).stands(400, 1, 2, true))).to.have.length(1);
		}
	});

	it("are told when nothing else gets done", () => {
		const tale = new Tale().elected(100, 0, 1).heartbeat(110, 0, 1, 1).elected(150, 1, 2).heartbeat(160, 1, 2, 2);
		const { steps } = tellStandstill(readHistory(tale.stands(165, 2, 3, false).events, 3));
		const told = steps.find(({ text }) => text.includes("leader was up"));
		expect(told).to.include({ atMs: 165, server: 2 });
		expect(told?.text).to.equal(
			"S2 stands in term 3: it had last heard from S1, the leader of term 2, 5 ms before (2 of these elections were held although a leader was up and connected)",
		);
	});
});
