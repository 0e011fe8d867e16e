import { expect } from "chai";
import { advanceCommitIndex } from "./commitment.ts";
import { handleReply, propose } from "./core.ts";
import { startElection } from "./elections.ts";
import { replicateProposals } from "./replication.ts";
import { type ServerState, takeEffects } from "./state.ts";
import { converse, elect, leader, server, termsOf, tracker } from "./testing.ts";

/** Sets what the peers (1, 2, …) are known to have. */
function setMatch(state: ServerState, ...matchIndexes: number[]): void {
	for (const [i, matchIndex] of matchIndexes.entries()) tracker(state, i + 1).matchIndex = matchIndex;
	advanceCommitIndex(state);
}

describe("commitment by counting (§5.3)", () => {
	it("takes the highest index that more than half have, the leader included", () => {
		const state = leader({ size: 5 });
		for (const command of ["a", "b", "c", "d"]) propose(state, command);
		setMatch(state, 4, 0, 0, 0);
		expect(state.commitIndex).to.equal(0);
		setMatch(state, 4, 2, 0, 0);
		expect(state.commitIndex).to.equal(2);
		setMatch(state, 4, 2, 3, 0);
		expect(state.commitIndex).to.equal(3);
	});

	it("needs more than half of an even number as well", () => {
		const state = leader({ size: 4 });
		propose(state, "a");
		setMatch(state, 1, 0, 0);
		expect(state.commitIndex).to.equal(0);
		setMatch(state, 1, 1, 0);
		expect(state.commitIndex).to.equal(1);
	});

	it("is immediate for a server that is alone", () => {
		const state = server({ size: 1 });
		startElection(state);
		propose(state, "a");
		replicateProposals(state);
		expect(state.commitIndex).to.equal(1);
	});
});

describe("figure 8 (§5.4.2)", () => {
	it("(c): does not commit an entry of an earlier term because it is on a majority", () => {
		const s1 = leader({ size: 5, terms: [1, 2], term: 3 }); // leads term 4
		setMatch(s1, 2, 2, 0, 0);
		expect(s1.commitIndex).to.equal(0);
	});

	it("(e): commits it together with an entry of its own term", () => {
		const s1 = leader({ size: 5, terms: [1, 2], term: 3 });
		propose(s1, "4@3");
		setMatch(s1, 3, 3, 0, 0);
		expect(s1.commitIndex).to.equal(3);
	});

	it("(d): so that another leader may still overwrite it, and nobody has applied it", () => {
		const servers = [[1, 2], [1, 2], [1], [1], [1, 3]].map((terms, me) => server({ me, size: 5, terms, term: 3 }));
		const [s1, s2, s3, , s5] = servers as [ServerState, ServerState, ServerState, ServerState, ServerState];
		const heartbeats = elect(s1); // (c): term 4; S1 brings S3 its entry of term 2
		for (const follower of [s2, s3]) converse(s1, follower, heartbeats);
		expect([s1, s2, s3].map(({ log }) => termsOf(log))).to.deep.equal([
			[1, 2],
			[1, 2],
			[1, 2],
		]);

		startElection(s5); // (d): S5's last term is later, so it may win
		startElection(s5); // (term 4 is taken)
		const requests = takeEffects(s5).messages.filter(({ args }) => args.term === 5);
		for (const voter of [s2, s3]) converse(s5, voter, requests);
		expect([s5.role, s5.currentTerm]).to.deep.equal(["leader", 5]);
		propose(s5, "5@3");
		tracker(s5, 2).awaited = null;
		replicateProposals(s5);
		converse(s5, s3, takeEffects(s5).messages);
		expect(termsOf(s3.log)).to.deep.equal([1, 3, 5]);
		expect([s1, s2, s3].map((state) => state.commitIndex)).to.deep.equal([0, 0, 0]);
	});

	it("holds for replies as for any other way to count", () => {
		const s1 = server({ size: 3, terms: [2], term: 3 });
		for (const message of elect(s1)) {
			handleReply(s1, message, { term: 4, success: true, conflictTerm: null, conflictIndex: 0 });
		}
		expect(tracker(s1, 1).matchIndex).to.equal(1);
		expect(s1.commitIndex).to.equal(0);
	});
});
