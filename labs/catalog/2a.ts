import type { Entry } from "./entry.ts";

export const part2A = [
	{
		id: "InitialElection",
		part: "2A",
		title: "initial election",
		points: 5,
		servers: 3,
		story:
			"Three servers start. Within about five seconds there must be exactly one leader, and all servers must agree on the term, which is at least 1. For two seconds nothing fails: the leader should stay leader, and the term should not change (a change is a warning).",
		paper: "§5.1, §5.2; figure 2 (RequestVote, rules for followers and candidates)",
		causes: [
			"No server ever starts an election: the election timer isn't started in make(), or starting a timer once is all it does (it must be armed again after every timeout).",
			"All servers time out together and split the vote for ever: the election timeout isn't random, or isn't drawn anew for every election.",
			"The winner doesn't send heartbeats at once, or sends them more rarely than the shortest election timeout: the others start the next election.",
			"A vote is given twice in one term: votedFor isn't set when a vote is granted, or not cleared when (and only when) the term grows.",
			"A candidate waits for all replies instead of counting votes as they come: a majority of all servers, its own vote included, is enough.",
		],
	},
	{
		id: "ReElection",
		part: "2A",
		title: "election after network failure",
		points: 5,
		servers: 3,
		story:
			"The leader is cut off from the other two, which must elect a new one. The old leader comes back and must step down for the new one. Then the leader and one follower are cut off: no server may claim to be leader of a majority that it doesn't have. One comes back, and there is a leader again; the other comes back, and there still is one.",
		paper: "§5.1, §5.2; figure 2 (rules for all servers), figure 4",
		causes: [
			"A leader or candidate that sees a higher term, in a request or in a reply, doesn't step down to follower and adopt that term.",
			"A candidate that gets no majority doesn't start another election with a new term when its timeout elapses.",
			"The election waits for the call to the server that is cut off: a call without an answer can take up to 7 s to say so. Send to all peers in parallel and don't wait for the slowest.",
			"A late reply to a vote request of an earlier term is counted in the present one: check, after every await, that the term and the role are still those of the request.",
			"A majority is counted from the servers that answered, not from peers.length.",
		],
	},
	{
		id: "ManyElections",
		part: "2A",
		title: "multiple elections",
		points: 5,
		servers: 7,
		story:
			"Seven servers. Nine times, up to three of them drawn at random are cut off, perhaps with the leader among them: there must still be, or again be, one leader. Then the three come back. At the end there must be one leader.",
		paper: "§5.2, §5.6",
		causes: [
			"Seven servers split the vote too often: election timeouts are spread over too short a range, or are too short for a candidate to win before the next one starts.",
			"Requests are sent one after the other, each waiting for the last: one server that is cut off holds up all that follow.",
			"A server that comes back with a higher term deposes the leader, and nobody is elected in time: the election timeout is far above a second, or it is reset by requests that don't deserve it (a vote that wasn't granted, an AppendEntries of an old term).",
			"Two leaders in one term: a vote doesn't depend on votedFor, or a candidate that has moved to another term goes on counting old votes.",
		],
	},
] as const satisfies readonly Entry[];
