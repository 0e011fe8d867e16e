import type { Entry } from "./entry.ts";

export const part2B = [
	{
		id: "BasicAgree",
		part: "2B",
		title: "basic agreement",
		points: 3,
		servers: 3,
		story:
			"Three commands, one after the other. Before each, nothing may have been applied at its index; after it, all three servers must apply it there, within two seconds: the first at index 1, then 2, then 3.",
		paper: "§5.3; figure 2 (AppendEntries, rules for leaders)",
		causes: [
			"Committed entries aren't handed to applyCh, or only the leader does so: followers advance commitIndex from leaderCommit and must apply as well.",
			"Indices are off by one: the first command has index 1, and start() returns the index at which the command will be committed.",
			"A new leader appends an entry of its own to its log (a no-op): it takes an index that the tests expect for a command.",
			"The leader's commitIndex never moves: matchIndex isn't updated on success, or the leader doesn't count itself in the majority.",
			"applyCh messages lack commandValid: true, or carry command and commandIndex under other names.",
		],
	},
	{
		id: "RPCBytes",
		part: "2B",
		title: "RPC byte count",
		points: 2,
		servers: 3,
		story:
			"Ten commands of 5000 characters each are agreed on, one after the other. All RPCs together may take little more than three times the size of the commands: each peer is to be sent each command once.",
		paper: "§5.3; figure 2 (nextIndex)",
		causes: [
			"Every AppendEntries carries the whole log: it should carry the entries from nextIndex[peer] on.",
			"nextIndex isn't advanced after a successful AppendEntries, so that heartbeats send the last entries again and again.",
			"Each start(), heartbeat or reply sends the entries that are already under way once more: a request sent within the same instant repeats them.",
			"Commands are wrapped or encoded in a way that makes them much longer (JSON in JSON, arrays of character codes).",
		],
	},
	{
		id: "FollowerFailure",
		part: "2B",
		title: "progressive failure of followers",
		points: 3,
		servers: 3,
		story:
			"One of two followers is cut off: the leader and the other must still agree on two commands. Then the second is cut off too: the leader, alone, accepts a command at index 4, which nobody may apply.",
		paper: "§5.3; figure 2 (rules for leaders: commitIndex)",
		causes: [
			"The leader commits without a majority: it counts the servers that it could reach, or counts matchIndex wrongly, instead of more than half of peers.length.",
			"Agreement waits for every peer's reply, so that one follower that is cut off stops it for up to 7 s.",
			"matchIndex is set from nextIndex or from the length of the log when a request is sent (or fails), not from what a successful request covered.",
			"The leader that is left alone with one follower loses its leadership: heartbeats to the one wait for the call to the other.",
		],
	},
	{
		id: "LeaderFailure",
		part: "2B",
		title: "failure of leaders",
		points: 3,
		servers: 3,
		story:
			"The leader is cut off: the other two elect a new one and agree on two commands. Then that one is cut off too. A command proposed to all three servers must not be applied anywhere.",
		paper: "§5.2, §5.3, §5.4.1",
		causes: [
			"The new leader doesn't reset nextIndex (to its last log index + 1) and matchIndex (to 0) when it is elected.",
			"The leader commits without a majority of peers.length.",
			"Votes are granted without comparing logs, so that a server which lacks an entry is elected (compare last terms first, then last indices).",
			"The election takes longer than two seconds: vote requests wait for the server that is cut off, or timeouts are too long.",
		],
	},
	{
		id: "FailAgree",
		part: "2B",
		title: "agreement after follower reconnects",
		points: 4,
		servers: 3,
		story:
			"A follower is cut off and misses four commands, on which the other two agree. It comes back, with a higher term if it held elections meanwhile: all three must soon agree again, on new commands and on those that it missed.",
		paper: "§5.3 (log matching), §5.4.1; figure 7",
		causes: [
			"A follower whose log is too short refuses AppendEntries, but the leader doesn't lower nextIndex and try again.",
			"The returning server's higher term makes the leader step down, and then nobody is elected: stepping down must leave the election timer running, and the returning server must not win with its shorter log.",
			"The follower appends without checking prevLogIndex and prevLogTerm, so that entries end up at wrong indices.",
			"Only new entries are sent to the follower, not those from nextIndex on.",
			"Entries are applied twice or with gaps when commitIndex makes a leap: apply each from lastApplied + 1 to commitIndex, in order.",
		],
	},
	{
		id: "FailNoAgree",
		part: "2B",
		title: "no agreement if too many followers disconnect",
		points: 4,
		servers: 5,
		story:
			"Three of the leader's four followers are cut off. The leader accepts a command at index 2, which must not be applied. The three come back, perhaps having tried elections, perhaps to be led by one that never saw that command: the next is accepted at index 2 or 3, and all five must agree on another.",
		paper: "§5.3, §5.4.1; figures 6 and 7",
		causes: [
			"The leader commits with two of five servers.",
			"A follower doesn't remove entries that conflict with the leader's (same index, other term), or removes entries that don't conflict.",
			"A deposed leader keeps answering start() with isLeader: true, or keeps the entry that was never committed when the new leader sends another in its place.",
			"Several servers with high terms depose each other for too long: election timeouts are spread over too short a range.",
		],
	},
	{
		id: "ConcurrentStarts",
		part: "2B",
		title: "concurrent start()s",
		points: 3,
		servers: 3,
		story:
			"Five commands are proposed to the leader at the same instant. All five must be committed on all three servers, each at the index that start() gave. If the term changes meanwhile, it is tried again, up to five times.",
		paper: "§5.3",
		causes: [
			"start() awaits something between choosing the index and appending the entry, so that two commands get the same index.",
			"Two requests to the same follower are answered in another order than sent, and the older reply sets nextIndex or matchIndex back: matchIndex may only grow within a term.",
			"A follower cuts off its log after the entries of a request, although a longer and equal log is there from a request that overtook it: truncate only at a real conflict.",
			"The term changes for no reason, because heartbeats stop while there is other work.",
		],
	},
	{
		id: "Rejoin",
		part: "2B",
		title: "rejoin of partitioned leader",
		points: 4,
		servers: 3,
		story:
			"A leader that is cut off accepts three commands. The other two elect a new leader and commit another command. The new leader is cut off and the old one comes back, with a log that is longer but wrong: it and the third server must agree on the right one. At the end all three agree.",
		paper: "§5.3 (figure 7), §5.4.1",
		causes: [
			"Votes go to the longer log: the log with the later term in its last entry is more up to date, whatever its length.",
			"A follower keeps its own entries where they conflict with the leader's: from the first conflict on, all of them must go.",
			"The prevLogTerm check is missing or compares with the current term instead of with the entry's.",
			"The old leader, cut off, doesn't step down on seeing the new term when it returns.",
		],
	},
	{
		id: "Backup",
		part: "2B",
		title: "leader backs up quickly over incorrect follower logs",
		points: 5,
		servers: 5,
		story:
			"Two groups of servers take turns in being connected, and each fills its logs with fifty commands that can't be committed, so that logs differ over long stretches. Whenever a majority meets, it must agree again, at once and fifty times in a row; at the end all five servers agree.",
		paper: "§5.3 (end: the conflict's term and its first index), §5.4.1; figure 7",
		causes: [
			"The leader lowers nextIndex by one per refused AppendEntries, and only with the next heartbeat: fifty entries take seconds. Let the follower say which term conflicts and where it begins (or how long its log is), and try again at once.",
			"The jump back goes wrong: nextIndex falls below 1, goes up, or skips over the conflict; or the follower answers with an index of an entry that it doesn't have.",
			"New commands wait for the next heartbeat: each of the agreements then takes 100 ms, and 150 of them take long. Send AppendEntries when start() is called.",
			"A late refusal, from before a success, sets nextIndex back again and again.",
			"Replication to the servers that are away piles up calls that all wait for up to 7 s, each with the whole log.",
		],
	},
	{
		id: "Count",
		part: "2B",
		title: "RPC counts aren't too high",
		points: 4,
		servers: 3,
		story:
			"RPCs are counted: at most 30 for the first election, at most 42 for about a dozen commands proposed at once, at most 60 in a second in which nothing happens. No RPCs at all also fails.",
		paper: "§5.2, §5.3",
		causes: [
			"Heartbeats are sent more than ten times a second.",
			"Each start() sends its own round of AppendEntries: let commands that come at the same time share one.",
			"A loop tries again without a pause, after a refusal or when there was no reply.",
			"Several heartbeat loops run at once: becoming leader starts a new one, but stepping down doesn't end the old one.",
			"The term changes in each of five tries: the leader isn't stable although nothing fails.",
		],
	},
] as const satisfies readonly Entry[];
