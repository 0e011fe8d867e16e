import type { Entry } from "../entry.ts";
import { NOT_LOOKED_AGAIN, NOT_SAVED } from "./shared-causes.ts";

/** What trouble there is to be is known; where it leads is left to chance. */
export const leftToChance = [
	{
		id: "VotersCrash",
		part: "2X",
		title: "voters restart right after their vote",
		points: 2,
		servers: 3,
		story:
			"Requests for votes take up to 400 ms, so that rivals stand in one term. Every voter crashes and restarts the moment its answer has left, and leaders restart, too. No term may get two leaders.",
		paper: "§5.2; figure 2 (persistent state: updated on stable storage before responding to RPCs)",
		causes: [
			NOT_SAVED,
			"What was saved is not read back in make(): the vote is forgotten, and given again in the same term.",
		],
	},
	{
		id: "CandidatesCrash",
		part: "2X",
		title: "candidates restart right after asking",
		points: 2,
		servers: 5,
		story:
			"A candidate crashes and restarts as soon as one of its requests for votes has left. It stood in that term, so it has voted for itself there, and must not vote for anybody else, nor go back to an earlier term.",
		paper: "§5.2; figure 2 (persistent state, rules for candidates)",
		causes: [
			"A candidate doesn't save its new term and its vote for itself before it asks the others.",
			"The election is begun in memory, and saved only when it is won.",
		],
	},
	{
		id: "OldVotes",
		part: "2X",
		title: "votes that arrive an election late",
		points: 2,
		servers: 5,
		story:
			"Many answers to requests for votes are held back until their candidate stands for election again, in a later term. They were given for another term, and count for nothing in this one.",
		paper: "§5.2; figure 2 (RequestVote)",
		causes: [
			NOT_LOOKED_AGAIN,
			"The count of votes is kept over elections, or a reply is matched to the present election instead of its own.",
		],
	},
	{
		id: "FollowersCrash",
		part: "2X",
		title: "followers restart right after acknowledging",
		points: 2,
		servers: 5,
		story:
			"One follower in ten crashes and restarts the moment its answer to AppendEntries has left. What it has acknowledged may be committed, and must be in its log when it is back.",
		paper: "§5.3; figure 2 (persistent state: updated on stable storage before responding to RPCs)",
		causes: [NOT_SAVED, "New entries are saved, but not what was cut from the log, or the other way round."],
	},
	{
		id: "OldAcknowledgements",
		part: "2X",
		title: "acknowledgements that arrive a term late",
		points: 2,
		servers: 5,
		story:
			"Answers to AppendEntries come late, some only when their leader has lost the leadership and won it again. What a follower had in its log then says nothing about what it has now.",
		paper: "§5.3, §5.4.2; figure 2 (matchIndex)",
		causes: [
			NOT_LOOKED_AGAIN,
			"matchIndex is computed from the present length of the leader's log instead of from what the request held.",
			"matchIndex or nextIndex goes back when an older answer arrives after a newer one.",
		],
	},
	{
		id: "EverythingTwice",
		part: "2X",
		title: "requests delivered twice",
		points: 2,
		servers: 5,
		story:
			"Every second request is delivered a second time, up to 800 ms later, when newer ones have long been handled. Raft's requests are idempotent: the second time must change nothing.",
		paper: "§5.5 (Raft RPCs are idempotent); figure 2 (AppendEntries 3 and 4)",
		causes: [
			"AppendEntries cuts the log after prevLogIndex although nothing conflicts: an old request takes away newer entries.",
			"Entries are appended without looking whether they are there already.",
			"The commit index is taken from leaderCommit without regard to the last entry of this very request.",
		],
	},
	{
		id: "OutOfOrder",
		part: "2X",
		title: "messages that overtake each other",
		points: 2,
		servers: 5,
		story:
			"One message in four, request or answer, takes up to half a second, and later ones overtake it. Clients go on and leaders change.",
		paper: "§5.3; figure 2 (AppendEntries)",
		causes: [
			"A refusal that comes late lowers nextIndex, or even matchIndex, that a later success has raised.",
			"AppendEntries cuts the log after prevLogIndex although nothing conflicts.",
			NOT_LOOKED_AGAIN,
		],
	},
	{
		id: "CutAtCommit",
		part: "2X",
		title: "a leader that disappears as it commits",
		points: 2,
		servers: 5,
		story:
			"Now and then a leader is cut off the moment it has applied a command, when no follower knows yet that it is committed. The next leader must have it.",
		paper: "§5.4; figure 3 (leader completeness)",
		causes: [
			"Commands are counted as committed that are not on a majority of servers.",
			"A server with a log that is less up-to-date can win an election.",
		],
	},
	{
		id: "RestartAtCommit",
		part: "2X",
		title: "all servers restart as one commits",
		points: 2,
		servers: 3,
		story:
			"All servers crash and restart the moment the first of them has applied a command. It is committed: whatever happens, it stays at its index.",
		paper: "§5.4; figure 2 (persistent state)",
		causes: [NOT_SAVED, "The log is restored in part, or with its terms lost."],
	},
	{
		id: "Minorities",
		part: "2X",
		title: "entries that reach only some",
		points: 2,
		servers: 5,
		story:
			"Again and again what a leader sends reaches only some of the others, and then it restarts. Logs end up as in figure 7 of the paper, and leaders have to bring them together.",
		paper: "§5.3, §5.4.2; figures 7 and 8",
		causes: [
			"Entries of an earlier term are committed by counting the servers that have them.",
			"nextIndex is backed up too far or not far enough, or matchIndex is kept from an earlier time as leader.",
		],
	},
	{
		id: "OneWay",
		part: "2X",
		title: "links that work in one direction",
		points: 2,
		servers: 5,
		story:
			"Some servers can send to some others without hearing from them. Elections and leaders come and go; nothing that is committed may be lost, and when the links are mended there must be agreement.",
		paper: "§5.1, §5.2",
		causes: [
			"A higher term in a reply, or in a request that is refused, is not taken over.",
			"A leader whose messages arrive although it hears nothing is obeyed in an old term.",
		],
	},
	{
		id: "ClocksAstray",
		part: "2X",
		title: "clocks that run slow, or stand still",
		points: 2,
		servers: 5,
		story:
			"Clocks run at half or a quarter of their speed, or stand still, and go on as if nothing had been. Nobody can know by the time that it still leads; and in the end all must agree again.",
		paper: "§5.6 (timing must not be needed for safety)",
		causes: [
			"A leader takes itself for the leader because nobody can have been elected yet by its clock.",
			NOT_LOOKED_AGAIN,
		],
	},
	{
		id: "LeaderPauses",
		part: "2X",
		title: "a leader that stops for a while",
		points: 2,
		servers: 5,
		story:
			"The leader's machine stops for longer than an election takes, then goes on as if nothing had been: with timers that are all due at once, and replies that have waited.",
		paper: "§5.1 (stale terms); §8",
		causes: [NOT_LOOKED_AGAIN, "The loop of a leader that was deposed goes on, with the new term in its messages."],
	},
	{
		id: "SnapshotsAndCrashes",
		part: "2X",
		title: "restarts in the middle of snapshots",
		points: 2,
		servers: 3,
		story:
			"Servers are away until the leader has discarded what they lack, and crash and restart the moment they have answered: perhaps to the very snapshot.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot that was installed is not saved, together with the log that is left, before the answer leaves.",
			"After a restart lastApplied is not the snapshot's last index.",
		],
	},
	{
		id: "LateSnapshots",
		part: "2X",
		title: "old snapshots after new entries",
		points: 2,
		servers: 3,
		story:
			"What a leader sends comes late, twice, and in any order: a snapshot arrives when the follower has long applied what is in it, and more.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot older than what has been applied is installed: the service goes back in time.",
			"The whole log is dropped for a snapshot that covers only its beginning.",
		],
	},
	{
		id: "SevenInTrouble",
		part: "2X",
		title: "seven servers and a little of everything",
		points: 2,
		servers: 7,
		story:
			"Seven servers, messages lost, late and twice, servers that crash and restart as they answer, leaders cut off: all of it at once, and clients that go on.",
		paper: "§5",
		causes: [NOT_SAVED, NOT_LOOKED_AGAIN],
	},
] as const satisfies readonly Entry[];
