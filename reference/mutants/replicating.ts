import type { Mutant } from "./mutant.ts";

/** Replication at the leader: what it sends, and what it concludes from the answers. */
export const replicating: readonly Mutant[] = [
	{
		id: "never-back-up",
		family: "log",
		causes: ["back-up"],
		breaks: "liveness",
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
		causes: ["back-up", "too-many-messages"],
		breaks: "liveness",
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
		causes: ["match-index"],
		breaks: "safety",
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
		causes: ["match-index"],
		breaks: "safety",
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
		causes: ["too-many-bytes"],
		breaks: "limits",
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
		causes: ["consistency-check"],
		breaks: "liveness",
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
	{
		id: "match-kept-from-the-last-office",
		family: "log",
		causes: ["match-index"],
		breaks: "safety",
		mistake: "A server that is elected again goes on with the matchIndex that it had when it led before.",
		story:
			"nextIndex and matchIndex are reinitialized after each election (figure 2, volatile state on leaders). What a follower once had, it should still have. But a leader in between may have made it cut its log; entries are then committed that are on fewer servers than were counted.",
		edits: [
			{
				file: "elections.ts",
				find: "Array.from({ length: state.size }, () => ({",
				replace: "Array.from({ length: state.size }, (_, server) => ({",
			},
			{ file: "elections.ts", find: "matchIndex: 0,", replace: "matchIndex: state.trackers[server]?.matchIndex ?? 0," },
		],
		caughtBy: { test: "OldOfficeRemembered", schedule: "calm" },
	},
	{
		id: "answers-of-an-earlier-office-counted",
		family: "log",
		causes: ["match-index"],
		breaks: "safety",
		mistake:
			"A leader takes an answer to a request that it sent when it led an earlier term for an answer to one of now.",
		story:
			"What a reply says, it says about the term in which it was asked for (§5.1); one that is out of date is to be dropped. The reply's own term is not higher than the leader's, and that looks like the only thing to check. Between the two terms another leader may have removed the entries that the follower reports.",
		edits: [
			{
				file: "replication.ts",
				find: 'return state.role === "leader" && term === state.currentTerm;',
				replace: 'return state.role === "leader";',
			},
		],
		caughtBy: { test: "OldOffice", schedule: "calm" },
		hiddenBecause:
			"An answer would have to stay on its way while its leader loses the leadership, loses the entries, and wins again. The labs delay answers by two seconds at most, and only where leaders rarely return.",
	},
	{
		id: "late-refusal-never-made-good",
		family: "log",
		causes: ["back-up", "too-many-bytes"],
		breaks: "limits",
		mistake: "A refusal that comes late sets nextIndex back, and only a growing matchIndex brings it forward again.",
		story:
			"Replies may come late and in any order (§5.1): a refusal of a guess that was corrected since means nothing. And nextIndex follows from each success (figure 2, leaders), not only from one that brings something new. Both together look careful. But once a late refusal has taken nextIndex back, no success changes it any more, and the leader sends the same entries over and over. Seen in Truxify: https://github.com/KanishJebaMathewM/Truxify/issues/8669",
		edits: [
			{
				file: "replication.ts",
				find: `} else if (args.prevLogIndex === tracker.nextIndex - 1 && args.prevLogIndex > tracker.matchIndex) {
		tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));
	} else {
		return; // an old refusal, of a guess that has been corrected since
	}`,
				replace: "} else {\n\t\ttracker.nextIndex = backUp(state, args, reply);\n\t}",
			},
			{
				file: "replication.ts",
				find: "\ttracker.matchIndex = Math.max(tracker.matchIndex, index);\n\ttracker.nextIndex = Math.max(tracker.nextIndex, tracker.matchIndex + 1);",
				replace: `	if (index > tracker.matchIndex) {
		tracker.matchIndex = index;
		tracker.nextIndex = index + 1;
	}`,
			},
		],
		caughtBy: { test: "LateRefusal", schedule: "calm" },
		hiddenBecause:
			"The labs count bytes only on a network on which nothing comes late; where refusals do come late, nobody counts.",
	},
	{
		id: "one-entry-a-heartbeat",
		family: "log",
		causes: ["back-up"],
		breaks: "liveness",
		mistake: "After a refusal a leader goes back by one entry, and tries again with its next heartbeat.",
		story:
			"Decrement nextIndex and retry (figure 2, leaders) is what the paper asks for at first; the end of §5.3 tells how to skip a whole term at once. The retry is left to the timer, that sends every 100 ms anyway. A follower that is 50 entries off then needs five seconds to be found, and the lab expects an agreement before that.",
		edits: [
			{
				file: "replication.ts",
				find: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));",
				replace: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, tracker.nextIndex - 1);\n\t\treturn;",
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "calm" },
	},
	{
		id: "one-entry-a-refusal",
		family: "log",
		causes: ["back-up"],
		breaks: "liveness",
		mistake: "A leader goes back by one entry for each refusal.",
		story:
			"The end of §5.3 tells how to skip a whole term in conflict at once; figure 2 only says to decrement nextIndex. The paper doubts that the optimization is needed in practice, and so it is left out. It costs a round trip an entry, and logs that are hundreds of entries apart, on a network on which most replies are late, do not come together before the next election.",
		edits: [
			{
				file: "replication.ts",
				find: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, backUp(state, args, reply));",
				replace: "tracker.nextIndex = Math.max(tracker.matchIndex + 1, tracker.nextIndex - 1);",
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "calm" },
	},
];
