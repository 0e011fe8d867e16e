import type { Entry } from "../entry.ts";

/** Snapshots that come late, again, or in the middle of something. */
export const snapshots = [
	{
		id: "SnapshotBehindTheLog",
		part: "2X",
		title: "a snapshot that ends before the log does",
		points: 2,
		servers: 3,
		story:
			"A follower has answered for entries that go beyond a snapshot of its leader's when that snapshot arrives. It covers only the beginning of the log: the rest must stay, as it may be committed.",
		paper: "§7; figure 13 (InstallSnapshot 6)",
		causes: [
			"The whole log is dropped when a snapshot is installed.",
			"What follows the snapshot is kept in memory, but not saved.",
		],
		aims: ["snapshot-stale"],
	},
	{
		id: "SnapshotOfThePast",
		part: "2X",
		title: "a snapshot older than what has been applied",
		points: 2,
		servers: 3,
		story:
			"The services take their time to make snapshots. So a leader's snapshot arrives at a follower that has applied more than is in it, and has none of its own from there.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot is compared with the last snapshot instead of with what has been applied.",
			"lastApplied is set to the snapshot's index, or to 0, whatever it was.",
		],
		aims: ["applied-and-snapshots", "snapshot-stale"],
	},
	{
		id: "OldSnapshotAgain",
		part: "2X",
		title: "all that was ever sent, once more",
		points: 2,
		servers: 3,
		story:
			"A follower is sent snapshots and entries; then all of these requests arrive once more, in order and backwards. Nothing that it has answered for may be gone.",
		paper: "§5.5 (Raft RPCs are idempotent), §7; figure 2 (AppendEntries 5)",
		causes: [
			"A snapshot that ends before what is committed is installed: the log behind it is lost.",
			"commitIndex goes back with an old request.",
			"An entry is looked for that a snapshot has replaced.",
		],
		aims: ["snapshot-stale", "follower-commits"],
	},
	{
		id: "NothingButASnapshot",
		part: "2X",
		title: "a log of which only the snapshot is left",
		points: 2,
		servers: 3,
		story:
			"A snapshot has replaced the whole log. A server that lacks the last of what is in it asks for the vote: it must not get it.",
		paper: "§5.4.1, §7 (last included index and term)",
		causes: [
			"A log without entries is taken to end with term 0, or index 0.",
			"Logs are compared by their length in memory.",
		],
		aims: ["snapshot-offset", "log-comparison"],
	},
	{
		id: "SnapshotOverConflict",
		part: "2X",
		title: "a snapshot in the midst of other entries",
		points: 2,
		servers: 3,
		story:
			"A leader that is alone has many entries that lead to nothing. When it is back it is sent a snapshot that ends in the midst of them.",
		paper: "§7; figure 13 (InstallSnapshot 6 and 7)",
		causes: [
			"The log behind an installed snapshot is kept although its entry there has another term.",
			"A follower that refuses is sent the same snapshot for ever.",
		],
		aims: ["conflicts-kept", "snapshot-sending"],
	},
	{
		id: "SnapshotAcrossTerms",
		part: "2X",
		title: "a snapshot that ends in an earlier term",
		points: 2,
		servers: 3,
		story:
			"The last entry of a snapshot is of an earlier term than the last one in the log, as a new leader has committed both together.",
		paper: "§7 (last included term)",
		causes: [
			"A snapshot gets the term of the last entry, or the current one, instead of that of the entry at its last index.",
			"An installed snapshot gets the leader's term.",
		],
		aims: ["snapshot-offset"],
	},
	{
		id: "SnapshotRaces",
		part: "2X",
		title: "snapshots and what may come between",
		points: 2,
		servers: 3,
		story:
			"A follower that has been sent a snapshot crashes when it has answered; its answer takes so long that the leader has a newer snapshot by then; or the service calls snapshot() for an index that the leader's snapshot has just overtaken.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot that was installed is not saved, together with the log that is left, before the answer leaves.",
			"The answer to a snapshot is taken to be about the snapshot that the leader has by then.",
			"snapshot() fails if the log no longer has the entry at its index.",
		],
		aims: ["snapshot-installed", "snapshot-sending"],
	},
	{
		id: "CrashAtSave",
		part: "2X",
		title: "restarts right after a save",
		points: 2,
		servers: 3,
		story:
			"Servers crash and restart the moment they have saved something, above all when that has become shorter, as there is a snapshot now. What is in stable storage must be whole after every single save.",
		paper: "§7; figure 2 (persistent state)",
		causes: [
			"Log and snapshot are saved in two steps.",
			"The term, the vote and the log are saved in several steps, between which the state contradicts itself.",
		],
		aims: ["snapshot-saved", "log-not-saved"],
	},
] as const satisfies readonly Entry[];
