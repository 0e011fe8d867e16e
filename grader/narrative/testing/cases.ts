import type { SourceEdit } from "../../../harness/index.ts";
import type { TestId } from "../../../labs/catalog.ts";
import type { Wrong } from "../story.ts";
import type { Guilt } from "./ground-truth.ts";

/** A mistake of which the story should name who made it. */
export interface Case {
	readonly mutant: string;
	/** What a server that makes it is guilty of. */
	readonly guilt: readonly Guilt[];
	/** Tests in which it comes to light. */
	readonly tests: readonly TestId[];
}

const VOTES = ["second-vote", "vote-forgotten"] as const;
const COUNTS = ["no-majority"] as const;
const LOGS = ["worse-log"] as const;
const LEADER = ["leader-commits"] as const;
const FOLLOWER = ["follower-commits"] as const;
const FORGETS = ["log-forgotten"] as const;
const FORGETS_TERM = ["term-forgotten", "vote-forgotten"] as const;
const FORGETS_VOTE = ["vote-forgotten"] as const;

function make(guilt: readonly Guilt[], mutants: Readonly<Record<string, readonly TestId[]>>): Case[] {
	return Object.entries(mutants).map(([mutant, tests]) => ({ mutant, guilt, tests }));
}

/** The mistakes of the families of the vote, the commit and persistence that break a promise, so that an invariant catches them. */
export const cases: readonly Case[] = [
	...make(VOTES, {
		"vote-twice-in-a-term": ["ManyElections", "VotersCrash", "Figure8Unreliable"],
		"forget-vote-on-stepping-down": ["ManyElections", "VotersCrash", "Figure8Unreliable"],
		"server-zero-is-nobody": ["VotersCrash"],
		"own-vote-not-noted": ["ReElection", "ManyElections"],
	}),
	...make(LOGS, {
		"vote-without-looking-at-logs": ["FailAgree", "Backup", "Persist2"],
		"longer-log-wins": ["Rejoin", "Backup", "Figure8Unreliable"],
		"later-term-or-longer-log-wins": ["Backup", "Figure8Unreliable"],
		"length-compared-in-the-current-term-only": ["FailAgree", "Persist2", "OldAcknowledgements"],
		"logs-compared-by-what-is-committed": ["Persist2", "Persist3", "OutOfOrder"],
	}),
	...make(COUNTS, {
		"majority-of-the-answers": ["ReElection", "ManyElections", "FailAgree"],
		"every-answer-is-a-vote": ["ManyElections", "FailAgree", "Backup"],
		"votes-of-an-older-election-counted": ["OldVotes"],
		"repeated-vote-counted-again": ["SevenInTrouble"],
		"own-vote-counted-twice": ["ReElection", "FollowerFailure", "Rejoin"],
	}),
	...make(LEADER, {
		"count-oneself-twice": ["FailNoAgree", "LeaderFailure", "OutOfOrder"],
		"new-leader-commits-all": ["Figure8Unreliable", "Figure8Story"],
		"median-sorted-as-text": ["Backup", "Figure8Unreliable"],
		"old-entries-committed-by-count": ["Figure8Story"],
	}),
	...make(FOLLOWER, {
		"commit-beyond-last-new-entry": ["Backup", "OutOfOrder", "OldAcknowledgements"],
		"commit-before-the-check": ["Rejoin", "Figure8Unreliable", "FollowersCrash"],
		"follower-commits-what-it-gets": ["FailNoAgree", "Backup", "Minorities"],
	}),
	...make(FORGETS, {
		"log-not-saved": ["Persist1", "RestartAtCommit", "Minorities"],
		"follower-does-not-save-entries": ["Persist1", "RestartAtCommit"],
		"leader-does-not-save-entries": ["Persist3", "RestartAtCommit"],
		"stored-log-never-cut": ["Minorities", "FollowersCrash", "VotersCrash"],
	}),
	...make([...FORGETS, ...LOGS, ...FOLLOWER], { "terms-of-entries-not-restored": ["FollowersCrash", "VotersCrash"] }),
	...make(FORGETS_TERM, {
		"term-not-saved": ["Persist1", "VotersCrash"],
		"candidate-does-not-save-its-term": ["Persist2", "CandidatesCrash"],
		"adopted-term-not-saved": ["SevenInTrouble"],
		"vote-saved-in-a-timer": ["VotersCrash", "FollowersCrash"],
	}),
	...make(FORGETS_VOTE, {
		"vote-not-saved": ["VotersCrash"],
		"vote-for-server-zero-not-saved": ["VotersCrash"],
	}),
	...make([...FORGETS, ...FORGETS_TERM], { "save-a-little-later": ["Figure8", "RestartAtCommit", "VotersCrash"] }),
];

/** A mistake in a solution that names its messages and their fields otherwise than the model solution. */
export interface Stranger {
	/** Relative to `reference/`. */
	readonly file: string;
	readonly edit: SourceEdit;
	readonly test: TestId;
	readonly wrong: Wrong;
}

/** Mistakes whose story must come out right whatever things are called. */
export const strangers: readonly Stranger[] = [
	{
		file: "styles/callbacks.ts",
		edit: {
			file: "callbacks.ts",
			find: "const free = votedFor === NOBODY || votedFor === args.candidate;",
			replace: "const free = true;",
		},
		test: "ManyElections",
		wrong: "voted-twice",
	},
	{
		file: "styles/callbacks.ts",
		edit: {
			file: "callbacks.ts",
			find: "args.term === term && free && upToDate",
			replace: "args.term === term && free",
		},
		test: "FailAgree",
		wrong: "voted-for-a-worse-log",
	},
	{
		file: "styles/callbacks.ts",
		edit: { file: "callbacks.ts", find: "[majority - 1] as number;", replace: "[majority - 2] as number;" },
		test: "FailNoAgree",
		wrong: "committed-without-majority",
	},
	{
		file: "styles/callbacks.ts",
		edit: { file: "callbacks.ts", find: "if (higherTerm || granted) save();", replace: "" },
		test: "VotersCrash",
		wrong: "forgot-its-vote",
	},
	{
		file: "styles/roles/raft.ts",
		edit: {
			file: "follower.ts",
			find: "if (!server.log.isUpToDate(request.lastIndex, request.lastTerm)) return false;",
			replace: "",
		},
		test: "FailAgree",
		wrong: "voted-for-a-worse-log",
	},
	{
		file: "styles/roles/raft.ts",
		edit: {
			file: "follower.ts",
			find: "Math.min(request.commitIndex, prevIndex + entries.length)",
			replace: "prevIndex + entries.length",
		},
		test: "FailNoAgree",
		wrong: "applied-uncommitted",
	},
];
