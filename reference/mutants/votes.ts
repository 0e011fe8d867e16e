import type { Mutant } from "./mutant.ts";

/** Giving a vote, getting votes, and counting them. */
export const votes: readonly Mutant[] = [
	{
		id: "vote-twice-in-a-term",
		family: "votes",
		mistake: "A server grants its vote to whoever asks, even if it has voted for somebody else in this term.",
		story:
			"Figure 2 grants a vote only if votedFor is null or this very candidate (§5.2). The comparison of the logs looks like the condition that matters, and the other like a detail. But when two candidates stand in one term, both get a majority: the term has two leaders.",
		edits: [
			{
				file: "elections.ts",
				find: "const isFree = state.votedFor === null || state.votedFor === args.candidateId;",
				replace: "const isFree = true;",
			},
		],
		caughtBy: { test: "ManyElections", schedule: "calm", within: 10 },
	},
	{
		id: "forget-vote-on-stepping-down",
		family: "votes",
		mistake: "A server that becomes a follower forgets whom it has voted for, even if its term stays the same.",
		story:
			"A vote belongs to a term (figure 2: candidateId that received vote in current term), so it is only forgotten when the term grows. Resetting it along with the role looks tidy. But a candidate that meets its term's leader steps down in that term, and can then vote a second time.",
		edits: [
			{
				file: "state.ts",
				find: '\tstate.role = "follower";\n}',
				replace: '\tstate.role = "follower";\n\tstate.votedFor = null;\n}',
			},
		],
		caughtBy: { test: "ManyElections", schedule: "calm", within: 15 },
	},
	{
		id: "vote-without-looking-at-logs",
		family: "votes",
		mistake: "A server votes for a candidate whatever is in its log.",
		story:
			"A voter refuses a candidate whose log is less up-to-date than its own (§5.4.1). In part 2A there are no logs, elections work, and the check is put off and forgotten. A server that missed committed entries can then win, and makes the others overwrite what they have applied.",
		edits: [
			{
				file: "elections.ts",
				find: "args.term === state.currentTerm && isFree && isUpToDate(state, args);",
				replace: "args.term === state.currentTerm && isFree;",
			},
		],
		caughtBy: { test: "Backup", schedule: "calm", within: 10 },
	},
	{
		id: "longer-log-wins",
		family: "votes",
		mistake: "A voter compares the logs by their length alone.",
		story:
			"Up-to-date means the later last term; the length only decides between equal terms (§5.4.1). More entries sounds like knowing more. But a leader that was cut off can collect any number of entries that nobody else has; when it is back, its long and useless log beats the one with the committed entries.",
		edits: [
			{
				file: "elections.ts",
				find: "if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;",
				replace: "",
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
	{
		id: "later-term-or-longer-log-wins",
		family: "votes",
		mistake: "A voter accepts a log that is longer than its own although its last term is earlier.",
		story:
			"If the last terms differ, the later one is more up-to-date, whatever the lengths (§5.4.1). A later term, or at least the length: that reads like the paper's sentence, but forgets that its second half is for equal terms only.",
		edits: [
			{
				file: "elections.ts",
				find: "if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;",
				replace: "if (candidate.lastLogTerm > lastTerm) return true;",
			},
		],
		caughtBy: { test: "Backup", schedule: "calm", within: 10 },
	},
	{
		id: "vote-kept-for-next-term",
		family: "votes",
		mistake: "A server that moves on to a higher term keeps the vote that it gave in the old one.",
		story:
			"votedFor is the vote in the current term, null if none (figure 2). Setting it when a vote is given is easy to see; that a new term clears it stands nowhere as a step. The first election works; when that leader is gone, everyone has voted already, and nobody is ever elected again.",
		edits: [{ file: "state.ts", find: "\t\tstate.votedFor = null;\n", replace: "" }],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "majority-of-the-answers",
		family: "votes",
		mistake: "A candidate has won when more than half of those that answered so far said yes.",
		story:
			"A candidate needs votes from a majority of the servers in the full cluster (§5.2). Servers that are down don't vote, the thought goes, so count those that do. A server that is cut off gets no answer but its own, and makes itself leader of nobody.",
		edits: [
			{
				file: "elections.ts",
				find: "return isMajority(state, [...state.ballots.values()].filter((granted) => granted).length);",
				replace:
					"const yes = [...state.ballots.values()].filter((granted) => granted).length;\n\treturn 2 * yes > state.ballots.size;",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "every-answer-is-a-vote",
		family: "votes",
		mistake: "A candidate counts each answer as a vote, without looking at voteGranted.",
		story:
			"A vote is a reply with voteGranted true (figure 2, RequestVote). Whoever checks the reply's term first, and steps down if it is higher, may feel that what is left must be a yes. It need not be: a voter in the same term that has voted for another, or has a better log, says no in that very term.",
		edits: [
			{
				file: "elections.ts",
				find: "state.ballots.set(from, reply.voteGranted);",
				replace: "state.ballots.set(from, true);",
			},
		],
		caughtBy: { test: "ManyElections", schedule: "calm", within: 10 },
	},
];
