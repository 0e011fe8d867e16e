import { expect } from "chai";
import { handleAppendEntries } from "./append-entries.ts";
import { handleReply, heartbeatTimeout, propose } from "./core.ts";
import type { AppendEntriesArgs, AppendEntriesReply, Message } from "./messages.ts";
import { replicateProposals } from "./replication.ts";
import { type ServerState, takeEffects } from "./state.ts";
import { converse, elect, entriesOf, leader, server, termsOf, tracker } from "./testing.ts";

const accepted = (term: number): AppendEntriesReply => ({ term, success: true, conflictTerm: null, conflictIndex: 0 });

type AppendEntries = Extract<Message, { method: "AppendEntries" }>;

/** The AppendEntries among what the server has to send to a peer. */
function appendsTo(state: ServerState, peer: number): AppendEntries[] {
	return takeEffects(state).messages.filter(
		(message): message is AppendEntries => message.to === peer && message.method === "AppendEntries",
	);
}

function only<T>(items: T[]): T {
	const [item] = items;
	if (item === undefined || items.length !== 1) throw new Error(`expected one, got ${items.length}`);
	return item;
}

describe("log back-up (figure 7, end of §5.3)", () => {
	const followers: [name: string, terms: number[], refusals: number][] = [
		["a: lacks an entry", [1, 1, 1, 4, 4, 5, 5, 6, 6], 1],
		["b: lacks many", [1, 1, 1, 4], 1],
		["c: has one too many", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], 0],
		["d: has another term's too", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], 0],
		["e: more of a term that the leader has, nothing of the next", [1, 1, 1, 4, 4, 4, 4], 2],
		["f: two terms that the leader never had", [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], 2],
	];
	for (const [name, terms, refusals] of followers) {
		it(`brings follower ${name} in line, refusing ${refusals} times`, () => {
			const options = { announceCommits: true };
			const top = server({ size: 2, me: 0, terms: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6], term: 7, options });
			const follower = server({ size: 2, me: 1, terms, term: 7 });
			const heartbeats = elect(top);
			propose(top, "new");
			const replies = converse(top, follower, heartbeats) as AppendEntriesReply[];
			expect(replies.filter((reply) => !reply.success)).to.have.length(refusals);
			expect(follower.log.entriesFrom(1)).to.deep.equal(top.log.entriesFrom(1));
			expect(tracker(top, 1)).to.include({ matchIndex: 11, nextIndex: 12 });
			expect([top.commitIndex, follower.commitIndex]).to.deep.equal([11, 11]);
		});
	}
});

describe("a leader's next try after a refusal (end of §5.3)", () => {
	/** Where the leader of figure 7 goes when a follower refuses entry 10. */
	function nextIndexAfter(conflictTerm: number | null, conflictIndex: number): number {
		const state = leader({ terms: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6], term: 7 });
		heartbeatTimeout(state);
		handleReply(state, only(appendsTo(state, 1)), { term: 8, success: false, conflictTerm, conflictIndex });
		return tracker(state, 1).nextIndex;
	}

	it("is after its own last entry of the follower's term, if it has one", () => {
		expect(nextIndexAfter(4, 4)).to.equal(6);
		expect(nextIndexAfter(1, 1)).to.equal(4);
	});

	it("is where the follower's term begins, if it has none", () => {
		expect(nextIndexAfter(3, 7)).to.equal(7);
		expect(nextIndexAfter(7, 9)).to.equal(9);
	});

	it("is after the follower's last entry, if that comes first", () => {
		expect(nextIndexAfter(null, 5)).to.equal(5);
	});
});

describe("a follower's consistency check (figure 2, AppendEntries)", () => {
	const append = (args: Partial<AppendEntriesArgs>): AppendEntriesArgs => {
		return { term: 5, leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0, ...args };
	};

	it("refuses an old leader, and does not wait any longer because of it", () => {
		const state = server({ term: 6 });
		expect(handleAppendEntries(state, append({}))).to.include({ term: 6, success: false });
		expect(takeEffects(state).resetElectionTimer).to.equal(false);
	});

	it("refuses what does not fit, yet takes the sender for its leader", () => {
		const state = server({ terms: [1, 2, 2] });
		const reply = handleAppendEntries(state, append({ prevLogIndex: 3, prevLogTerm: 4 }));
		expect(reply).to.deep.equal({ term: 5, success: false, conflictTerm: 2, conflictIndex: 2 });
		expect(takeEffects(state)).to.include({ save: true, resetElectionTimer: true });
		expect(termsOf(state.log)).to.deep.equal([1, 2, 2]);
	});

	it("names the first index that it lacks", () => {
		const state = server({ terms: [1] });
		const reply = handleAppendEntries(state, append({ prevLogIndex: 4, prevLogTerm: 1 }));
		expect(reply).to.deep.equal({ term: 5, success: false, conflictTerm: null, conflictIndex: 2 });
	});

	it("commits no further than the request vouches for", () => {
		const state = server({ terms: [1, 1, 2, 2] });
		handleAppendEntries(
			state,
			append({ prevLogIndex: 1, prevLogTerm: 1, entries: entriesOf([1], 2), leaderCommit: 4 }),
		);
		expect(state.commitIndex).to.equal(2);
	});

	it("never takes a commit back", () => {
		const state = server({ terms: [1, 1, 1] });
		handleAppendEntries(state, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }));
		handleAppendEntries(state, append({ prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 2 }));
		expect(state.commitIndex).to.equal(3);
	});

	it("saves nothing for a heartbeat", () => {
		const state = server({ terms: [5] });
		handleAppendEntries(state, append({ prevLogIndex: 1, prevLogTerm: 5 }));
		expect(takeEffects(state).save).to.equal(false);
	});
});

describe("a leader's sending (§5.3)", () => {
	it("puts all that was proposed meanwhile into one request a peer", () => {
		const state = leader();
		const results = ["a", "b", "c"].map((command) => propose(state, command));
		expect(results.map(({ index }) => index)).to.deep.equal([1, 2, 3]);
		expect(takeEffects(state)).to.deep.include({ save: true, messages: [] });
		replicateProposals(state);
		expect(only(appendsTo(state, 1)).args.entries.map(({ command }) => command)).to.deep.equal(["a", "b", "c"]);
	});

	it("does not send entries twice while it may still hear that they have arrived", () => {
		const state = leader();
		propose(state, "a");
		replicateProposals(state);
		const first = only(appendsTo(state, 1));
		propose(state, "b");
		replicateProposals(state);
		expect(appendsTo(state, 1)).to.deep.equal([]);
		handleReply(state, first, accepted(1));
		expect(only(appendsTo(state, 1)).args).to.deep.include({ prevLogIndex: 1, entries: [{ term: 1, command: "b" }] });
	});

	it("has one round under way with a peer, however slow its answers are", () => {
		const top = leader({ size: 3, terms: [1], term: 1 });
		propose(top, "a");
		replicateProposals(top);
		const slow = only(appendsTo(top, 1));
		heartbeatTimeout(top);
		const latest = only(appendsTo(top, 1));
		propose(top, "b");
		handleReply(top, slow, accepted(2)); // no news: what was asked last has not been answered
		expect(appendsTo(top, 1)).to.deep.equal([]);
		expect(tracker(top, 1).matchIndex).to.equal(2);
		handleReply(top, latest, accepted(2));
		expect(only(appendsTo(top, 1)).args.entries.map(({ command }) => command)).to.deep.equal(["b"]);
	});

	it("tries again what was lost, with the next heartbeat and not before", () => {
		const state = leader();
		propose(state, "a");
		replicateProposals(state);
		handleReply(state, only(appendsTo(state, 1)), undefined);
		expect(appendsTo(state, 1)).to.deep.equal([]);
		heartbeatTimeout(state);
		expect(only(appendsTo(state, 1)).args.entries).to.have.length(1);
	});

	it("sends bare heartbeats to a peer that has long been silent", () => {
		const state = leader({ size: 5 });
		propose(state, "a");
		state.nowMs = 600;
		for (const peer of [2, 3, 4]) tracker(state, peer).lastReplyMs = 599;
		heartbeatTimeout(state);
		const probe = only(appendsTo(state, 1));
		expect(probe.args.entries).to.deep.equal([]);
		handleReply(state, probe, accepted(1));
		expect(only(appendsTo(state, 1)).args.entries).to.have.length(1);
	});

	it("tells what has been committed at once, or with the next request", () => {
		for (const announceCommits of [true, false]) {
			const state = leader({ options: { announceCommits } });
			propose(state, "a");
			replicateProposals(state);
			handleReply(state, only(appendsTo(state, 1)), accepted(1));
			const sent = appendsTo(state, 1).map(({ args }) => args.leaderCommit);
			expect(sent).to.deep.equal(announceCommits ? [1] : []);
		}
	});

	it("stops when it is no longer the leader", () => {
		const state = leader();
		propose(state, "a");
		takeEffects(state);
		handleAppendEntries(state, { term: 9, leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 });
		replicateProposals(state);
		heartbeatTimeout(state);
		expect(takeEffects(state).messages).to.deep.equal([]);
		expect(propose(state, "b").isLeader).to.equal(false);
		expect(termsOf(state.log)).to.deep.equal([1]);
	});
});

describe("stale replies", () => {
	/** A leader of term 2 with three entries, and its first request to peer 1, which carries the third. */
	function withRequest() {
		const state = leader({ terms: [1, 1] });
		propose(state, "c");
		replicateProposals(state);
		return { state, request: only(appendsTo(state, 1)) };
	}

	it("of an earlier term say nothing about this one", () => {
		const { state, request } = withRequest();
		handleReply(state, request, accepted(9));
		elect(state);
		handleReply(state, request, accepted(2));
		expect(tracker(state, 1)).to.include({ matchIndex: 0, nextIndex: 4 });
	});

	it("vouch for what was sent, not for what was proposed since", () => {
		const { state, request } = withRequest();
		propose(state, "d");
		handleReply(state, request, accepted(2));
		expect(tracker(state, 1).matchIndex).to.equal(3);
		expect(state.commitIndex).to.equal(3);
	});

	it("take nothing back when they arrive in the wrong order", () => {
		const { state, request } = withRequest();
		propose(state, "d");
		heartbeatTimeout(state);
		handleReply(state, only(appendsTo(state, 1)), accepted(2));
		handleReply(state, request, accepted(2));
		expect(tracker(state, 1)).to.include({ matchIndex: 4, nextIndex: 5 });
	});

	it("that refuse what has been accepted since are ignored, and not answered", () => {
		const { state, request } = withRequest();
		const refusal = { term: 2, success: false, conflictTerm: null, conflictIndex: 1 };
		handleReply(state, request, accepted(2));
		takeEffects(state);
		propose(state, "d");
		handleReply(state, request, refusal);
		handleReply(state, { ...request, args: { ...request.args, prevLogIndex: 3 } }, refusal);
		expect(tracker(state, 1)).to.include({ matchIndex: 3, nextIndex: 4 });
		expect(takeEffects(state).messages).to.deep.equal([]);
	});

	it("that refuse a guess already lowered do not raise it again", () => {
		const state = leader({ terms: [1, 1, 1, 1, 1] });
		heartbeatTimeout(state);
		const first = only(appendsTo(state, 1));
		handleReply(state, first, { term: 2, success: false, conflictTerm: null, conflictIndex: 2 });
		expect(tracker(state, 1).nextIndex).to.equal(2);
		handleReply(state, first, { term: 2, success: false, conflictTerm: null, conflictIndex: 4 });
		expect(tracker(state, 1).nextIndex).to.equal(2);
	});
});
