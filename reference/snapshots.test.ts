import { expect } from "chai";
import { handleAppendEntries } from "./append-entries.ts";
import { nextToApply } from "./applying.ts";
import { propose } from "./core.ts";
import { Log } from "./log.ts";
import type { InstallSnapshotArgs } from "./messages.ts";
import { replicateProposals } from "./replication.ts";
import { compact, handleInstallSnapshot } from "./snapshots.ts";
import { type ServerState, takeEffects } from "./state.ts";
import { converse, elect, entriesOf, server, termsOf, tracker } from "./testing.ts";

const data = Uint8Array.of(1, 2, 3);
const install = (lastIncludedIndex: number, lastIncludedTerm: number): InstallSnapshotArgs => {
	return { term: 9, leaderId: 1, lastIncludedIndex, lastIncludedTerm, data };
};

/** A server that has applied its first entries. */
function applied(terms: number[], count: number): ServerState {
	const state = server({ terms });
	state.commitIndex = count;
	while (nextToApply(state) !== undefined);
	return state;
}

/** What the service gets, in order: the index of a command, or that of a snapshot with an S. */
function deliveries(state: ServerState): string[] {
	const seen: string[] = [];
	for (let msg = nextToApply(state); msg !== undefined; msg = nextToApply(state)) {
		seen.push("commandValid" in msg ? `${msg.commandIndex}` : `S${msg.snapshotIndex}`);
	}
	return seen;
}

describe("compaction (§7)", () => {
	it("drops what the snapshot covers, and saves both", () => {
		const state = applied([1, 1, 2, 2], 3);
		compact(state, 2, data);
		expect([state.log.lastIncludedIndex, state.log.lastIncludedTerm]).to.deep.equal([2, 1]);
		expect(termsOf(state.log)).to.deep.equal([2, 2]);
		expect(state.snapshot).to.equal(data);
		expect(takeEffects(state).save).to.equal(true);
		expect(nextToApply(state)).to.equal(undefined);
	});

	it("ignores a snapshot older than the one there is", () => {
		const state = applied([1, 1, 2, 2], 3);
		compact(state, 3, data);
		takeEffects(state);
		compact(state, 2, Uint8Array.of(9));
		expect([state.log.lastIncludedIndex, state.snapshot]).to.deep.equal([3, data]);
		expect(takeEffects(state).save).to.equal(false);
	});

	it("refuses a snapshot of what was never handed out", () => {
		expect(() => compact(applied([1, 1], 1), 2, data)).to.throw(RangeError);
	});
});

describe("InstallSnapshot (figure 13)", () => {
	it("replaces a log that it does not fit", () => {
		const state = applied([1, 1, 2, 2], 1);
		handleInstallSnapshot(state, install(3, 3));
		expect([state.log.lastIndex, state.log.lastTerm, state.commitIndex]).to.deep.equal([3, 3, 3]);
		expect(takeEffects(state)).to.include({ save: true, resetElectionTimer: true });
		expect(deliveries(state)).to.deep.equal(["S3"]);
	});

	it("keeps the entries that follow it in a log that it fits", () => {
		const state = applied([1, 1, 2, 2], 1);
		handleInstallSnapshot(state, install(3, 2));
		expect(termsOf(state.log)).to.deep.equal([2]);
		expect(state.log.lastIndex).to.equal(4);
	});

	it("is stale when all of it is committed here, applied or not", () => {
		const state = applied([1, 1, 2, 2], 1);
		state.commitIndex = 3;
		expect(handleInstallSnapshot(state, install(3, 2))).to.deep.equal({ term: 9 });
		expect(state.log.lastIncludedIndex).to.equal(0);
		expect(deliveries(state)).to.deep.equal(["2", "3"]);
	});

	it("is refused from an old leader", () => {
		const state = server({ term: 10 });
		expect(handleInstallSnapshot(state, install(3, 3))).to.deep.equal({ term: 10 });
		expect(state.log.lastIndex).to.equal(0);
	});

	it("reaches the service before any later entry, and instead of any earlier one", () => {
		const state = server({ terms: [1, 1, 1] });
		state.commitIndex = 3;
		expect(nextToApply(state)).to.include({ commandIndex: 1 });
		handleInstallSnapshot(state, install(5, 2)); // while the service is still busy with 1
		handleAppendEntries(state, {
			term: 9,
			leaderId: 1,
			prevLogIndex: 5,
			prevLogTerm: 2,
			entries: entriesOf([9], 6),
			leaderCommit: 6,
		});
		compact(state, 1, Uint8Array.of(9)); // the service's own snapshot of 1 comes too late
		expect(state.snapshot).to.equal(data);
		expect(deliveries(state)).to.deep.equal(["S5", "6"]);
	});

	it("is not delivered again after a restart: the service has restored it by itself", () => {
		const state = server({ log: new Log(5, 2, entriesOf([3], 6)) });
		expect([state.commitIndex, state.lastApplied]).to.deep.equal([5, 5]);
		expect(nextToApply(state)).to.equal(undefined);
	});
});

describe("replication at the snapshot's edge", () => {
	/** A leader whose log begins after index 3, and its follower. */
	function pair(followerTerms: number[]) {
		const log = new Log(3, 1, entriesOf([2, 2], 4));
		const top = server({ size: 2, me: 0, log, options: { announceCommits: true } });
		top.snapshot = data;
		const follower = server({ size: 2, me: 1, terms: followerTerms });
		return { top, follower };
	}

	it("brings a follower that lacks compacted entries the snapshot, then the rest", () => {
		const { top, follower } = pair([1]);
		const heartbeats = elect(top);
		propose(top, "new");
		converse(top, follower, heartbeats);
		expect(follower.log.lastIncludedIndex).to.equal(3);
		expect(follower.log.entriesFrom(4)).to.deep.equal(top.log.entriesFrom(4));
		expect(tracker(top, 1).matchIndex).to.equal(6);
		expect(deliveries(follower)).to.deep.equal(["S3", "4", "5", "6"]);
	});

	it("needs no snapshot when the follower has all that was compacted", () => {
		const { top, follower } = pair([1, 1, 1]);
		converse(top, follower, elect(top));
		expect(follower.log.lastIncludedIndex).to.equal(0);
		expect(termsOf(follower.log)).to.deep.equal([1, 1, 1, 2, 2]);
	});

	it("takes up a silent peer again without repeating the snapshot to it meanwhile", () => {
		const { top, follower } = pair([1]);
		elect(top);
		tracker(top, 1).nextIndex = 2;
		tracker(top, 1).awaited = null;
		top.nowMs = 700;
		replicateProposals(top);
		expect(takeEffects(top).messages).to.deep.equal([]);
		tracker(top, 1).lastReplyMs = 699;
		replicateProposals(top);
		const { messages } = takeEffects(top);
		expect(messages.map(({ method }) => method)).to.deep.equal(["InstallSnapshot"]);
		converse(top, follower, messages);
		expect(termsOf(follower.log)).to.deep.equal([2, 2]);
	});

	it("accepts entries that begin inside the follower's own snapshot", () => {
		const state = server({ log: new Log(5, 2, []) });
		const args = {
			term: 9,
			leaderId: 1,
			prevLogIndex: 2,
			prevLogTerm: 1,
			entries: entriesOf([1, 2, 2, 9], 3),
			leaderCommit: 6,
		};
		expect(handleAppendEntries(state, args).success).to.equal(true);
		expect([termsOf(state.log), state.commitIndex]).to.deep.equal([[9], 6]);
	});

	it("accepts entries that end inside it, and changes nothing", () => {
		const state = server({ log: new Log(5, 2, entriesOf([2], 6)) });
		const args = { term: 2, leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: entriesOf([1], 3), leaderCommit: 3 };
		expect(handleAppendEntries(state, args).success).to.equal(true);
		expect([state.log.lastIndex, state.commitIndex]).to.deep.equal([6, 5]);
		expect(takeEffects(state).save).to.equal(false);
	});
});
