import type { Mutant } from "./mutant.ts";

/** Terms: Raft's clock. Who sees a later one adopts it; who is in an earlier one has nothing to say. */
export const terms: readonly Mutant[] = [
	{
		id: "leader-takes-its-office-along",
		family: "terms",
		causes: ["no-step-down"],
		breaks: "safety",
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
		causes: ["term-not-adopted"],
		breaks: "liveness",
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
		causes: ["term-lowered"],
		breaks: "safety",
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
		causes: ["term-not-adopted"],
		breaks: "liveness",
		mistake: "A candidate stands in term 1, rather than in the one after its current term.",
		story:
			"To begin an election, a follower increments its current term (§5.2). An initial value stands where the increment should: the first election can't tell the difference. When the first leader is gone, nobody can stand again, as everyone has voted in term 1.",
		edits: [{ file: "elections.ts", find: "state.currentTerm += 1;", replace: "state.currentTerm = 1;" }],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "higher-term-in-replies-ignored",
		family: "terms",
		causes: ["term-not-adopted", "no-step-down"],
		breaks: "liveness",
		mistake: "A server that sees a higher term in a reply ignores the reply, and stays in its term.",
		story:
			"Whoever sees a higher term, in a request or in a response, adopts it (figure 2, rules for all servers). The handlers of requests all begin with that rule; replies are handled elsewhere, and this one merely looks outdated. A server that has missed many elections climbs up by one term each time it stands, and a leader that is no longer one does not hear of it.",
		edits: [
			{
				file: "core.ts",
				find: "becomeFollower(state, reply.term); // §5.1, for every reply alike\n\t\treturn;",
				replace: "return;",
			},
		],
		caughtBy: { test: "FarBehind", schedule: "calm" },
		hiddenBecause:
			"In the labs terms are a few elections apart, and the server that is ahead also stands itself: its own requests tell the others of its term.",
	},
	{
		id: "append-without-adopting-the-term",
		family: "terms",
		causes: ["term-not-adopted"],
		breaks: "safety",
		mistake: "A server follows a leader of a higher term, but stays in its own.",
		story:
			"A server that sees a higher term adopts it (§5.1), also from an AppendEntries. It becomes a follower and takes the entries, and everything that one can see is as it should be. But it goes on obeying whoever is not behind its own old term: a leader that was voted out, or was cut off meanwhile, can overwrite what the new one has committed.",
		edits: [{ file: "append-entries.ts", find: "becomeFollower(state, term);", replace: 'state.role = "follower";' }],
		caughtBy: { test: "DeposedLeader", schedule: "calm" },
		hiddenBecause:
			"The old leader's request must arrive after the new one's at a server that has not voted in the new term. The labs cut servers off, but never hold a request back while others pass it.",
	},
	{
		id: "old-leader-obeyed",
		family: "terms",
		causes: ["old-leader-obeyed"],
		breaks: "safety",
		mistake: "A server takes entries from a leader whose term is over.",
		story:
			"Reply false if term < currentTerm (figure 2, AppendEntries, receiver's rule 1). The reply carries the term, from which the old leader learns that it is none any more; that seems to be enough. By then the server has cut its log where the old leader's differs, and entries that were committed since are gone. A leader even steps down for its predecessor. Seen in nats-server: https://github.com/nats-io/nats-server/pull/5314",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (args.term < state.currentTerm) return refuse(state, null, log.lastIndex + 1);",
				replace: "",
			},
		],
		caughtBy: { test: "DeposedLeader", schedule: "calm" },
	},
	{
		id: "candidate-deaf-to-its-terms-leader",
		family: "terms",
		causes: ["no-step-down"],
		breaks: "liveness",
		mistake: "A candidate refuses AppendEntries from the leader of its own term.",
		story:
			"A candidate that hears from a leader whose term is at least as large as its own recognizes it and becomes a follower (§5.2). Only a higher term makes a server step down elsewhere, and the same comparison is used here. Whoever has lost an election then stays a candidate until its timer rings, raises the term and brings down the leader that the others had just agreed on. Seen in goraft: https://github.com/goraft/raft/issues/53",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (args.term < state.currentTerm) return",
				replace:
					'const isRival = state.role === "candidate" && args.term === state.currentTerm;\n\tif (args.term < state.currentTerm || isRival) return',
			},
		],
		caughtBy: { test: "Persist2", schedule: "calm", within: 5 },
	},
];
