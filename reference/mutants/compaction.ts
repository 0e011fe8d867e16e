import type { Mutant } from "./mutant.ts";

/** A server's own snapshots: a log that doesn't begin at its beginning, and what takes the place of what is gone. */
export const compaction: readonly Mutant[] = [
	{
		id: "log-not-trimmed",
		family: "snapshots",
		causes: ["log-not-trimmed"],
		breaks: "limits",
		mistake: "A snapshot is kept, but the log that it replaces is kept as well.",
		story:
			"Once the snapshot is complete, the server discards all log entries up to its last index (§7). Keeping them is safe and spares all trouble with indices. It is also what snapshots are there to avoid: the log grows without bound.",
		edits: [{ file: "snapshots.ts", find: "state.log.compactTo(index);", replace: "" }],
		caughtBy: { test: "SnapshotBasic", schedule: "calm" },
	},
	{
		id: "array-position-for-index",
		family: "snapshots",
		causes: ["snapshot-offset"],
		breaks: "safety",
		mistake: "The entry to be applied is looked up by its log index in an array that no longer begins at index 1.",
		story:
			"After compaction the log begins after lastIncludedIndex (§7), and every access must take that off. Code from part 2B is full of log[index]; one of them is always left over.",
		edits: [
			{
				file: "log.ts",
				find: "\tentryAt(index: number): Entry {\n\t\tconst entry = this.#entries[index - this.#lastIncludedIndex - 1];",
				replace: "\tentryAt(index: number): Entry {\n\t\tconst entry = this.#entries[index - 1];",
			},
		],
		caughtBy: { test: "SnapshotBasic", schedule: "calm" },
	},
	{
		id: "last-index-is-the-length",
		family: "snapshots",
		causes: ["snapshot-offset"],
		breaks: "safety",
		mistake: "The last index is the number of entries in memory.",
		story:
			"Indices go on after a snapshot as if nothing had been discarded (§7). The length of the array was the last index all through parts 2B and 2C. After the first snapshot, new commands get indices that are taken.",
		edits: [
			{
				file: "log.ts",
				find: "return this.#lastIncludedIndex + this.#entries.length;",
				replace: "return this.#entries.length;",
			},
		],
		caughtBy: { test: "SnapshotBasic", schedule: "calm" },
	},
	{
		id: "term-lost-at-the-edge",
		family: "snapshots",
		causes: ["snapshot-offset"],
		breaks: "liveness",
		mistake: "A server doesn't know the term at its snapshot's last index, since the entry there is gone.",
		story:
			"The last included index and term are kept for the consistency check of the first entry after the snapshot (§7). Keeping the index is unavoidable; the term is only missed when an AppendEntries begins exactly there, and then the check fails for ever.",
		edits: [
			{
				file: "log.ts",
				find: "if (index === this.#lastIncludedIndex) return this.#lastIncludedTerm;",
				replace: "if (index === 0) return 0;",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "race" },
	},
	{
		id: "emptied-log-has-term-zero",
		family: "snapshots",
		causes: ["snapshot-offset", "log-comparison"],
		breaks: "safety",
		mistake: "When a snapshot has replaced the whole log, a server takes the term of its last entry to be 0.",
		story:
			"A log that ends with the snapshot ends with its last included index and term (§7), in votes too (§5.4.1). The last entry of an empty array has no term, and 0 was right when nothing had ever been written. Such a server votes for candidates that lack what is in its snapshot.",
		edits: [
			{
				file: "log.ts",
				find: "return this.#entries.at(-1)?.term ?? this.#lastIncludedTerm;",
				replace: "return this.#entries.at(-1)?.term ?? 0;",
			},
		],
		caughtBy: { test: "NothingButASnapshot", schedule: "calm" },
	},
	{
		id: "state-saved-without-snapshot",
		family: "snapshots",
		causes: ["snapshot-saved"],
		breaks: "safety",
		mistake: "Whenever the Raft state is saved, an empty snapshot is saved with it.",
		story:
			"A server restarts from its snapshot and the log after it (§7). persister.save() replaces both, and the calls that were written for part 2C have no snapshot to give. The first vote or entry after a snapshot wipes it out.",
		edits: [
			{
				file: "persistence.ts",
				find: "this.#persister.save(this.#bytes.subarray(0, this.#end), state.snapshot);",
				replace: "this.#persister.save(this.#bytes.subarray(0, this.#end), new Uint8Array());",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "calm" },
	},
	{
		id: "snapshot-not-read-back",
		family: "snapshots",
		causes: ["snapshot-saved"],
		breaks: "safety",
		mistake: "make() reads the Raft state, but not the snapshot.",
		story:
			"A server restarts from its snapshot and the log after it (§7). The service loads the snapshot by itself, and so the first restart goes well. But with its next save the server puts the empty snapshot that it knows in place of the real one; the second restart begins with nothing.",
		edits: [
			{
				file: "persistence.ts",
				find: "snapshot: this.#persister.readSnapshot(),",
				replace: "snapshot: new Uint8Array(),",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "calm" },
	},
	{
		id: "snapshot-position-not-saved",
		family: "snapshots",
		causes: ["snapshot-saved"],
		breaks: "safety",
		mistake: "The snapshot's last index and term are not saved with the Raft state.",
		story:
			"The last included index and term belong to the persistent state as soon as there is a snapshot (§7). They are not among the three fields of figure 2. After a restart the log seems to begin at index 1, and its entries are applied where others have long been.",
		edits: [
			{
				file: "persistence.ts",
				find: "log.lastIncludedIndex, log.lastIncludedTerm];",
				replace: "0, 0];",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "calm" },
	},
	{
		id: "snapshot-with-the-latest-term",
		family: "snapshots",
		causes: ["snapshot-offset"],
		breaks: "safety",
		mistake: "A snapshot gets the term of the log's last entry, not of the entry at its last index.",
		story:
			"The last included term is the term of the entry at the last included index (§7, figure 13). When the service makes a snapshot that is mostly the current term, and nothing has to be looked up. If a new term has begun since, the index and the term together name an entry that never was, and logs that agree seem not to. Seen in d-engine: https://github.com/deventlab/d-engine/issues/418",
		edits: [{ file: "log.ts", find: "const term = this.entryAt(index).term;", replace: "const term = this.lastTerm;" }],
		caughtBy: { test: "SnapshotAcrossTerms", schedule: "calm" },
		hiddenBecause:
			"A term must change between the entry that a snapshot ends with and the next one, while a server that has the entry misses the snapshot. In the labs leaders rarely change just there.",
	},
	{
		id: "late-snapshot-of-the-service-not-expected",
		family: "snapshots",
		causes: ["applied-and-snapshots"],
		breaks: "liveness",
		mistake: "snapshot() fails if the log no longer has the entry at its index.",
		story:
			"Servers take snapshots independently, and may receive one from the leader (§7). If that reaches further, the one of the service comes too late, and must simply be ignored. On a good network the two never meet.",
		edits: [
			{
				file: "snapshots.ts",
				find: "if (index <= state.log.lastIncludedIndex) return; // a leader's snapshot, installed meanwhile, covers it\n",
				replace: "",
			},
		],
		caughtBy: { test: "SnapshotRaces", schedule: "calm" },
		hiddenBecause:
			"The labs' service makes its snapshots at once. That it calls snapshot() in the very instant in which a leader's snapshot is installed is a matter of microseconds.",
	},
	{
		id: "log-cut-at-what-is-applied",
		family: "snapshots",
		causes: ["applied-and-snapshots", "snapshot-saved"],
		breaks: "safety",
		mistake: "snapshot() discards everything that has been applied, not only what is in the snapshot.",
		story:
			"The server discards the entries up to the snapshot's last included index (§7). What has been applied has been applied, and the snapshot seems to hold all of it. If the server has handed out more by the time of the call, entries are discarded that are neither in the log nor in the snapshot.",
		edits: [
			{ file: "snapshots.ts", find: "state.log.compactTo(index);", replace: "state.log.compactTo(state.lastApplied);" },
		],
		caughtBy: { test: "SnapshotOfThePast", schedule: "calm" },
	},
	{
		id: "snapshot-though-the-entry-is-there",
		family: "snapshots",
		causes: ["snapshot-sending"],
		breaks: "limits",
		mistake: "A leader sends its snapshot to a follower that has all of it, and needs the entry right after it.",
		story:
			"A snapshot is only sent if the leader has discarded the next entry that the follower needs (§7). prevLogIndex has been discarded, and it seems that the consistency check can't be made. But index and term of the last included entry are kept for just that. The follower is sent what it has, again and again, and never the next entry.",
		edits: [
			{
				file: "replication.ts",
				find: "if (tracker.nextIndex <= log.lastIncludedIndex && !isBare) {",
				replace: "if (log.lastIncludedIndex > 0 && tracker.nextIndex <= log.lastIncludedIndex + 1 && !isBare) {",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "calm" },
	},
];
