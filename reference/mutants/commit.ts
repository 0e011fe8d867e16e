import type { Mutant } from "./mutant.ts";

/** What counts as committed, for the leader and for those who follow it. */
export const commit: readonly Mutant[] = [
	{
		id: "count-oneself-twice",
		family: "commit",
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
		mistake: "A follower commits up to leaderCommit as far as its own log reaches, whatever the request vouches for.",
		story:
			"commitIndex becomes min(leaderCommit, index of last new entry) (figure 2, AppendEntries, receiver's rule 5). The last new entry looks like a way to say the end of the log. What lies behind it in the follower's log may be an old leader's, and not what the leader has committed there.",
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
];
