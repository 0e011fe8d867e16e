import type { Mutant } from "./mutant.ts";

/** A log that doesn't begin at its beginning, and what takes the place of what is gone. */
export const snapshots: readonly Mutant[] = [
	{
		id: "log-not-trimmed",
		family: "snapshots",
		mistake: "A snapshot is kept, but the log that it replaces is kept as well.",
		story:
			"Once the snapshot is complete, the server discards all log entries up to its last index (§7). Keeping them is safe and spares all trouble with indices. It is also what snapshots are there to avoid: the log grows without bound.",
		edits: [{ file: "snapshots.ts", find: "state.log.compactTo(index);", replace: "" }],
		caughtBy: { test: "SnapshotBasic", schedule: "calm" },
	},
	{
		id: "array-position-for-index",
		family: "snapshots",
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
		caughtBy: { test: "SnapshotInstallUnreliable", schedule: "race", within: 15 },
	},
	{
		id: "snapshot-not-handed-over",
		family: "snapshots",
		mistake: "A server installs the leader's snapshot in its log, and doesn't hand it to the service.",
		story:
			"The follower resets the state machine using the snapshot's contents (figure 13, rule 8). Log, commitIndex and lastApplied all say that everything up to there is done, and nothing is missing but the service's own state.",
		edits: [
			{
				file: "snapshots.ts",
				find: "state.commitIndex = args.lastIncludedIndex;",
				replace: "state.commitIndex = args.lastIncludedIndex;\n\tstate.lastApplied = args.lastIncludedIndex;",
			},
		],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "snapshot-never-sent",
		family: "snapshots",
		mistake: "A leader that no longer has the entries a follower needs sends it those that it has.",
		story:
			"When the leader has already discarded the next entry that it needs to send to a follower, it sends its snapshot (§7). Sending from the first entry that is left looks like the nearest thing. The follower has nothing to put before it, and refuses for ever.",
		edits: [
			{
				file: "replication.ts",
				find: "if (tracker.nextIndex <= log.lastIncludedIndex && !isBare) {",
				replace: "if (false) {",
			},
		],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "snapshot-sent-for-ever",
		family: "snapshots",
		mistake: "A leader does not note that a follower has taken its snapshot.",
		story:
			"A follower that has installed a snapshot has everything up to its last index, so nextIndex and matchIndex move there (§7). Figure 13's reply holds nothing but a term, and it seems that nothing follows from it. The leader sends the same snapshot at once again.",
		edits: [
			{
				file: "replication.ts",
				find: "noteMatch(state, heardFrom(state, from), args.lastIncludedIndex);",
				replace: "heardFrom(state, from);",
			},
		],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "same-snapshot-again-not-expected",
		family: "snapshots",
		mistake:
			"A server that is sent the snapshot that it has installed already tries to discard the same entries once more, and fails.",
		story:
			"Requests are repeated when a reply is lost, and must do no harm then (§5.5); a snapshot that brings nothing new is to be ignored. On a network that loses nothing a snapshot comes once. When it comes again, the entry that it ends with is gone, and the code that wants to cut there finds nothing.",
		edits: [
			{
				file: "snapshots.ts",
				find: "if (args.lastIncludedIndex <= state.commitIndex) return { term: state.currentTerm };",
				replace: "",
			},
		],
		caughtBy: { test: "SnapshotInstallUnreliable", schedule: "calm", within: 5 },
	},
	{
		id: "old-snapshot-kept-with-new-log",
		family: "snapshots",
		mistake: "A server that installs a leader's snapshot goes on handing out and saving its own older one.",
		story:
			"The follower saves the snapshot file and discards older ones (figure 13, rule 5). Index and term are taken from the request, and the data, which nothing in Raft looks at, is forgotten. The service is told that its old state is the new one.",
		edits: [{ file: "snapshots.ts", find: "state.snapshot = args.data;", replace: "" }],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "state-saved-without-snapshot",
		family: "snapshots",
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
];
