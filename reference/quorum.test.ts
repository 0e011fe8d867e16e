import { expect } from "chai";
import { handleReply, heartbeatTimeout } from "./core.ts";
import { takeEffects } from "./state.ts";
import { leader } from "./testing.ts";

const options = { electionTimeoutMaxMs: 600, heartbeatIntervalMs: 100 };

describe("check quorum (thesis §6.2)", () => {
	it("lets a leader go on while a majority answers, itself included", () => {
		const state = leader({ size: 5, options });
		const term = state.currentTerm;
		for (let nowMs = 100; nowMs <= 3000; nowMs += 100) {
			state.nowMs = nowMs;
			heartbeatTimeout(state);
			for (const message of takeEffects(state).messages.slice(0, 2)) {
				handleReply(state, message, { term, success: true, conflictTerm: null, conflictIndex: 0 });
			}
		}
		expect(state.role).to.equal("leader");
	});

	it("makes it step down, in its term and with its vote, when a majority has been silent for an election timeout", () => {
		const state = leader({ size: 5, options });
		const term = state.currentTerm;
		state.nowMs = 599;
		heartbeatTimeout(state);
		expect(state.role).to.equal("leader");
		const [message] = takeEffects(state).messages;
		if (!message) throw new Error("no heartbeat");
		handleReply(state, message, { term, success: true, conflictTerm: null, conflictIndex: 0 });
		state.nowMs = 600;
		heartbeatTimeout(state);
		expect([state.role, state.currentTerm, state.votedFor]).to.deep.equal(["follower", term, state.me]);
		expect(takeEffects(state)).to.deep.include({ resetElectionTimer: true, messages: [] });
	});

	it("can be switched off", () => {
		const state = leader({ size: 5, options: { ...options, checkQuorum: false } });
		state.nowMs = 60_000;
		heartbeatTimeout(state);
		expect(state.role).to.equal("leader");
	});
});
