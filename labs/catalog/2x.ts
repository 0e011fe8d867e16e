import type { Entry } from "./entry.ts";

const NOT_SAVED =
	"votedFor, the term or the log is saved after the answer has left, or late in a timer, or not at all when the term stays the same.";
const NOT_LOOKED_AGAIN =
	"A reply is used without looking whether the server is still in the term, and in the role, in which it asked.";

export const part2X = [
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
	},
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
	},
	{
		id: "SnapshotBehindTheLog",
		part: "2X",
		title: "a snapshot that ends before the log does",
		points: 2,
		servers: 3,
		story:
			"A follower has answered for entries that go beyond a snapshot of its leader's when that snapshot arrives. It covers only the beginning of the log: the rest must stay, as it may be committed.",
		paper: "§7; figure 13 (InstallSnapshot 6)",
		causes: [
			"The whole log is dropped when a snapshot is installed.",
			"What follows the snapshot is kept in memory, but not saved.",
		],
	},
	{
		id: "SnapshotOfThePast",
		part: "2X",
		title: "a snapshot older than what has been applied",
		points: 2,
		servers: 3,
		story:
			"The services take their time to make snapshots. So a leader's snapshot arrives at a follower that has applied more than is in it, and has none of its own from there.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot is compared with the last snapshot instead of with what has been applied.",
			"lastApplied is set to the snapshot's index, or to 0, whatever it was.",
		],
	},
	{
		id: "OldSnapshotAgain",
		part: "2X",
		title: "all that was ever sent, once more",
		points: 2,
		servers: 3,
		story:
			"A follower is sent snapshots and entries; then all of these requests arrive once more, in order and backwards. Nothing that it has answered for may be gone.",
		paper: "§5.5 (Raft RPCs are idempotent), §7; figure 2 (AppendEntries 5)",
		causes: [
			"A snapshot that ends before what is committed is installed: the log behind it is lost.",
			"commitIndex goes back with an old request.",
			"An entry is looked for that a snapshot has replaced.",
		],
	},
	{
		id: "NothingButASnapshot",
		part: "2X",
		title: "a log of which only the snapshot is left",
		points: 2,
		servers: 3,
		story:
			"A snapshot has replaced the whole log. A server that lacks the last of what is in it asks for the vote: it must not get it.",
		paper: "§5.4.1, §7 (last included index and term)",
		causes: [
			"A log without entries is taken to end with term 0, or index 0.",
			"Logs are compared by their length in memory.",
		],
	},
	{
		id: "SnapshotOverConflict",
		part: "2X",
		title: "a snapshot in the midst of other entries",
		points: 2,
		servers: 3,
		story:
			"A leader that is alone has many entries that lead to nothing. When it is back it is sent a snapshot that ends in the midst of them.",
		paper: "§7; figure 13 (InstallSnapshot 6 and 7)",
		causes: [
			"The log behind an installed snapshot is kept although its entry there has another term.",
			"A follower that refuses is sent the same snapshot for ever.",
		],
	},
	{
		id: "SnapshotAcrossTerms",
		part: "2X",
		title: "a snapshot that ends in an earlier term",
		points: 2,
		servers: 3,
		story:
			"The last entry of a snapshot is of an earlier term than the last one in the log, as a new leader has committed both together.",
		paper: "§7 (last included term)",
		causes: [
			"A snapshot gets the term of the last entry, or the current one, instead of that of the entry at its last index.",
			"An installed snapshot gets the leader's term.",
		],
	},
	{
		id: "SnapshotRaces",
		part: "2X",
		title: "snapshots and what may come between",
		points: 2,
		servers: 3,
		story:
			"A follower that has been sent a snapshot crashes when it has answered; its answer takes so long that the leader has a newer snapshot by then; or the service calls snapshot() for an index that the leader's snapshot has just overtaken.",
		paper: "§7; figure 13 (InstallSnapshot)",
		causes: [
			"A snapshot that was installed is not saved, together with the log that is left, before the answer leaves.",
			"The answer to a snapshot is taken to be about the snapshot that the leader has by then.",
			"snapshot() fails if the log no longer has the entry at its index.",
		],
	},
	{
		id: "CrashAtSave",
		part: "2X",
		title: "restarts right after a save",
		points: 2,
		servers: 3,
		story:
			"Servers crash and restart the moment they have saved something, above all when that has become shorter, as there is a snapshot now. What is in stable storage must be whole after every single save.",
		paper: "§7; figure 2 (persistent state)",
		causes: [
			"Log and snapshot are saved in two steps.",
			"The term, the vote and the log are saved in several steps, between which the state contradicts itself.",
		],
	},
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
