import type { Mutant } from "./mutant.ts";

/** Replication: what a leader sends, what a follower takes, and what the leader concludes from the answer. */
export const log: readonly Mutant[] = [
	{
		id: "no-consistency-check",
		family: "log",
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
		mistake: "A follower cuts its log after prevLogIndex whenever entries come, whether or not they conflict.",
		story:
			"Only if an existing entry conflicts with a new one is it deleted, with all that follow (figure 2, AppendEntries, receiver's rule 3). Cutting and appending gives the leader's log in two lines. But a request that was overtaken by a later one then takes away entries that the follower has already vouched for.",
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
		mistake:
			"A follower overwrites the entries that conflict with the new ones, but keeps its own that follow after these.",
		story:
			"A conflicting entry is deleted, and all that follow it (figure 2, AppendEntries, receiver's rule 3). Writing each new entry at its index gives the same log as long as the new ones reach to the end. If they don't, an old leader's entries stay behind them, where the new leader's next ones are taken to be.",
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
		caughtBy: { test: "Figure8Unreliable", schedule: "calm", within: 15 },
	},
	{
		id: "never-back-up",
		family: "log",
		mistake: "A leader whose entries are refused tries again with the same nextIndex at every heartbeat.",
		story:
			"If AppendEntries fails because of log inconsistency, decrement nextIndex and retry (figure 2, leaders). In the first tests no follower ever lacks anything, and the branch is left for later. A server that missed entries before this leader's election refuses for ever.",
		edits: [
			{
				file: "replication.ts",
				find: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));",
				replace: "return;",
			},
		],
		caughtBy: { test: "FailAgree", schedule: "calm" },
	},
	{
		id: "retry-the-same-at-once",
		family: "log",
		mistake: "A leader whose entries are refused sends the same request again at once.",
		story:
			"The retry must come with a lower nextIndex (§5.3). Here the retry is there, and the decrement isn't. On a network that answers in no time, leader and follower spend all of it on this one exchange.",
		edits: [
			{
				file: "replication.ts",
				find: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));",
				replace: "",
			},
		],
		caughtBy: { test: "FailAgree", schedule: "calm" },
	},
	{
		id: "match-all-of-my-log",
		family: "log",
		mistake:
			"When a follower answers with success, the leader takes it to have everything that is in the leader's log by now.",
		story:
			"matchIndex becomes prevLogIndex plus the number of entries in that request (figure 2, leaders). The leader has sent all it had, so its last index looks like the same thing. But start() has been called since: entries that were never sent count as replicated, and are never sent.",
		edits: [
			{
				file: "replication.ts",
				find: "noteMatch(state, tracker, args.prevLogIndex + args.entries.length);",
				replace: "noteMatch(state, tracker, state.log.lastIndex);",
			},
		],
		caughtBy: { test: "UnreliableAgree", schedule: "calm" },
	},
	{
		id: "match-counted-from-next-index",
		family: "log",
		mistake:
			"When a follower answers with success, the leader adds the number of entries to nextIndex as it is by then, not as it was when it sent them.",
		story:
			"Figure 2 has nextIndex and matchIndex updated on success, and leaves open to what. A reply speaks of its own request, so it follows from that request's arguments. `nextIndex += entries.length` reads naturally and is right when each request is answered once, in order. A request that was repeated is counted twice, and matchIndex says more than the follower has.",
		edits: [
			{
				file: "replication.ts",
				find: "noteMatch(state, tracker, args.prevLogIndex + args.entries.length);",
				replace: "noteMatch(state, tracker, tracker.nextIndex - 1 + args.entries.length);",
			},
		],
		caughtBy: { test: "UnreliableAgree", schedule: "calm", within: 5 },
	},
	{
		id: "send-the-whole-log",
		family: "log",
		mistake: "Each AppendEntries carries the whole log.",
		story:
			"A leader sends the log entries from nextIndex on (figure 2, leaders). With the whole log each time there is nothing to keep track of and nothing to back up, and everything is right in the end. Except that every command crosses the network again with every command after it.",
		edits: [
			{
				file: "replication.ts",
				find: "const prevLogIndex = Math.max(tracker.nextIndex - 1, log.lastIncludedIndex);",
				replace: "const prevLogIndex = log.lastIncludedIndex;",
			},
		],
		caughtBy: { test: "RPCBytes", schedule: "calm" },
	},
	{
		id: "prev-term-of-the-last-entry",
		family: "log",
		mistake: "prevLogTerm is the term of the leader's last entry, not of the one at prevLogIndex.",
		story:
			"prevLogTerm is the term of the prevLogIndex entry (figure 2), which is the leader's last one only as long as nothing new is there to be sent. Taken from the vote request, where it is lastLogTerm, it makes the follower refuse the very entries that it needs.",
		edits: [
			{
				file: "replication.ts",
				find: "prevLogTerm: log.termAt(prevLogIndex) ?? 0,",
				replace: "prevLogTerm: log.lastTerm,",
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
];
