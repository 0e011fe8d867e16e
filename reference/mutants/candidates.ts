import type { Mutant } from "./mutant.ts";

/** Standing for election: counting votes, and concluding something from them. */
export const candidates: readonly Mutant[] = [
	{
		id: "majority-of-the-answers",
		family: "votes",
		causes: ["votes-counted"],
		breaks: "safety",
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
		causes: ["votes-counted"],
		breaks: "safety",
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
	{
		id: "votes-of-an-older-election-counted",
		family: "votes",
		causes: ["stale-votes"],
		breaks: "safety",
		mistake: "A candidate counts a vote that was given to it in an earlier term.",
		story:
			"A vote is for one term (§5.2), so an answer counts only in the election in which it was asked for. That the answer is a yes and the server still a candidate seems to be enough. When the first election was tied, its last votes arrive in the second, in which their givers are free to vote for somebody else. Seen in little-raft: https://github.com/andreev-io/little-raft/issues/44",
		edits: [
			{
				file: "elections.ts",
				find: 'if (state.role !== "candidate" || args.term !== state.currentTerm) return;',
				replace: 'if (state.role !== "candidate") return;',
			},
		],
		caughtBy: { test: "VotesOfThePast", schedule: "calm" },
		hiddenBecause:
			"Two elections must follow each other so closely that votes of the first arrive in the second, and then decide it. In the labs a vote arrives at once or not at all.",
	},
	{
		id: "repeated-vote-counted-again",
		family: "votes",
		causes: ["votes-counted"],
		breaks: "safety",
		mistake: "A candidate counts answers, not voters: a server that answers a repeated request has two votes.",
		story:
			"A candidate needs votes from a majority of the servers (§5.2). A counter is enough as long as each server answers once. But requests are repeated (§5.1), and whoever has voted says yes each time it is asked. On a slow network two servers of five can then make a leader. Seen in akka-raft: https://github.com/ktoso/akka-raft/issues/45",
		edits: [
			{
				file: "elections.ts",
				find: "state.ballots.set(from, reply.voteGranted);",
				replace:
					"const voter = state.ballots.has(from) ? state.size + state.ballots.size : from;\n\tstate.ballots.set(voter, reply.voteGranted);",
			},
		],
		caughtBy: { test: "OneVoterTwice", schedule: "calm" },
		hiddenBecause:
			"On a network that answers at once nobody is asked twice. Where answers are slow, a voter's second answer mostly arrives when the election is over.",
	},
	{
		id: "own-vote-counted-twice",
		family: "votes",
		causes: ["votes-counted"],
		breaks: "safety",
		mistake: "A candidate counts its own vote twice.",
		story:
			"A candidate votes for itself (§5.2), once. The counter starts at one, and the list of votes, in which its own stands too, is added to it. One vote out of three servers, or two out of five, is then a majority: everyone who stands is elected.",
		edits: [
			{
				file: "elections.ts",
				find: "return isMajority(state, [...state.ballots.values()].filter((granted) => granted).length);",
				replace: "return isMajority(state, 1 + [...state.ballots.values()].filter((granted) => granted).length);",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "one-refusal-is-enough",
		family: "votes",
		causes: ["votes-refused"],
		breaks: "liveness",
		mistake: "A candidate gives up as soon as one server refuses its vote.",
		story:
			"A candidate wins with the votes of a majority, whatever the others say (§5.2). A refusal means that somebody else is better or has been chosen, so why go on? But one server that can't be convinced, since it has entries that nobody else will ever have, now prevents all elections in which it answers early. Seen in Floyd: https://github.com/PikaLabs/floyd/issues/38",
		edits: [
			{
				file: "elections.ts",
				find: "state.ballots.set(from, reply.voteGranted);",
				replace: 'state.ballots.set(from, reply.voteGranted);\n\tif (!reply.voteGranted) state.role = "follower";',
			},
		],
		caughtBy: { test: "StubbornVoter", schedule: "calm" },
		hiddenBecause:
			"In the labs the refusing server is one among several answers, and in no particular order; sooner or later a yes comes first, and the test has seconds for that.",
	},
];
