import { expect } from "chai";
import { findElections } from "./elections.ts";
import { readHistory } from "./history.ts";
import { needlessElections } from "./needless.ts";
import { tellStandstill } from "./stuck.ts";
import { Tale } from "./testing/tale.ts";

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
		const tale = new Tale().elected(100, 0, 1).heartbeat(110, 0, 1, 1);
		tale.tell({ atMs: 150, kind: "state", server: 0, term: 1, isLeader: false });
		tale.elected(200, 0, 2).stands(500, 1, 3, false);
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
