import { expect } from "chai";
import { handleAppendEntries } from "./append-entries.ts";
import { electionTimeout, handleReply, heartbeatTimeout } from "./core.ts";
import { handleRequestVote, startElection } from "./elections.ts";
import { takeEffects } from "./state.ts";
import { elect, leader, server } from "./testing.ts";

const granted = (term: number) => ({ term, voteGranted: true });
const refused = (term: number) => ({ term, voteGranted: false });
const ask = (term: number, candidateId: number, lastLogIndex = 0, lastLogTerm = 0) => ({
	term,
	candidateId,
	lastLogIndex,
	lastLogTerm,
});

describe("elections (§5.2)", () => {
	it("begin with a new term, a vote for oneself that is saved, and a request to everyone else", () => {
		const state = server({ me: 1, size: 5, terms: [1, 2] });
		electionTimeout(state);
		const effects = takeEffects(state);
		expect([state.role, state.currentTerm, state.votedFor]).to.deep.equal(["candidate", 3, 1]);
		expect([effects.save, effects.resetElectionTimer]).to.deep.equal([true, true]);
		expect(effects.messages.map(({ to }) => to)).to.deep.equal([0, 2, 3, 4]);
		expect(effects.messages[0]?.args).to.deep.equal(ask(3, 1, 2, 2));
	});

	it("are won with more than half of all servers, not of those that answer", () => {
		const state = server({ size: 5 });
		startElection(state);
		const [one, two] = takeEffects(state).messages;
		if (!one || !two) throw new Error("no requests");
		handleReply(state, one, granted(1));
		handleReply(state, one, granted(1)); // the same vote again
		expect(state.role).to.equal("candidate");
		handleReply(state, two, granted(1));
		expect(state.role).to.equal("leader");
		const { messages } = takeEffects(state);
		expect(messages.map(({ method, to }) => `${method} ${to}`)).to.deep.equal(
			[1, 2, 3, 4].map((to) => `AppendEntries ${to}`),
		);
	});

	it("are won at once by a server that is alone", () => {
		const state = server({ size: 1 });
		electionTimeout(state);
		expect(state.role).to.equal("leader");
	});

	it("do not count votes from an election that is over", () => {
		const state = server();
		startElection(state);
		const old = takeEffects(state).messages;
		startElection(state);
		for (const message of old) handleReply(state, message, granted(1));
		expect(state.role).to.equal("candidate");
	});

	it("are given up for a leader of the same term", () => {
		const state = server();
		startElection(state);
		const late = takeEffects(state).messages;
		handleAppendEntries(state, { term: 1, leaderId: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 });
		expect([state.role, state.votedFor]).to.deep.equal(["follower", 0]);
		for (const message of late) handleReply(state, message, granted(1));
		expect(state.role).to.equal("follower");
	});

	it("are given up for a higher term, which is saved with no vote in it", () => {
		const state = server();
		startElection(state);
		const [message] = takeEffects(state).messages;
		if (!message) throw new Error("no request");
		handleReply(state, message, refused(7));
		expect([state.role, state.currentTerm, state.votedFor]).to.deep.equal(["follower", 7, null]);
		expect(takeEffects(state)).to.include({ save: true, resetElectionTimer: false });
	});

	it("ask again those who have not answered, and only those", () => {
		const state = server({ size: 5 });
		startElection(state);
		const [message] = takeEffects(state).messages;
		if (!message) throw new Error("no request");
		handleReply(state, message, refused(1));
		heartbeatTimeout(state);
		expect(takeEffects(state).messages.map(({ to }) => to)).to.deep.equal([2, 3, 4]);
	});

	it("are nothing to a leader, whose election timer may still be running", () => {
		const state = leader();
		electionTimeout(state);
		expect([state.role, state.currentTerm]).to.deep.equal(["leader", 1]);
	});

	it("make a new tracker for every peer", () => {
		const state = leader({ terms: [1, 1] });
		expect(state.trackers[1]).to.include({ nextIndex: 3, matchIndex: 0 });
	});
});

describe("votes (§5.2, §5.4.1)", () => {
	it("go to one candidate a term, and to the same one again", () => {
		const state = server();
		expect(handleRequestVote(state, ask(1, 1))).to.deep.equal(granted(1));
		expect(takeEffects(state)).to.include({ save: true, resetElectionTimer: true });
		expect(handleRequestVote(state, ask(1, 2))).to.deep.equal(refused(1));
		expect(handleRequestVote(state, ask(1, 1))).to.deep.equal(granted(1));
		expect(handleRequestVote(state, ask(2, 2))).to.deep.equal(granted(2));
	});

	it("are saved, also when the term is not new", () => {
		const state = server({ term: 1 });
		handleRequestVote(state, ask(1, 2));
		expect([state.votedFor, takeEffects(state).save]).to.deep.equal([2, true]);
	});

	it("are not given for an old term", () => {
		const state = server({ term: 5 });
		expect(handleRequestVote(state, ask(4, 1))).to.deep.equal(refused(5));
	});

	it("are not given twice when the log is better but the vote is gone", () => {
		const state = server({ terms: [1] });
		handleRequestVote(state, ask(2, 1, 1, 1));
		expect(handleRequestVote(state, ask(2, 2, 9, 1))).to.deep.equal(refused(2));
	});

	const cases: [why: string, lastLogIndex: number, lastLogTerm: number, voteGranted: boolean][] = [
		["a later last term, though shorter", 1, 3, true],
		["an earlier last term, though longer", 9, 1, false],
		["the same term and length", 3, 2, true],
		["the same term, longer", 4, 2, true],
		["the same term, shorter", 2, 2, false],
	];
	for (const [why, lastLogIndex, lastLogTerm, voteGranted] of cases) {
		it(`${voteGranted ? "go" : "do not go"} to a log with ${why}`, () => {
			const state = server({ terms: [1, 2, 2] });
			expect(handleRequestVote(state, ask(5, 1, lastLogIndex, lastLogTerm)).voteGranted).to.equal(voteGranted);
		});
	}

	it("look at the snapshot's end when there is nothing after it", () => {
		const state = server({ terms: [1, 2, 2] });
		state.log.compactTo(3);
		expect(handleRequestVote(state, ask(5, 1, 2, 2)).voteGranted).to.equal(false);
		expect(handleRequestVote(state, ask(5, 1, 3, 2)).voteGranted).to.equal(true);
	});

	it("buy time when given, not when refused, even where the term is new", () => {
		const state = server({ terms: [3] });
		handleRequestVote(state, ask(9, 1, 0, 0));
		expect(state.currentTerm).to.equal(9);
		expect(takeEffects(state)).to.include({ save: true, resetElectionTimer: false });
	});

	it("bring down a leader of an earlier term, which then needs its election timer again", () => {
		const state = leader();
		handleRequestVote(state, ask(9, 1, 0, 0));
		expect(state.role).to.equal("follower");
		expect(takeEffects(state).resetElectionTimer).to.equal(true);
		expect(elect(state)).to.have.length(2);
	});
});
