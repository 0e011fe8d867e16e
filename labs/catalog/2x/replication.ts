import type { Entry } from "../entry.ts";
import { NOT_LOOKED_AGAIN } from "./shared-causes.ts";

/** Which entries stay, which go, and what an old leader's answers are worth. */
export const replication = [
	{
		id: "DeposedLeader",
		part: "2X",
		title: "a leader's request that comes when there is another",
		points: 2,
		servers: 5,
		story:
			"A leader's entries are on their way to a follower. Meanwhile others elect a new leader, which brings that follower another entry, and commits it. Then the old request arrives. What was committed must stay.",
		paper: "§5.1; figure 2 (AppendEntries 1)",
		causes: [
			"A server takes entries from a leader whose term is over.",
			"A server follows a leader of a higher term, but stays in its own.",
		],
		aims: ["old-leader-obeyed", "term-not-adopted"],
	},
	{
		id: "DeposedLeaderRaces",
		part: "2X",
		title: "two leaders' requests at the same moment",
		points: 2,
		servers: 5,
		story:
			"As in DeposedLeader, but the old leader's request and the new one's arrive at the same moment, while a handler may still be waiting for something.",
		paper: "§5.1; figure 2 (AppendEntries 1)",
		causes: [
			"A request's term is checked, then something is awaited, and then the request is carried out whatever the term is by then.",
			"A server follows a leader of a higher term, but stays in its own.",
		],
		aims: ["old-leader-obeyed", "term-not-adopted"],
	},
	{
		id: "DeposedLeaderHears",
		part: "2X",
		title: "a deposed leader hears an old answer",
		points: 2,
		servers: 5,
		story:
			"A leader learns that there is a later term. Then an answer to one of its own requests arrives. It must not go on as if it still led: what it would send carries the new leader's term.",
		paper: "§5.1; figure 2 (rules for all servers)",
		causes: [
			NOT_LOOKED_AGAIN,
			"The loop that sends entries goes on after its server has stepped down, with the new term in its messages.",
		],
		aims: ["no-step-down"],
	},
	{
		id: "DeposedLeaderSends",
		part: "2X",
		title: "a leader that is deposed as it sends",
		points: 2,
		servers: 5,
		story:
			"A leader gets a command, and at the same moment a request for its vote in a later term. Whatever it still sends must not be taken for the new leader's.",
		paper: "§5.1; figure 2 (AppendEntries: leader's term)",
		causes: ["A request is put together after an await, with the term that the server has by then.", NOT_LOOKED_AGAIN],
		aims: ["no-step-down"],
	},
	{
		id: "OldOffice",
		part: "2X",
		title: "an answer from an earlier term of office",
		points: 2,
		servers: 5,
		story:
			"A follower's answer is held back until its leader has been deposed, the entries it is about have been overwritten, and the leader has been elected again. It must not count them.",
		paper: "§5.1, §5.3; figure 2 (matchIndex)",
		causes: [NOT_LOOKED_AGAIN, "matchIndex is taken from the length of the leader's log."],
		aims: ["match-index"],
	},
	{
		id: "OldOfficeRemembered",
		part: "2X",
		title: "what was known in an earlier term of office",
		points: 2,
		servers: 5,
		story:
			"As in OldOffice, but the answer comes in time. When the leader has been deposed and is elected again, what it knew of its followers is worth nothing.",
		paper: "figure 2 (volatile state on leaders: reinitialized after election)",
		causes: [
			"matchIndex and nextIndex are kept from when the server led before.",
			"matchIndex is not set back to 0 after an election.",
		],
		aims: ["match-index"],
	},
	{
		id: "TailOfAnOldLeader",
		part: "2X",
		title: "what follows a conflicting entry",
		points: 2,
		servers: 5,
		story:
			"A follower has several entries of an old leader's; a new leader replaces the first of them by a single one, which is committed. The old leader, whose log is as long as the follower's was, asks for that follower's vote.",
		paper: "§5.3, §5.4.1; figure 2 (AppendEntries 3)",
		causes: [
			"Only the conflicting entry is replaced: what follows it in the log stays.",
			"What was cut from the log stays in stable storage.",
		],
		aims: ["conflicts-kept", "log-not-saved"],
	},
	{
		id: "Figure8Story",
		part: "2X",
		title: "figure 8, step by step",
		points: 2,
		servers: 5,
		story:
			"Figure 8 of the paper as it stands there: S1 replicates an entry to S2 alone and crashes; S5 wins, has another entry at that index, and crashes; S1 wins again and brings its old entry to a majority; it crashes, and S5 wins and overwrites it. So it must not have been committed.",
		paper: "§5.4.2, figure 8",
		causes: [
			"A leader counts replicas for entries of an earlier term. It may do so only for entries of its own; earlier ones are committed along with those.",
			"commitIndex is raised to the highest index that a majority has, without looking at the term of the entry there.",
		],
		aims: ["commit-old-term"],
	},
	{
		id: "Figure7Logs",
		part: "2X",
		title: "the logs of figure 7",
		points: 2,
		servers: 7,
		story:
			"Seven servers come by the logs of figure 7, term by term: some lack entries, some have others that were never committed, some both. Then the one at the top leads, and all must come to have its log.",
		paper: "§5.3, figure 7",
		causes: [
			"Entries that conflict are kept, or the tail behind them.",
			"After a refusal the leader goes back too far, or not far enough, or forward.",
			"Logs are compared by their length alone.",
		],
		aims: ["conflicts-kept", "back-up"],
	},
	{
		id: "LateRefusal",
		part: "2X",
		title: "a refusal that comes when all is well",
		points: 2,
		servers: 3,
		story:
			"A follower's first refusals arrive a second late, when it has long been sent what it lacked. The leader must not send that over and over: a second without commands is measured in bytes.",
		paper: "§5.3; figure 2 (nextIndex)",
		causes: [
			"A late refusal sets nextIndex back, and nothing brings it forward again.",
			"nextIndex is only changed when matchIndex grows.",
		],
		aims: ["back-up"],
	},
	{
		id: "DeposedAndRestarted",
		part: "2X",
		title: "an old leader's entries, over a restart",
		points: 2,
		servers: 3,
		story:
			"A leader that is alone takes commands that lead to nothing, and restarts: with them, or when others have taken their place. It must neither apply them nor have them again.",
		paper: "§5.3; figure 2 (log[], commitIndex)",
		causes: [
			"After a restart the whole log is taken for committed.",
			"What was cut from the log stays in stable storage.",
			"New entries are saved, but not that others have gone.",
		],
		aims: ["log-not-saved", "apply-uncommitted"],
	},
	{
		id: "LeaderAlone",
		part: "2X",
		title: "a leader that nobody hears, and its clients",
		points: 2,
		servers: 5,
		story:
			"A leader is cut off and goes on taking commands; clients elsewhere use its successor. When it is back, nothing of what it took alone may stand in anybody's way, nor be applied.",
		paper: "§5.3, §5.4.1, §8",
		causes: [
			"Entries that conflict with the leader's are not removed.",
			"The longer log wins, whatever its last term is.",
			"A leader that comes back doesn't step down when it hears of a later term.",
		],
		aims: ["conflicts-kept", "log-comparison", "no-step-down"],
	},
] as const satisfies readonly Entry[];
