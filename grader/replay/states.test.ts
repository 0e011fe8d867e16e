import { expect } from "chai";
import type { JournalEvent } from "./journal-schema.ts";
import { States } from "./states.ts";
import { sampleJournal } from "./testing/journals.ts";

describe("the states of a run", () => {
	it("follow what happens at a server", () => {
		const events: JournalEvent[] = [
			{ atMs: 0, kind: "boot", server: 0, incarnation: 0 },
			{ atMs: 0, kind: "connect", server: 0 },
			{ atMs: 5, kind: "state", server: 0, term: 2, isLeader: true },
			{ atMs: 6, kind: "start", server: 0, command: "1", index: 4, term: 2, isLeader: true },
			{ atMs: 7, kind: "save", server: 0, stateBytes: 30, snapshotBytes: 9 },
			{ atMs: 8, kind: "apply", server: 0, index: 4, command: "1" },
			{ atMs: 9, kind: "pause", server: 0, forMs: 10 },
			{ atMs: 10, kind: "crash", server: 0 },
			{ atMs: 12, kind: "boot", server: 0, incarnation: 1 },
		];
		const states = new States(events, 2);
		expect(states.after(-1).servers[0]).to.include({ isUp: false, incarnation: -1 });
		expect(states.after(6)).to.deep.include({ committed: 4 });
		expect(states.after(6).servers[0]).to.deep.equal({
			isUp: true,
			isConnected: true,
			incarnation: 0,
			pausedUntilMs: 19,
			term: 2,
			isLeader: true,
			lastIndex: 4,
			applied: 4,
			snapshotIndex: 0,
			stateBytes: 30,
			snapshotBytes: 9,
		});
		expect(states.after(7).servers[0]).to.include({ isUp: false, isLeader: false });
		// What was applied in an earlier life stays committed.
		expect(states.after(99).servers[0]).to.include({ isUp: true, incarnation: 1, applied: 0, stateBytes: 30 });
		expect(states.after(99).committed).to.equal(4);
		expect(states.after(99).servers[1]).to.include({ incarnation: -1 });
	});

	it("are the same wherever in the run one begins to ask", async () => {
		const { events, servers } = await sampleJournal("snapshots");
		const states = new States(events, servers);
		for (const index of [0, 498, 499, 500, 501, 2000, events.length - 1]) {
			expect(states.after(index)).to.deep.equal(new States(events.slice(0, index + 1), servers).after(index));
		}
	});
});
