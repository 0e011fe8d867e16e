import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { gatherEvidence } from "../hints/evidence.ts";
import { rankCauses } from "../hints/rank.ts";
import { readHistory } from "./history.ts";
import { tellStandstill } from "./stuck.ts";
import { Tale } from "./testing/tale.ts";

/** The test gives up: nobody led. */
function gaveUp(tale: Tale, atMs: number): Tale {
	return tale.tell({ atMs, kind: "failure", check: "one-leader", text: "expected one leader, got none" });
}

const sentences = (tale: Tale) => tellStandstill(readHistory(tale.events, 3)).steps.map(({ text }) => text);
const causesOf = (tale: Tale) => {
	const failure = { check: "one-leader", message: "expected one leader, got none", details: {} };
	return rankCauses(gatherEvidence(tale.events, 3, failure, undefined));
};

describe("a candidate that had the votes and did not lead", () => {
	it("is told with who voted for it", () => {
		const tale = gaveUp(new Tale().stands(300, 0, 1, true).stands(600, 1, 2, true), 2_000);
		expect(sentences(tale)).to.include.members([
			"from here on 2 elections: 0 won, 2 with votes enough and yet not won",
			"S0 stands in term 1: S0, S1 and S2 vote for it, a majority, and yet its getState() does not say that it leads",
		]);
		expect(causesOf(tale)).to.deep.equal(["votes-counted", "state-answers"]);
	});

	it("is none whose votes were refused, did not come, or came as the run ended", () => {
		const refused = gaveUp(new Tale().stands(300, 0, 1, false), 2_000);
		expect(sentences(refused)).to.include("S0 stands in term 1: S1 and S2 refuse");
		const unheard = gaveUp(new Tale().asksInVain(300, 0, 1), 2_000);
		expect(sentences(unheard)).to.include("S0 stands in term 1: no answer comes in time");
		const late = gaveUp(new Tale().stands(300, 0, 1, true), 301);
		expect(sentences(late)).to.include("S0 stands in term 1: it is not elected");
	});

	it("is none that had gone on to another term when the votes came", () => {
		const tale = new Tale()
			.asksInVain(300, 0, 1)
			.tell({ atMs: 400, kind: "state", server: 0, term: 2, isLeader: false });
		const asked = tale.events.filter((event) => event.kind === "call");
		for (const { rpc, from, to } of asked) {
			const reply = JSON.stringify({ term: 1, voteGranted: true });
			tale
				.tell({ atMs: 310, kind: "deliver", rpc, from, to })
				.tell({ atMs: 310, kind: "handled", rpc, from, to, reply })
				.tell({ atMs: 500, kind: "reply", rpc, from, to, reply, bytes: reply.length });
		}
		expect(sentences(gaveUp(tale, 2_000))).to.include("S0 stands in term 1: it is not elected");
	});

	it("is none that did not stand any more a moment later, for whatever reason", () => {
		const gone: readonly SimulationEvent[] = [
			{ atMs: 302, kind: "state", server: 0, term: 2, isLeader: false },
			{ atMs: 302, kind: "crash", server: 0 },
			{ atMs: 302, kind: "disconnect", server: 0 },
		];
		for (const event of gone) {
			const tale = gaveUp(new Tale().stands(300, 0, 1, true).tell(event), 2_000);
			expect(sentences(tale), event.kind).to.include("S0 stands in term 1: it is not elected");
		}
		const others = gaveUp(new Tale().stands(300, 0, 1, true).tell({ atMs: 302, kind: "crash", server: 1 }), 2_000);
		expect(sentences(others).join()).to.include("S0, S1 and S2 vote for it");
	});

	it("is none if it only polled: its term had not grown, or it asked for different things", () => {
		const polled = new Tale().tell({ atMs: 250, kind: "state", server: 0, term: 1, isLeader: false });
		expect(sentences(gaveUp(polled.stands(300, 0, 1, true), 2_000)).join()).not.to.include("vote for it");
		const both = new Tale().stands(300, 0, 1, false).stands(400, 0, 1, true, { isPoll: true });
		expect(sentences(gaveUp(both, 2_000)).join()).not.to.include("vote for it");
	});

	it("is none if what looks like a yes may be something else", () => {
		const unclear = new Tale().stands(
			300,
			0,
			1,
			true,
			{},
			{ isLate: false, alreadyVoted: true, voteGranted: undefined },
		);
		expect(sentences(gaveUp(unclear, 2_000)).join()).not.to.include("vote for it");
		// Of several fields, the one that grants decides.
		const refused = new Tale().stands(300, 0, 1, false, {}, { alreadyVoted: true });
		expect(sentences(gaveUp(refused, 2_000))).to.include("S0 stands in term 1: S1 and S2 refuse");
	});

	it("may lead and not say so: it does what leaders do, and the others let it", () => {
		const led = (tale = new Tale()) => {
			tale.stands(300, 0, 1, true);
			for (let atMs = 301; atMs < 2_000; atMs += 100) tale.heartbeat(atMs, 0, 1, 1).heartbeat(atMs, 0, 2, 1);
			return tale;
		};
		const tale = gaveUp(led(), 2_000);
		expect(sentences(tale)).to.include(
			"S0 calls AppendEntries from here on (34 times), as leaders do, and the others hold no election; but it never says that it leads",
		);
		expect(causesOf(tale)[0]).to.equal("state-answers");
		// Whoever holds elections itself has not heard of a leader.
		// Nor does it lead if it does no more than it did before.
		const asksOn = led(new Tale().heartbeat(1, 0, 1, 0));
		expect(sentences(gaveUp(asksOn, 2_000)).join()).not.to.include("as leaders do");
		const disputed = gaveUp(led().stands(2_001, 1, 2, false), 2_100);
		expect(sentences(disputed).join()).not.to.include("as leaders do");
	});
});
