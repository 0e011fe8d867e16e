import type { Entry } from "./entry.ts";

export const part2C = [
	{
		id: "Persist1",
		part: "2C",
		title: "basic persistence",
		points: 4,
		servers: 3,
		story:
			"All servers crash and restart, then the leader, then a leader that has missed a command, then a follower that has. Each time the servers must go on where they were, from what they had saved.",
		paper: "§5.1, §5.5; figure 2 (persistent state)",
		causes: [
			"make() doesn't read the persister's Raft state, or reads it and then sets the initial values over it.",
			"One of currentTerm, votedFor and log isn't saved, or isn't saved at every change (start(), AppendEntries, a vote, a new term).",
			"What make() reads isn't what was saved: fields are read in another order, or a first dummy entry is added once more at each restart.",
			"A server that restarts with an empty saved state (its first start) trips over it: readRaftState() is then empty.",
		],
	},
	{
		id: "Persist2",
		part: "2C",
		title: "more persistence",
		points: 4,
		servers: 5,
		story:
			"Five rounds with five servers: two followers miss a command, then they restart while the others are away; a third, which has the command, restarts too and makes a majority with them. The command must not be lost, and the three must agree on the next one.",
		paper: "§5.4.1, §5.5; figure 2 (persistent state)",
		causes: [
			"State is saved after the reply has left instead of before: what a server has promised must be on its persister when the reply goes out.",
			"Votes are granted to candidates whose log lacks committed entries.",
			"currentTerm is saved but the votedFor of an earlier term is kept with it: clear it whenever the term grows.",
			"Elections take too long after a restart: timers begin only with the first message, or the returning servers' terms differ so much that each election starts another.",
		],
	},
	{
		id: "Persist3",
		part: "2C",
		title: "partitioned leader and one follower crash, leader restarts",
		points: 3,
		servers: 3,
		story:
			"A follower is cut off and misses a command. The leader and the other follower, which have it, crash. The leader restarts and meets the one that missed it: the command must be in the log of both before the next one.",
		paper: "§5.4.1, §5.5",
		causes: [
			"The leader doesn't save the entry when start() appends it.",
			"The server that lacks the command wins the election: the log comparison in RequestVote is missing or wrong.",
			"After a restart the log's last index or term is computed wrongly, so that the right candidate seems out of date.",
			"The restarted leader waits for a majority to confirm an entry of its earlier term before it takes new commands: entries of old terms are committed with the first entry of the present one.",
		],
	},
	{
		id: "Figure8",
		part: "2C",
		title: "Figure 8",
		points: 5,
		servers: 5,
		story:
			"A thousand times, commands are proposed and the leader crashes a moment later, usually before it could commit anything; when fewer than three of five servers are up, one may restart. Entries of many terms lie about on the servers, as in figure 8 of the paper. No two servers may ever apply different commands at an index, and with all servers up again there must be agreement.",
		paper: "§5.4.2, figure 8; §5.5",
		causes: [
			"An entry of an earlier term is committed because a majority has it: a leader counts replicas only for entries of its own term.",
			"State isn't saved before the reply to a vote or to AppendEntries.",
			"In the end there is no agreement within ten seconds: a leader that needs many round trips to back up over old entries, or elections that split again and again with long timeouts.",
			"A reply to a request of an earlier term is taken for one of the present: matchIndex says more than the follower has.",
			"Truncating the log on an outdated AppendEntries removes entries that were promised to a leader already.",
		],
	},
	{
		id: "UnreliableAgree",
		part: "2C",
		title: "unreliable agreement",
		points: 3,
		servers: 5,
		story:
			"The network delays every request and loses one request and one reply in ten. Some 250 commands are proposed, five at a time, and each must be committed on at least one server. Then the network is reliable again, and all five servers must agree on one more.",
		paper: "§5.3, §5.5 (RPCs are idempotent)",
		causes: [
			"A lost AppendEntries isn't sent again before the next command comes: the next heartbeat must carry what the follower lacks.",
			"A request that arrives late or twice is treated as new: it truncates the log or sets commitIndex back.",
			"Replies that arrive out of order set nextIndex or matchIndex back.",
			"A leader loses its place because one heartbeat was lost: the election timeout should be several heartbeats long.",
			"A follower sets commitIndex to leaderCommit, not to at most the index of the last entry that this request vouches for.",
		],
	},
	{
		id: "Figure8Unreliable",
		part: "2C",
		title: "Figure 8 (unreliable)",
		points: 5,
		servers: 5,
		story:
			"As in Figure8, but on a network that delays and loses messages; leaders are cut off rather than crashed, and after 200 of 1000 rounds most replies arrive up to two seconds late, in any order. Then all servers are connected, with the network as bad as before: they must agree within ten seconds.",
		paper: "§5.3, §5.4.2, figure 8; §9.3 (timeouts)",
		causes: [
			"Backing up over differing logs takes too many round trips, each of which may be lost or late: use the conflict's term and first index, and go on at once when a reply comes.",
			"A reply that arrives two seconds late is believed: drop it unless the term and role are those of the request, and let matchIndex only grow.",
			"The leader waits for a reply before it sends anything else to that peer: most replies take up to two seconds here. Send again with the next heartbeat.",
			"Servers that were cut off come back with high terms and depose leader after leader: spread the election timeouts wider, and reset the timer only on granting a vote or on word from the present leader. Pre-vote (section 9.6 of Ongaro's thesis) does away with it.",
			"Entries of earlier terms are committed by counting replicas.",
		],
	},
	{
		id: "ReliableChurn",
		part: "2C",
		title: "churn",
		points: 3,
		servers: 5,
		story:
			"Servers are cut off, reconnected, crashed and restarted at random while three clients propose command after command. Then peace: all five servers must agree on one more command and apply the whole log, in which every command that a client saw committed must be found.",
		paper: "§5.3, §5.4, §5.5; figure 2",
		causes: [
			"A command that was committed is lost: state is saved too late or not at all, or a server with an older log is elected.",
			"A restarted server applies something else than before: the log that it reads back isn't the one that it saved.",
			"Work grows with the log, as when each AppendEntries copies and sends all of it: there are a thousand and more entries here.",
			"The last agreement comes too late: servers that come back need many round trips, or apply entries more slowly than they come.",
		],
	},
	{
		id: "UnreliableChurn",
		part: "2C",
		title: "unreliable churn",
		points: 3,
		servers: 5,
		story:
			"The same as ReliableChurn, with a network that delays requests and loses one request and one reply in ten until the churn is over.",
		paper: "§5.3, §5.4, §5.5; figure 2",
		causes: [
			"A late or repeated AppendEntries truncates entries that have been acknowledged since.",
			"Late replies are believed after the term or the role has changed.",
			"A command that was committed is lost: votedFor or the log isn't saved before the reply leaves.",
			"A follower's commitIndex goes beyond what the leader vouched for, and it applies an entry that is later replaced.",
			"Lost requests aren't repeated, so that a follower stays behind until the next command.",
		],
	},
] as const satisfies readonly Entry[];
