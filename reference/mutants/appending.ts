import type { Mutant } from "./mutant.ts";

/** Replication at the follower: what it takes, what it refuses, and what it answers. */
export const appending: readonly Mutant[] = [
	{
		id: "no-consistency-check",
		family: "log",
		causes: ["consistency-check"],
		breaks: "safety",
		mistake: "A follower appends entries without checking that its entry before them is the leader's.",
		story:
			"A follower refuses entries if its log has none at prevLogIndex with prevLogTerm (§5.3): that is what makes logs with the same last entry the same all the way. That there is some entry looks good enough. A server that comes back with an old leader's entries keeps them below the new ones, and applies them.",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (prevTerm !== args.prevLogTerm) return refuse(state, prevTerm, log.firstIndexOfTermAt(args.prevLogIndex));",
				replace: "",
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
	{
		id: "heartbeat-needs-no-check",
		family: "log",
		causes: ["consistency-check"],
		breaks: "safety",
		mistake: "A follower answers an AppendEntries without entries with success, before the consistency check.",
		story:
			"A heartbeat is an AppendEntries that happens to carry no entries, and is handled no differently (figure 2; §5.2). As there is nothing to append, there seems to be nothing to check. But success tells the leader that the logs agree up to prevLogIndex, and lets the follower commit up to there what it should have discarded.",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (args.prevLogIndex > log.lastIndex) return refuse(state, null, log.lastIndex + 1);",
				replace: `if (args.entries.length === 0) {
		state.commitIndex = Math.max(state.commitIndex, Math.min(args.leaderCommit, log.lastIndex));
		return { term: state.currentTerm, success: true, conflictTerm: null, conflictIndex: 0 };
	}
	if (args.prevLogIndex > log.lastIndex) return refuse(state, null, log.lastIndex + 1);`,
			},
		],
		caughtBy: { test: "FailAgree", schedule: "calm" },
	},
	{
		id: "truncate-at-every-append",
		family: "log",
		causes: ["truncation"],
		breaks: "safety",
		mistake: "A follower cuts its log after prevLogIndex whenever entries come, whether or not they conflict.",
		story:
			"Only if an existing entry conflicts with a new one is it deleted, with all that follow (figure 2, AppendEntries, receiver's rule 3). Cutting and appending gives the leader's log in two lines. But a request that was overtaken by a later one then takes away entries that the follower has already vouched for. Seen in hashicorp/raft: https://github.com/hashicorp/raft/pull/113",
		edits: [
			{
				file: "log.ts",
				find: "if (index <= this.#lastIncludedIndex || this.termAt(index) === entry.term) continue;",
				replace: "if (index <= this.#lastIncludedIndex) continue;",
			},
		],
		caughtBy: { test: "UnreliableAgree", schedule: "calm" },
	},
	{
		id: "append-without-looking",
		family: "log",
		causes: ["conflicts-kept"],
		breaks: "safety",
		mistake: "A follower puts new entries at the end of its log, without looking whether it has them already.",
		story:
			"Append any new entries not already in the log (figure 2, AppendEntries, receiver's rule 4): requests are repeated when a reply is lost, and must do no harm then (§5.5). With a network that loses nothing each request comes once. Otherwise entries stand twice in the log, and all that come after them at a wrong index.",
		edits: [
			{
				file: "log.ts",
				find: "if (index <= this.#lastIncludedIndex || this.termAt(index) === entry.term) continue;",
				replace: "if (index <= this.#lastIncludedIndex) continue;",
			},
			{ file: "log.ts", find: "this.#entries.length = index - this.#lastIncludedIndex - 1;", replace: "" },
		],
		caughtBy: { test: "UnreliableAgree", schedule: "calm" },
	},
	{
		id: "conflicting-entries-kept",
		family: "log",
		causes: ["conflicts-kept"],
		breaks: "safety",
		mistake: "A follower that has entries at the new ones' indices keeps its own, even if their terms differ.",
		story:
			"If an existing entry conflicts with a new one (same index, different term), delete it and all that follow it (§5.3). Skipping what is there already is right for repeated requests, and here goes by the index alone. The entries that an old leader left behind stay, and are applied as if the new leader had sent them.",
		edits: [
			{
				file: "log.ts",
				find: "if (index <= this.#lastIncludedIndex || this.termAt(index) === entry.term) continue;",
				replace: "if (index <= this.lastIndex) continue;",
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
	{
		id: "tail-kept-behind-a-conflict",
		family: "log",
		causes: ["conflicts-kept"],
		breaks: "safety",
		mistake:
			"A follower overwrites the entries that conflict with the new ones, but keeps its own that follow after these.",
		story:
			"A conflicting entry is deleted, and all that follow it (figure 2, AppendEntries, receiver's rule 3). Writing each new entry at its index gives the same log as long as the new ones reach to the end. If they don't, an old leader's entries stay behind them, where the new leader's next ones are taken to be. Seen in MoFA: https://github.com/mofa-org/mofa/issues/1150",
		edits: [
			{
				file: "log.ts",
				find: "this.#entries.length = index - this.#lastIncludedIndex - 1;",
				replace: "",
			},
			{
				file: "log.ts",
				find: "for (const fresh of entries.slice(i)) this.#entries.push(fresh);",
				replace:
					"for (const [n, fresh] of entries.slice(i).entries()) this.#entries[index - this.#lastIncludedIndex - 1 + n] = fresh;",
			},
		],
		caughtBy: { test: "TailOfAnOldLeader", schedule: "calm" },
	},
	{
		id: "same-command-same-entry",
		family: "log",
		causes: ["conflicts-kept"],
		breaks: "liveness",
		mistake:
			"A follower keeps an entry of its own if its command is the one in the leader's entry, though the terms differ.",
		story:
			"Entries conflict if they have the same index but different terms (§5.3): index and term say which entry it is, the command doesn't. If the command is the same, there seems to be nothing to replace. But clients repeat commands. The follower keeps the old term, fails the consistency check for the next entry, backs up, and keeps it again.",
		edits: [
			{
				file: "log.ts",
				find: "if (index <= this.#lastIncludedIndex || this.termAt(index) === entry.term) continue;",
				replace:
					"if (index <= this.#lastIncludedIndex) continue;\n\t\t\tif (index <= this.lastIndex && this.entryAt(index).command === entry.command) continue;",
			},
		],
		caughtBy: { test: "DeposedAndRestarted", schedule: "calm" },
	},
	{
		id: "follower-answers-with-its-last-index",
		family: "log",
		causes: ["match-index"],
		breaks: "safety",
		mistake:
			"A follower answers AppendEntries with the last index in its log, and the leader takes that for what matches.",
		story:
			"A success says that the logs agree up to the last entry of that request (§5.3; figure 2: matchIndex). The follower's last index is easier to send than to compute, and mostly the same. What it has beyond the request may be an old leader's, and is counted towards a majority as if it were this one's. Seen in RavenDB: https://github.com/ravendb/ravendb/pull/9330",
		edits: [
			{
				file: "append-entries.ts",
				find: "success: true, conflictTerm: null, conflictIndex: 0 };",
				replace: "success: true, conflictTerm: null, conflictIndex: log.lastIndex };",
			},
			{
				file: "replication.ts",
				find: "noteMatch(state, tracker, args.prevLogIndex + args.entries.length);",
				replace: "noteMatch(state, tracker, reply.conflictIndex);",
			},
		],
		caughtBy: { test: "FailNoAgree", schedule: "calm", within: 5 },
	},
];
