import { expect } from "chai";
import fc from "fast-check";
import { Log } from "./log.ts";
import { Storage } from "./persistence.ts";
import type { PersistentState } from "./state.ts";
import { entriesOf } from "./testing.ts";

/** Stable storage that can be read again, like the harness's. */
function memory() {
	let saved = { raftState: new Uint8Array(), snapshot: new Uint8Array() };
	return {
		save(raftState: Uint8Array, snapshot: Uint8Array) {
			saved = { raftState: raftState.slice(), snapshot: snapshot.slice() };
		},
		readRaftState: () => saved.raftState.slice(),
		readSnapshot: () => saved.snapshot.slice(),
		raftStateSize: () => saved.raftState.length,
		snapshotSize: () => saved.snapshot.length,
	};
}

/** Everything that must survive, as one comparable value. */
function contents({ currentTerm, votedFor, log, snapshot }: PersistentState) {
	const entries = log.entriesFrom(log.lastIncludedIndex + 1);
	return { currentTerm, votedFor, entries, snapshot, base: [log.lastIncludedIndex, log.lastIncludedTerm] };
}

const fresh = (): PersistentState => ({ currentTerm: 0, votedFor: null, log: new Log(), snapshot: new Uint8Array() });

describe("Storage", () => {
	it("gives a new server term 0, no vote and an empty log", () => {
		expect(contents(new Storage(memory()).load())).to.deep.equal(contents(fresh()));
	});

	it("tells a vote for server 0 from no vote", () => {
		const persister = memory();
		new Storage(persister).save({ ...fresh(), currentTerm: 3, votedFor: 0 });
		expect(new Storage(persister).load()).to.include({ currentTerm: 3, votedFor: 0 });
	});

	it("stays far below the labs' limit with the 25 entries that can be present", () => {
		const persister = memory();
		const entries = Array.from({ length: 25 }, (_, i) => ({ term: 100, command: Number.MAX_SAFE_INTEGER - i }));
		new Storage(persister).save({ ...fresh(), log: new Log() });
		const log = new Log();
		for (const entry of entries) log.append(entry);
		new Storage(persister).save({ ...fresh(), log });
		expect(persister.raftStateSize()).to.be.lessThan(1500);
	});

	it("gives back what was last saved, whatever happened to the log between", () => {
		const change = fc.record({
			kind: fc.constantFrom("append", "conflict", "compact", "install", "restart", "vote"),
			share: fc.double({ min: 0, max: 1, noNaN: true }),
			isSaved: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(change, { maxLength: 40, size: "max" }), (changes) => {
				const persister = memory();
				let storage = new Storage(persister);
				let state = storage.load();
				for (const { kind, share, isSaved } of changes) {
					const { log } = state;
					const first = log.lastIncludedIndex + 1;
					const somewhere = first + Math.floor(share * (log.lastIndex + 1 - first));
					const term = log.lastTerm + 1;
					if (kind === "append") log.append({ term, command: "x".repeat(Math.floor(share * 5000)) });
					if (kind === "conflict") log.merge(somewhere - 1, entriesOf([term, term], somewhere));
					if (kind === "compact" && somewhere <= log.lastIndex) log.compactTo(somewhere);
					if (kind === "install") log.restartAfter(somewhere, term);
					if (kind === "vote") Object.assign(state, { currentTerm: term, votedFor: 1, snapshot: Uint8Array.of(term) });
					if (isSaved || kind === "restart") {
						storage.save(state);
						expect(contents(new Storage(persister).load())).to.deep.equal(contents(state));
					}
					if (kind === "restart") {
						storage = new Storage(persister);
						state = storage.load();
					}
				}
			}),
		);
	});
});
