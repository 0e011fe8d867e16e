import type { Entry } from "./entry.ts";

export const part2D = [
	{
		id: "SnapshotBasic",
		part: "2D",
		title: "snapshots basic",
		points: 3,
		servers: 3,
		story:
			"Some three hundred commands. After every tenth index the service hands Raft a snapshot, and Raft must discard its log up to there: no server's saved Raft state may reach 2000 bytes. Indices must go on as if nothing had been discarded.",
		paper: "§7; figure 12",
		causes: [
			"The array position is still taken for the log index somewhere: after a snapshot they differ by the snapshot's last index.",
			"The log is cut in memory but saved whole, or isn't saved again in snapshot().",
			"snapshot() waits for something that the applier holds: the service calls it while it handles a message from applyCh, so that each waits for the other.",
			"prevLogTerm is asked for at exactly the snapshot's last index, where there is no entry any more: keep that index and its term.",
			"snapshot() is obeyed for an index that has been discarded already, or that was never applied.",
		],
	},
	{
		id: "SnapshotInstall",
		part: "2D",
		title: "install snapshots (disconnect)",
		points: 3,
		servers: 3,
		story:
			"In each of thirty rounds one server, at times the leader, is cut off while the others agree on up to sixteen commands and discard what their snapshots hold. When it comes back, the leader may no longer have the entries that it lacks, and must send its snapshot instead; all three must then agree on another command.",
		paper: "§7; figures 12 and 13 (InstallSnapshot)",
		causes: [
			"The leader doesn't send InstallSnapshot when nextIndex of a peer is at or below its snapshot's last index, but fails or sends a wrong prevLogTerm.",
			"After a snapshot was installed, nextIndex and matchIndex of that peer aren't advanced to it: it is sent again and again.",
			"The follower doesn't hand the snapshot to applyCh, or hands over entries out of order around it: the snapshot first, then the entry after it.",
			"lastApplied isn't set to the snapshot's last index, so that entries which the snapshot holds are applied again.",
			"A snapshot older than what has been applied is installed: refuse it, as the service would go back in time.",
		],
	},
	{
		id: "SnapshotInstallUnreliable",
		part: "2D",
		title: "install snapshots (disconnect+unreliable)",
		points: 3,
		servers: 3,
		story: "The same as SnapshotInstall, on a network that delays requests and loses one request and one reply in ten.",
		paper: "§7; figure 13",
		causes: [
			"A late InstallSnapshot sets the follower's log or commitIndex back: one at or below commitIndex has nothing to offer.",
			"A late AppendEntries begins before the follower's snapshot: its first entries are discarded already; skip them instead of failing or indexing below zero.",
			"A lost InstallSnapshot isn't sent again.",
			"Installing a snapshot discards the whole log: entries after its last index must stay if the log has that index with the same term.",
			"The snapshot and an entry reach applyCh from two loops, in whichever order they happen to run: let one loop send everything.",
		],
	},
	{
		id: "SnapshotInstallCrash",
		part: "2D",
		title: "install snapshots (crash)",
		points: 3,
		servers: 3,
		story:
			"As in SnapshotInstall, but the server that misses commands crashes and restarts from what it has saved, before the others' snapshots bring it up to date.",
		paper: "§7, §5.5; figures 12 and 13",
		causes: [
			"A later save() without the snapshot wipes it out: save() replaces both, so pass the snapshot along each time (persister.readSnapshot()).",
			"After a restart lastApplied and commitIndex begin at 0 rather than at the snapshot's last index: the service has loaded the snapshot already, and expects the entry after it.",
			"The snapshot's last index and term aren't part of the saved Raft state, so that a restarted server numbers its log wrongly.",
			"The follower doesn't save the snapshot and the shortened log together when it installs one.",
		],
	},
	{
		id: "SnapshotInstallUnCrash",
		part: "2D",
		title: "install snapshots (unreliable+crash)",
		points: 3,
		servers: 3,
		story:
			"The same as SnapshotInstallCrash, on a network that delays requests and loses one request and one reply in ten.",
		paper: "§7, §5.5; figure 13",
		causes: [
			"The Raft state and the snapshot are saved at two moments, or of two moments: a crash in between leaves a log that doesn't fit its snapshot.",
			"A late InstallSnapshot is delivered after newer entries were applied.",
			"After a restart, AppendEntries with prevLogIndex below the snapshot's last index is refused with a conflict index that the leader can't use.",
			"A snapshot that waits to be delivered is overtaken by a newer one or by snapshot() itself: look again at lastApplied when its turn comes.",
		],
	},
	{
		id: "SnapshotAllCrash",
		part: "2D",
		title: "crash and restart all servers",
		points: 3,
		servers: 3,
		story:
			"Five times: a few commands, perhaps enough for a snapshot, then all servers crash and restart. The next command must get an index above the last one: nothing that was committed may be forgotten.",
		paper: "§7, §5.5",
		causes: [
			"After a restart the last log index is computed from the length of the log alone, without the snapshot's last index.",
			"The restarted servers apply nothing: commitIndex or lastApplied begins at 0, and the loop looks for entries that the snapshot has replaced.",
			"A restarted server with an empty log compares logs by the last entry, which doesn't exist: use the snapshot's last index and term.",
			"State is saved without the snapshot, which is then gone at the next restart.",
		],
	},
	{
		id: "SnapshotInit",
		part: "2D",
		title: "snapshot initialization after crash",
		points: 2,
		servers: 3,
		story:
			"A dozen commands, enough for a snapshot; all servers crash and restart; one more command; all crash and restart again. What was saved between the two restarts must still contain the snapshot, and the servers must agree once more.",
		paper: "§7, §5.5",
		causes: [
			"make() doesn't read the snapshot, and the first save() after a restart overwrites it with an empty one.",
			"After a restart lastApplied begins at 0, so that the service is offered entries before its snapshot.",
			"The snapshot's last index and term aren't saved with the Raft state.",
		],
	},
] as const satisfies readonly Entry[];
