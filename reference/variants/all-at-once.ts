/**
 * Several freedoms together, since they might get into each other's way: timeouts of 200 to 400 ms with a heartbeat every 70 ms (§5.6),
 * pre-vote (thesis §9.6), commits told at once (§5.3), 5 ms of batching, and no check-quorum, so that with pre-vote a leader that is cut
 * off and its successor can both believe to lead for long.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({
	electionTimeoutMinMs: 200,
	electionTimeoutMaxMs: 400,
	heartbeatIntervalMs: 70,
	batchDelayMs: 5,
	announceCommits: true,
	checkQuorum: false,
	preVote: true,
});
