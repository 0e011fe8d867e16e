import type { Mutant } from "./mutant.ts";

/** A leader's snapshots: when they are sent, and what a follower makes of them. */
export const installing: readonly Mutant[] = [
	{
		id: "snapshot-not-handed-over",
		family: "snapshots",
		causes: ["snapshot-installed"],
		breaks: "safety",
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
		causes: ["snapshot-sending"],
		breaks: "liveness",
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
		causes: ["snapshot-sending"],
		breaks: "liveness",
		mistake: "A leader does not note that a follower has taken its snapshot.",
		story:
			"A follower that has installed a snapshot has everything up to its last index, so nextIndex and matchIndex move there (§7). Figure 13's reply holds nothing but a term, and it seems that nothing follows from it. The leader sends the same snapshot at once again.",
		edits: [
			{
				file: "replication.ts",
				find: "noteMatch(state, heardFrom(state, from, args), args.lastIncludedIndex);",
				replace: "heardFrom(state, from, args);",
			},
		],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "same-snapshot-again-not-expected",
		family: "snapshots",
		causes: ["applied-and-snapshots", "snapshot-stale"],
		breaks: "liveness",
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
		causes: ["snapshot-installed"],
		breaks: "safety",
		mistake: "A server that installs a leader's snapshot goes on handing out and saving its own older one.",
		story:
			"The follower saves the snapshot file and discards older ones (figure 13, rule 5). Index and term are taken from the request, and the data, which nothing in Raft looks at, is forgotten. The service is told that its old state is the new one.",
		edits: [{ file: "snapshots.ts", find: "state.snapshot = args.data;", replace: "" }],
		caughtBy: { test: "SnapshotInstall", schedule: "calm" },
	},
	{
		id: "installed-snapshot-not-saved",
		family: "snapshots",
		causes: ["snapshot-installed"],
		breaks: "safety",
		mistake: "A server installs the leader's snapshot and does not save it.",
		story:
			"The follower saves the snapshot (figure 13, rule 5), and persistent state is on stable storage before it answers (figure 2). The service has the snapshot, and the next entry will save everything. Until then the leader counts on what a crash would undo: the server comes back with a log that ends long before.",
		edits: [
			{
				file: "snapshots.ts",
				find: "state.commitIndex = args.lastIncludedIndex;\n\tstate.effects.save = true;",
				replace: "state.commitIndex = args.lastIncludedIndex;",
			},
		],
		caughtBy: { test: "SnapshotRaces", schedule: "calm" },
		hiddenBecause:
			"The labs crash servers while they are up to date: what they were sent after an installed snapshot has been saved by then, and the snapshot with it.",
	},
	{
		id: "log-dropped-beyond-the-snapshot",
		family: "snapshots",
		causes: ["snapshot-stale"],
		breaks: "safety",
		mistake:
			"A server that installs a snapshot discards its whole log, also what follows the snapshot and agrees with it.",
		story:
			"If an existing log entry has the same index and term as the snapshot's last included entry, the entries following it are retained (figure 13, rule 6). Starting afresh is simpler, and mostly there is nothing behind. If the follower has answered for later entries already, the leader has counted them, and does not send them again. Seen in etcd: https://github.com/etcd-io/etcd/pull/1763",
		edits: [
			{
				file: "snapshots.ts",
				find: "if (hasLastIncluded) log.compactTo(args.lastIncludedIndex);\n\telse log.restartAfter",
				replace: "log.restartAfter",
			},
		],
		caughtBy: { test: "SnapshotBehindTheLog", schedule: "calm" },
		hiddenBecause:
			"The leader only sends a snapshot to a server that has answered for more if that answer is late; the entries beyond must then be committed by that very answer, and the leader must fail.",
	},
	{
		id: "old-snapshot-wipes-the-log",
		family: "snapshots",
		causes: ["snapshot-stale"],
		breaks: "safety",
		mistake: "A server installs every snapshot that it is sent, also one that ends before what it has.",
		story:
			"A snapshot that covers only a prefix of the log must not cost the entries behind it (§7). What the leader sends is what one needs, it seems. But a request that was repeated, or overtaken by others, is out of date when it comes, and the server throws away entries for which it has answered since. Seen in openraft: https://github.com/databendlabs/openraft/pull/560",
		edits: [
			{
				file: "snapshots.ts",
				find: "if (args.lastIncludedIndex <= state.commitIndex) return { term: state.currentTerm };",
				replace: "",
			},
			{
				file: "snapshots.ts",
				find: "const hasLastIncluded = log.termAt",
				replace: "const hasLastIncluded = args.lastIncludedIndex > log.lastIncludedIndex && log.termAt",
			},
		],
		caughtBy: { test: "OldSnapshotAgain", schedule: "calm" },
	},
	{
		id: "service-taken-back-in-time",
		family: "snapshots",
		causes: ["snapshot-stale", "applied-and-snapshots"],
		breaks: "safety",
		mistake: "A server hands an installed snapshot to the service even if the service has applied more than is in it.",
		story:
			"The state machine is reset to the snapshot only if that is ahead of it (§7: the snapshot usually contains new information). The snapshot is newer than the server's own, and so it is taken. But what was applied since the own one lies between the two: the service goes back, and what it had is applied again, or never. Seen in openraft: https://github.com/databendlabs/openraft/pull/543",
		edits: [
			{
				file: "snapshots.ts",
				find: "if (args.lastIncludedIndex <= state.commitIndex) return { term: state.currentTerm };",
				replace: "if (args.lastIncludedIndex <= log.lastIncludedIndex) return { term: state.currentTerm };",
			},
			{
				file: "snapshots.ts",
				find: "state.commitIndex = args.lastIncludedIndex;",
				replace: "state.commitIndex = args.lastIncludedIndex;\n\tstate.lastApplied = 0;",
			},
		],
		caughtBy: { test: "SnapshotOfThePast", schedule: "calm" },
		hiddenBecause:
			"The labs' services make their snapshots at the same indices and at once, so a leader's snapshot never ends between a follower's own and what that has applied.",
	},
	{
		id: "conflict-kept-under-a-snapshot",
		family: "snapshots",
		causes: ["snapshot-installed", "conflicts-kept"],
		breaks: "liveness",
		mistake:
			"A server that installs a snapshot keeps the rest of its log, even if its entry there has another term than the snapshot's.",
		story:
			"The log behind the snapshot is retained only if index and term of the last included entry match (figure 13, rules 6 and 7). That the log is long enough is all that is checked. Then it still conflicts with the leader's; the next AppendEntries is refused, the leader backs up, sends the same snapshot, and so on. Seen in hashicorp/raft: https://github.com/hashicorp/raft/pull/704",
		edits: [
			{
				file: "snapshots.ts",
				find: "log.termAt(args.lastIncludedIndex) === args.lastIncludedTerm;",
				replace: "args.lastIncludedIndex <= log.lastIndex;",
			},
		],
		caughtBy: { test: "SnapshotOverConflict", schedule: "calm" },
		hiddenBecause:
			"In 2D the servers that are cut off are never leaders with commands of their own: nobody has other entries where a snapshot ends.",
	},
	{
		id: "installed-snapshot-with-the-leaders-term",
		family: "snapshots",
		causes: ["snapshot-offset", "snapshot-installed"],
		breaks: "safety",
		mistake: "A server notes the leader's current term as the term of an installed snapshot's last entry.",
		story:
			"Figure 13 has two terms: the leader's, and that of the last included entry. Both are called term, and mostly they are equal. If the leader has discarded entries of earlier terms only, the follower's log now ends in a later term than anybody's: the consistency check fails, and with a log that lacks entries it may win an election. Seen in ArcadeDB: https://github.com/ArcadeData/arcadedb/pull/5356",
		edits: [
			{
				file: "snapshots.ts",
				find: "log.restartAfter(args.lastIncludedIndex, args.lastIncludedTerm);",
				replace: "log.restartAfter(args.lastIncludedIndex, args.term);",
			},
		],
		caughtBy: { test: "SnapshotInstallUnreliable", schedule: "calm" },
	},
	{
		id: "answer-to-a-snapshot-read-with-the-present-log",
		family: "snapshots",
		causes: ["match-index", "snapshot-sending"],
		breaks: "liveness",
		mistake:
			"When a follower has taken a snapshot, the leader takes it to be at the end of the snapshot that the leader has by then.",
		story:
			"A reply speaks of its own request (figure 13), and the leader has to remember what it sent. Its log begins after the snapshot that it sent, so it looks the index up there. If it has made a newer snapshot while the old one was on its way, matchIndex says more than the follower has, and the leader never goes back below it.",
		edits: [
			{
				file: "replication.ts",
				find: "noteMatch(state, heardFrom(state, from, args), args.lastIncludedIndex);",
				replace: "noteMatch(state, heardFrom(state, from, args), state.log.lastIncludedIndex);",
			},
		],
		caughtBy: { test: "SnapshotRaces", schedule: "calm" },
		hiddenBecause:
			"The leader would have to make another snapshot while the answer to the first is on its way; in the labs such answers take an instant, or are lost.",
	},
];
