import type { Mutant } from "./mutant.ts";

/** Giving a vote: to whom, and how often. */
export const votes: readonly Mutant[] = [
	{
		id: "vote-twice-in-a-term",
		family: "votes",
		causes: ["votes-twice"],
		breaks: "safety",
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
		causes: ["votes-twice"],
		breaks: "safety",
		mistake: "A server that becomes a follower forgets whom it has voted for, even if its term stays the same.",
		story:
			"A vote belongs to a term (figure 2: candidateId that received vote in current term), so it is only forgotten when the term grows. Resetting it along with the role looks tidy. But a candidate that meets its term's leader steps down in that term, and can then vote a second time. Seen in akka-raft: https://github.com/ktoso/akka-raft/issues/56",
		edits: [
			{
				file: "state.ts",
				find: '\tstate.role = "follower";\n}',
				replace: '\tstate.role = "follower";\n\tstate.votedFor = null;\n}',
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
	},
	{
		id: "vote-without-looking-at-logs",
		family: "votes",
		causes: ["log-comparison"],
		breaks: "safety",
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
		causes: ["log-comparison"],
		breaks: "safety",
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
		causes: ["log-comparison"],
		breaks: "safety",
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
		causes: ["votes-refused"],
		breaks: "liveness",
		mistake: "A server that moves on to a higher term keeps the vote that it gave in the old one.",
		story:
			"votedFor is the vote in the current term, null if none (figure 2). Setting it when a vote is given is easy to see; that a new term clears it stands nowhere as a step. The first election works; when that leader is gone, everyone has voted already, and nobody is ever elected again.",
		edits: [{ file: "state.ts", find: "\t\tstate.votedFor = null;\n", replace: "" }],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "server-zero-is-nobody",
		family: "votes",
		causes: ["votes-twice"],
		breaks: "safety",
		mistake: "A server that has voted for server 0 takes itself for free to vote again.",
		story:
			"A server votes for at most one candidate in a term (§5.2). `!this.votedFor` reads like a test for no vote yet, and 0 is a server, but in JavaScript it is also false. Only votes for server 0 are given twice, and only when somebody else stands in the same term: then that term has two leaders.",
		edits: [
			{
				file: "elections.ts",
				find: "const isFree = state.votedFor === null ||",
				replace: "const isFree = !state.votedFor ||",
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"Server 0 must be the first of two candidates of one term, and the voter must be asked by the other one, too. Random timeouts rarely bring that about, and no test of the labs looks for it.",
	},
	{
		id: "own-vote-not-noted",
		family: "votes",
		causes: ["votes-twice"],
		breaks: "safety",
		mistake: "A candidate counts its own vote, but does not note in votedFor that it has given it.",
		story:
			"To begin an election, a follower increments its term and votes for itself (§5.2), and that vote is one like any other. The counter starts at one, and it seems that this was the vote. If another candidate of the same term asks, the server gives the same vote again, and both may have a majority. Seen in NebulaGraph: https://github.com/vesoft-inc/nebula/pull/3415",
		edits: [{ file: "elections.ts", find: "state.votedFor = state.me;", replace: "state.votedFor = null;" }],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
	},
	{
		id: "second-request-refused",
		family: "votes",
		causes: ["votes-refused"],
		breaks: "liveness",
		mistake: "A server that has voted refuses everybody in this term, also the candidate that it has voted for.",
		story:
			"A vote is granted if votedFor is null or candidateId (figure 2, RequestVote): requests are repeated when an answer is lost (§5.1), and the answer must then be the same. That a server votes once a term is remembered, the second half of the condition isn't. A vote whose answer is lost is gone for good, and on a bad network few elections are won. Seen in NebulaGraph: https://github.com/vesoft-inc/nebula/pull/2419",
		edits: [
			{
				file: "elections.ts",
				find: "const isFree = state.votedFor === null || state.votedFor === args.candidateId;",
				replace: "const isFree = state.votedFor === null;",
			},
		],
		caughtBy: { test: "SlowVotes", schedule: "calm" },
		hiddenBecause:
			"The labs' networks answer within an instant or not at all: a request is hardly ever repeated before its answer is in, and if it is, the next election a moment later makes up for it.",
	},
	{
		id: "shorter-log-refused-whatever-its-term",
		family: "votes",
		causes: ["votes-refused", "log-comparison"],
		breaks: "liveness",
		mistake: "A voter refuses a candidate whose log is shorter than its own, even if it ends in a later term.",
		story:
			"The length of the logs counts only if their last terms are the same (§5.4.1). To refuse if either the term or the length is less looks like the safe way to say up-to-date. Then two servers can each refuse the other: one for its earlier term, one for its shorter log. If the third is down, nobody is ever elected. Seen in hashicorp/raft: https://github.com/hashicorp/raft/issues/94",
		edits: [
			{
				file: "elections.ts",
				find: "if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;",
				replace: "if (candidate.lastLogTerm < lastTerm) return false;",
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
	{
		id: "length-compared-in-the-current-term-only",
		family: "votes",
		causes: ["log-comparison"],
		breaks: "safety",
		mistake: "A voter looks at the length of a candidate's log only if that log ends in the current term.",
		story:
			"If two logs end with the same term, the longer one is more up-to-date (§5.4.1). Which term is to be the same, the sentence leaves to the reader, and currentTerm is the variable at hand. But a candidate has just raised the term, so no log ends in it, and the lengths are never compared: a server that lacks committed entries is elected. Seen in InfluxDB: https://github.com/influxdata/influxdb/pull/1663",
		edits: [
			{
				file: "elections.ts",
				find: "if (candidate.lastLogTerm !== lastTerm) return candidate.lastLogTerm > lastTerm;",
				replace: "if (candidate.lastLogTerm !== state.currentTerm) return candidate.lastLogTerm >= lastTerm;",
			},
		],
		caughtBy: { test: "FailAgree", schedule: "calm" },
	},
	{
		id: "logs-compared-by-what-is-committed",
		family: "votes",
		causes: ["log-comparison"],
		breaks: "safety",
		mistake: "Candidates and voters compare what they know to be committed, not what is in their logs.",
		story:
			"Up-to-date is said of the last entries in the logs (§5.4.1). What matters is that committed entries survive, so comparing commitIndex seems more to the point. But an entry is committed before anyone but the leader knows it: if that leader fails, a server without the entry looks just as good as those that have it.",
		edits: [
			{
				file: "elections.ts",
				find: "lastLogIndex: state.log.lastIndex,\n\t\tlastLogTerm: state.log.lastTerm,",
				replace: "lastLogIndex: state.commitIndex,\n\t\tlastLogTerm: state.log.termAt(state.commitIndex) ?? 0,",
			},
			{
				file: "elections.ts",
				find: "const { lastIndex, lastTerm } = state.log;",
				replace: "const lastIndex = state.commitIndex;\n\tconst lastTerm = state.log.termAt(lastIndex) ?? 0;",
			},
		],
		caughtBy: { test: "Persist2", schedule: "calm" },
	},
	{
		id: "leader-forgets-its-vote",
		family: "votes",
		causes: ["votes-twice"],
		breaks: "safety",
		mistake: "A leader that steps down forgets that it has voted for itself, even if its term stays the same.",
		story:
			"A vote lasts as long as the term (figure 2, votedFor). A leader may step down in its own term, when a majority no longer answers it, and starting with a clean slate looks harmless. A delayed request of another candidate in that very term gets its vote, and the term a second leader. Seen in nats-server: https://github.com/nats-io/nats-server/pull/7698",
		edits: [
			{
				file: "state.ts",
				find: 'if (state.role === "leader") state.effects.resetElectionTimer = true;',
				replace: `if (state.role === "leader") {
		state.effects.resetElectionTimer = true;
		state.votedFor = null;
	}`,
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"A candidate of the very term that a leader has just given up must still be waiting for answers. In the labs whoever is cut off that long has gone on to later terms.",
	},
];
