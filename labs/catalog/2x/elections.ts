import type { Entry } from "../entry.ts";
import { NOT_LOOKED_AGAIN, NOT_SAVED } from "./shared-causes.ts";

/** Who may win an election, and who must. */
export const elections = [
	{
		id: "RivalsInATerm",
		part: "2X",
		title: "two candidates of one term, and the voter between them",
		points: 2,
		servers: 3,
		story:
			"Two servers stand in one term, and the third is asked by both: it learns of the term before, without a vote; it crashes and restarts when it has voted; both ask at the same moment; or the one that won hears from nobody and steps down in its term. Server 0 is among the candidates. No term may get two leaders.",
		paper: "§5.2; figure 2 (votedFor, persistent state)",
		causes: [
			NOT_SAVED,
			"votedFor is cleared on stepping down although the term stays the same.",
			"A vote for server 0 is taken for no vote, as 0 is false in JavaScript.",
			"The handler checks whether it is free to vote, awaits something, and then votes.",
		],
		aims: ["votes-twice", "vote-not-saved"],
	},
	{
		id: "VotesOfThePast",
		part: "2X",
		title: "a vote that arrives an election late",
		points: 2,
		servers: 3,
		story:
			"A vote is on its way when its candidate stands again, in the next term, and so does another one, who gets the voter's vote there. Then the old one arrives: at a candidate, or at one that follows by now.",
		paper: "§5.2; figure 2 (RequestVote)",
		causes: [
			NOT_LOOKED_AGAIN,
			"The count of votes is kept over elections, or a reply is matched to the present election instead of its own.",
		],
		aims: ["stale-votes", "votes-counted"],
	},
	{
		id: "OneVoterTwice",
		part: "2X",
		title: "one voter, asked twice, has one vote",
		points: 2,
		servers: 5,
		story:
			"Two candidates of one term each ask one voter, and ask it again as there is no answer. Both answers of both voters arrive: two servers of five are no majority.",
		paper: "§5.2 (a majority of the servers)",
		causes: ["Answers are counted, not voters.", "A repeated request is handled as if it were a new one."],
		aims: ["votes-counted"],
	},
	{
		id: "SlowVotes",
		part: "2X",
		title: "votes that take a while",
		points: 2,
		servers: 5,
		story:
			"Three servers of five are there, and their votes take up to an eighth of a second, less than any election timeout; the answer to a repeated question overtakes the first one. Somebody must be elected.",
		paper: "§5.1 (servers retry), §5.2; figure 2 (RequestVote: votedFor is null or candidateId)",
		causes: [
			"A server that has voted refuses the very candidate that it has voted for, when that asks again.",
			"A candidate begins another election before the answers to this one can be in.",
			"A later answer of a voter replaces its vote.",
		],
		aims: ["votes-refused", "timeouts-alike"],
	},
	{
		id: "AllAtOnce",
		part: "2X",
		title: "all restart at the same moment",
		points: 2,
		servers: 5,
		story:
			"All servers restart at the same moment, and a vote takes some milliseconds to come. Somebody must stand so much earlier than the others that it gets theirs.",
		paper: "§5.2 (randomized election timeouts), §9.3",
		causes: [
			"Election timeouts are the same, or drawn from a range of a few milliseconds.",
			"The timeout is drawn once, or from a generator that all servers seed alike.",
		],
		aims: ["timeouts-alike"],
	},
	{
		id: "StubbornVoter",
		part: "2X",
		title: "one voter that nobody can convince",
		points: 2,
		servers: 5,
		story:
			"One server of five has entries that nobody else will ever have, and refuses everybody; its answers are always the first. The other four are a majority and must elect somebody.",
		paper: "§5.2 (a majority is enough)",
		causes: [
			"A candidate gives up as soon as one server refuses its vote.",
			"A candidate takes the first answer for the result of its election.",
		],
		aims: ["votes-refused"],
	},
	{
		id: "StaleCandidate",
		part: "2X",
		title: "a candidate that can't win",
		points: 2,
		servers: 5,
		story:
			"The leader is gone. A server whose log is too old stands again and again, each time before the others would: their clocks are slow. It must not keep them from standing.",
		paper: "figure 2 (rules for followers), §5.2",
		causes: [
			"The election timer is started anew whenever a vote is asked for, also if it is refused.",
			"The election timer is started anew whenever a later term is adopted.",
		],
		aims: ["timer-restarted"],
	},
	{
		id: "FarBehind",
		part: "2X",
		title: "a voter in a far later term",
		points: 2,
		servers: 3,
		story:
			"One of two servers that are left is in a term far beyond the other's, and only answers. The other must become leader, and so has to catch up with that term at once.",
		paper: "§5.1; figure 2 (rules for all servers)",
		causes: [
			"A higher term in a reply is ignored: the server climbs by one term at each election.",
			"A candidate that is refused gives up its term, or goes back to an earlier one.",
		],
		aims: ["term-not-adopted", "votes-refused"],
	},
	{
		id: "DeposedForNobody",
		part: "2X",
		title: "a leader that is deposed, and nobody in its place",
		points: 2,
		servers: 3,
		story:
			"A server whose log is too old deposes the leader by its later term, and can't win. The leader that was has only to stand again.",
		paper: "§5.2; figure 2 (rules for followers)",
		causes: [
			"A leader that steps down has no election timer: it waits for ever.",
			"A server that has led once never stands again.",
		],
		aims: ["election-not-begun"],
	},
	{
		id: "LongReign",
		part: "2X",
		title: "a leader, and no trouble",
		points: 2,
		servers: 5,
		story: "For six seconds nothing is wrong: there is no reason for an election.",
		paper: "§5.2, §5.6",
		causes: [
			"A follower that hears from the leader doesn't start its election timer anew.",
			"Heartbeats come too rarely for the election timeout.",
			"A leader stands against itself.",
		],
		aims: ["leader-disturbed"],
	},
	{
		id: "LaterTermOlderLog",
		part: "2X",
		title: "a later term is not a better log",
		points: 2,
		servers: 3,
		story:
			"A server that lacks committed entries stands alone, term after term, and restarts. Then it asks the one that has them: it must not be elected.",
		paper: "§5.4.1; figure 2 (log[]: each entry contains its term)",
		causes: [
			"After a restart, entries have the current term instead of their own.",
			"Logs are compared by the current term, or by their length alone.",
		],
		aims: ["restored-wrongly", "log-comparison"],
	},
] as const satisfies readonly Entry[];
