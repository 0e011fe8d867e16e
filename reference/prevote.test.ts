import { expect } from "chai";
import { followLeader } from "./append-entries.ts";
import { electionTimeout, handleReply } from "./core.ts";
import { handlePreVote } from "./prevote.ts";
import { takeEffects } from "./state.ts";
import { leader, server } from "./testing.ts";

const options = { preVote: true, electionTimeoutMinMs: 300 };
const ask = { term: 3, candidateId: 1, lastLogIndex: 1, lastLogTerm: 2 };

describe("pre-vote (thesis §9.6)", () => {
	it("raises no term and gives no vote until a majority would agree", () => {
		const state = server({ options, term: 4 });
		electionTimeout(state);
		const effects = takeEffects(state);
		expect([state.role, state.currentTerm, state.votedFor]).to.deep.equal(["preCandidate", 4, null]);
		expect(effects.save).to.equal(false);
		expect(effects.messages.map(({ method, args }) => [method, args.term])).to.deep.equal([
			["PreVote", 5],
			["PreVote", 5],
		]);
		const [message] = effects.messages;
		if (!message) throw new Error("no request");
		handleReply(state, message, { term: 4, voteGranted: true });
		expect([state.role, state.currentTerm, state.votedFor]).to.deep.equal(["candidate", 5, 0]);
		expect(takeEffects(state).messages.map(({ method }) => method)).to.deep.equal(["RequestVote", "RequestVote"]);
	});

	it("binds nobody who answers", () => {
		const state = server({ terms: [2] });
		expect(handlePreVote(state, ask)).to.deep.equal({ term: 2, voteGranted: true });
		expect([state.currentTerm, state.votedFor]).to.deep.equal([2, null]);
		expect(takeEffects(state)).to.deep.equal({
			save: false,
			resetElectionTimer: false,
			resetHeartbeatTimer: false,
			messages: [],
		});
	});

	it("is refused by a leader, and by a follower that has just heard one", () => {
		expect(handlePreVote(leader({ terms: [1] }), ask).voteGranted).to.equal(false);
		const state = server({ terms: [2], options });
		state.nowMs = 1000;
		followLeader(state, 2);
		state.nowMs = 1299;
		expect(handlePreVote(state, ask).voteGranted).to.equal(false);
		state.nowMs = 1300;
		expect(handlePreVote(state, ask).voteGranted).to.equal(true);
	});

	it("is refused to an old term and to a log that lacks something", () => {
		expect(handlePreVote(server({ terms: [2], term: 3 }), ask).voteGranted).to.equal(false);
		expect(handlePreVote(server({ terms: [2, 2] }), ask).voteGranted).to.equal(false);
	});

	it("brings the asking server to a higher term that it learns of", () => {
		const state = server({ options });
		electionTimeout(state);
		const [message] = takeEffects(state).messages;
		if (!message) throw new Error("no request");
		handleReply(state, message, { term: 8, voteGranted: false });
		expect([state.role, state.currentTerm]).to.deep.equal(["follower", 8]);
	});
});
