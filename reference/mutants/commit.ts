import type { Mutant } from "./mutant.ts";

/** What counts as committed, for the leader and for those who follow it. */
export const commit: readonly Mutant[] = [
	{
		id: "count-oneself-twice",
		family: "commit",
		causes: ["commit-minority"],
		breaks: "safety",
		mistake: "A leader counts itself twice when it looks for the index that a majority has.",
		story:
			"An entry is committed once the leader has replicated it on a majority of the servers (§5.3). The leader starts to count at one, for itself, and then goes through matchIndex, in which it keeps a place of its own. One follower of four, or none of two, is then enough.",
		edits: [
			{
				file: "commitment.ts",
				find: "const descending = [state.log.lastIndex, ...matchIndexes]",
				replace: "const descending = [state.log.lastIndex, state.log.lastIndex, ...matchIndexes]",
			},
		],
		caughtBy: { test: "FailNoAgree", schedule: "calm" },
	},
	{
		id: "wait-for-all-to-have-it",
		family: "commit",
		causes: ["commit-late"],
		breaks: "liveness",
		mistake: "An entry is committed when all servers have it.",
		story:
			"A majority is enough (§5.3): a slow or missing minority must not hold up the others. Waiting for everyone is safe, and passes every test in which everyone is there.",
		edits: [
			{
				file: "commitment.ts",
				find: "return descending[Math.floor(state.size / 2)] ?? 0;",
				replace: "return descending[state.size - 1] ?? 0;",
			},
		],
		caughtBy: { test: "FollowerFailure", schedule: "calm" },
	},
	{
		id: "commit-beyond-last-new-entry",
		family: "commit",
		causes: ["follower-commits"],
		breaks: "safety",
		mistake: "A follower commits up to leaderCommit as far as its own log reaches, whatever the request vouches for.",
		story:
			"commitIndex becomes min(leaderCommit, index of last new entry) (figure 2, AppendEntries, receiver's rule 5). The last new entry looks like a way to say the end of the log. What lies behind it in the follower's log may be an old leader's, and not what the leader has committed there. Seen in Copycat: https://github.com/atomix/copycat/issues/265",
		edits: [
			{
				file: "append-entries.ts",
				find: "Math.min(args.leaderCommit, vouchedFor)",
				replace: "Math.min(args.leaderCommit, log.lastIndex)",
			},
		],
		caughtBy: { test: "Backup", schedule: "calm", within: 10 },
	},
	{
		id: "commit-before-the-check",
		family: "commit",
		causes: ["follower-commits"],
		breaks: "safety",
		mistake: "A follower takes over leaderCommit before it checks whether its log agrees with the leader's.",
		story:
			"commitIndex is the last of the receiver's rules (figure 2, AppendEntries), after the log has been made to agree. That the leader has committed so much is true whatever the follower has, so the line is moved to the top. But the follower applies its own entry at that index.",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (args.prevLogIndex > log.lastIndex) return refuse(state, null, log.lastIndex + 1);",
				replace: `state.commitIndex = Math.max(state.commitIndex, Math.min(args.leaderCommit, log.lastIndex));
	if (args.prevLogIndex > log.lastIndex) return refuse(state, null, log.lastIndex + 1);`,
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
	{
		id: "new-leader-commits-all",
		family: "commit",
		causes: ["commit-minority"],
		breaks: "safety",
		mistake: "A new leader takes everything in its log for committed.",
		story:
			"A new leader has all committed entries (§5.4), but doesn't know which of its entries these are (§5.4.2, §8). Turned round, that becomes: what a leader has is committed. An entry that only the leader has is applied, and lost when the next leader never had it.",
		edits: [
			{
				file: "elections.ts",
				find: '\tstate.role = "leader";\n',
				replace: '\tstate.role = "leader";\n\tstate.commitIndex = state.log.lastIndex;\n',
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "calm" },
	},
	{
		id: "followers-never-hear-of-commits",
		family: "commit",
		causes: ["commit-late"],
		breaks: "liveness",
		mistake: "AppendEntries tells leaderCommit only if it carries entries.",
		story:
			"The leader includes its commitIndex in all AppendEntries, heartbeats as well, so that the others find out (§5.3). Put in where entries are sent, it is always one step behind: those very entries aren't committed yet, and when they are, there is nothing more to send.",
		edits: [
			{
				file: "replication.ts",
				find: "leaderCommit: state.commitIndex,",
				replace: "leaderCommit: isBare || prevLogIndex === log.lastIndex ? 0 : state.commitIndex,",
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "old-entries-committed-by-count",
		family: "commit",
		causes: ["commit-old-term"],
		breaks: "safety",
		mistake: "A leader commits entries of earlier terms when a majority has them.",
		story:
			"Only entries of the leader's own term are committed by counting replicas (§5.4.2, figure 2: log[N].term == currentTerm). What is on a majority looks committed, whoever put it there. Figure 8 shows how it can be overwritten all the same, after it has been applied. Seen in PySyncObj: https://github.com/bakwc/PySyncObj/issues/169",
		edits: [{ file: "commitment.ts", find: " && state.log.termAt(onMajority) === state.currentTerm", replace: "" }],
		caughtBy: { test: "Figure8Story", schedule: "calm" },
		hiddenBecause:
			"Figure 8 of the labs plays dice for what the paper tells step by step, and none of its 1,000 rounds is likely to end as the figure does.",
	},
	{
		id: "median-sorted-as-text",
		family: "commit",
		causes: ["commit-minority"],
		breaks: "safety",
		mistake: "A leader sorts the match indexes with sort(), which compares them as text.",
		story:
			"A leader commits up to the highest index that a majority has (§5.3), which is the median of all match indexes. sort() without a comparison puts 10 before 9. Up to index 9 nothing is wrong; from then on, when the logs differ in length, the place in the middle may hold what only the leader has.",
		edits: [{ file: "commitment.ts", find: ".sort((a, b) => b - a)", replace: ".sort().reverse()" }],
		caughtBy: { test: "Backup", schedule: "calm" },
	},
	{
		id: "commit-goes-back-with-an-old-request",
		family: "commit",
		causes: ["follower-commits", "snapshot-stale"],
		breaks: "safety",
		mistake: "A follower sets commitIndex to what the request says, even if it knew of more.",
		story:
			"commitIndex increases monotonically, and is set only if leaderCommit is larger (figure 2, AppendEntries, receiver's rule 5). A leader's word seems to be the last word. But requests are overtaken by later ones, and a new leader may know less. With a commitIndex that has gone back, a snapshot that is long out of date looks new. Seen in PySyncObj: https://github.com/bakwc/PySyncObj/issues/166",
		edits: [
			{
				file: "append-entries.ts",
				find: "state.commitIndex = Math.max(state.commitIndex, Math.min(args.leaderCommit, vouchedFor));",
				replace: "state.commitIndex = Math.min(args.leaderCommit, vouchedFor);",
			},
		],
		caughtBy: { test: "OldSnapshotAgain", schedule: "calm", within: 4 },
		hiddenBecause:
			"It takes an old AppendEntries and after it an old snapshot, both at a server that is long past them. The labs lose and delay messages, but deliver none twice.",
	},
	{
		id: "follower-commits-what-it-gets",
		family: "commit",
		causes: ["follower-commits"],
		breaks: "safety",
		mistake: "A follower takes the entries of a request for committed, without looking at leaderCommit.",
		story:
			"A follower commits no further than its leader (figure 2, AppendEntries, receiver's rule 5: the minimum of two). Of the two, the index of the last new entry is where its log ends, and what the leader sends is going to be committed anyway. It isn't if the leader fails before a majority has it.",
		edits: [{ file: "append-entries.ts", find: "Math.min(args.leaderCommit, vouchedFor)", replace: "vouchedFor" }],
		caughtBy: { test: "FailNoAgree", schedule: "calm" },
	},
	{
		id: "leader-does-not-count-itself",
		family: "commit",
		causes: ["commit-late"],
		breaks: "liveness",
		mistake: "A leader looks for a majority among its followers, and leaves itself out.",
		story:
			"The leader has the entry too (§5.3), so with it half of the others make a majority. matchIndex holds the followers, and the median of matchIndex is computed. This is safe, and waits for one server more than necessary: of three servers none may be missing.",
		edits: [
			{
				file: "commitment.ts",
				find: "const descending = [state.log.lastIndex, ...matchIndexes]",
				replace: "const descending = matchIndexes",
			},
		],
		caughtBy: { test: "FollowerFailure", schedule: "calm" },
	},
];
