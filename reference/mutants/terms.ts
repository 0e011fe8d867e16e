import type { Mutant } from "./mutant.ts";

/** Terms: Raft's clock. Who sees a later one adopts it; who is in an earlier one has nothing to say. */
export const terms: readonly Mutant[] = [
	{
		id: "leader-takes-its-office-along",
		family: "terms",
		mistake: "A server that sees a higher term adopts it, but stays what it was.",
		story:
			"A candidate or leader whose term is out of date immediately reverts to follower (§5.1). The term is updated where it is compared, and the role is left to whatever comes next. An old leader that comes back takes the new term from the new leader's heartbeat, and leads it too.",
		edits: [
			{
				file: "state.ts",
				find: '\tstate.role = "follower";\n}',
				replace: '\tif (state.role !== "leader") state.role = "follower";\n}',
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "vote-without-adopting-the-term",
		family: "terms",
		mistake: "A server grants a vote in a higher term, but stays in its own.",
		story:
			"A server that gets a request with a higher term first adopts that term (figure 2, rules for all servers), then applies the receiver's rules. Those speak only of term < currentTerm, and look complete. The vote is then noted under the wrong term, in which the server is not free for the next candidate.",
		edits: [
			{
				file: "elections.ts",
				find: "if (args.term > state.currentTerm) becomeFollower(state, args.term);",
				replace: "",
			},
			{
				file: "elections.ts",
				find: "args.term === state.currentTerm && isFree",
				replace: "args.term >= state.currentTerm && isFree",
			},
		],
		caughtBy: { test: "ManyElections", schedule: "calm", within: 5 },
	},
	{
		id: "term-of-any-reply-adopted",
		family: "terms",
		mistake: "A server takes over the term of any reply that differs from its own, also of an earlier one.",
		story:
			"A term increases monotonically (§5.1); only a higher one is adopted. To take the other's term whenever the two differ works as long as replies come in order. A server that was cut off meets others that are still in an earlier term, goes back to that, and may give a second vote in a term in which it has voted.",
		edits: [
			{
				file: "core.ts",
				find: "if (reply.term > state.currentTerm) {",
				replace: "if (reply.term !== state.currentTerm) {",
			},
			{ file: "state.ts", find: "if (term > state.currentTerm) {", replace: "if (term !== state.currentTerm) {" },
		],
		caughtBy: { test: "Persist2", schedule: "calm" },
	},
	{
		id: "every-candidate-in-term-one",
		family: "terms",
		mistake: "A candidate stands in term 1, rather than in the one after its current term.",
		story:
			"To begin an election, a follower increments its current term (§5.2). An initial value stands where the increment should: the first election can't tell the difference. When the first leader is gone, nobody can stand again, as everyone has voted in term 1.",
		edits: [{ file: "elections.ts", find: "state.currentTerm += 1;", replace: "state.currentTerm = 1;" }],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
];
