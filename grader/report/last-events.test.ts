import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { lastEvents } from "./last-events.ts";

const reply = '{"term":1,"voteGranted":true}';
/** S0 asks S1 for its vote, which arrives twice and is answered once; and S2, in vain. */
const VOTE: readonly SimulationEvent[] = [
	{ atMs: 10, kind: "call", rpc: 7, from: 0, to: 1, method: "RequestVote", args: '{"term":1}', bytes: 10 },
	{ atMs: 10, kind: "call", rpc: 8, from: 0, to: 2, method: "RequestVote", args: '{"term":1}', bytes: 10 },
	{ atMs: 12, kind: "deliver", rpc: 7, from: 0, to: 1 },
	{ atMs: 12, kind: "handled", rpc: 7, from: 0, to: 1, reply },
	{ atMs: 13, kind: "spoke", server: 1, term: 1 },
	{ atMs: 14, kind: "reply", rpc: 7, from: 0, to: 1, reply, bytes: reply.length },
	{ atMs: 15, kind: "deliver-again", rpc: 7, from: 0, to: 1 },
	{ atMs: 20, kind: "no-reply", rpc: 8, from: 0, to: 2, why: "request lost" },
];

describe("the last events", () => {
	it("name the RPC that they belong to, at the server where they happen, in lines that are short enough", () => {
		const lines = lastEvents(VOTE, 3);
		expect(lines).to.deep.equal([
			'S0 0.010 s RequestVote to S2: {"term":1}',
			'S0 0.014 s reply of S1 to RequestVote: {"term":1,"voteGranted":…',
			"S0 0.020 s no reply of S2 to RequestVote: request lost",
			"S1 0.012 s RequestVote of S0 arrives",
			`S1 0.012 s answers S0's RequestVote: ${reply}`.slice(0, 63).concat("…"),
			"S1 0.015 s RequestVote of S0 arrives again",
		]);
		for (const line of lines) expect(line.length).to.be.at.most(64);
	});

	it("speak of a call whose beginning is not known any more", () => {
		expect(lastEvents(VOTE.slice(2, 3), 3)).to.deep.equal(["S1 0.012 s call 7 of S0 arrives"]);
	});
});
