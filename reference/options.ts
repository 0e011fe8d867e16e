/** What may be tuned without touching the algorithm. Times are in milliseconds. */
export interface Options {
	/** Shortest time without a sign of a leader after which a server stands for election, in ms. */
	readonly electionTimeoutMinMs: number;
	/** Longest such time, in ms. Each wait is drawn anew between the two, so that servers seldom stand at once (§5.2). */
	readonly electionTimeoutMaxMs: number;
	/** Time between a leader's heartbeats, and between a candidate's repeated requests, in ms. The labs allow ten a second. */
	readonly heartbeatIntervalMs: number;
	/** How long start() waits for company before it replicates, in ms; 0 gathers what arrives at the same instant. */
	readonly batchDelayMs: number;
	/** Tell followers of a new commitIndex at once (true), or with whatever is sent next, a heartbeat at the latest (false). */
	readonly announceCommits: boolean;
	/** A leader that has not heard from a majority for an election timeout steps down (thesis §6.2). */
	readonly checkQuorum: boolean;
	/** Ask whether an election could be won before starting one (thesis §9.6). */
	readonly preVote: boolean;
}

/**
 * Why these times. The tests expect a new leader within a second or so; the paper wants broadcast time ≪ election
 * timeout (§5.6). At 300 ms a follower has missed three heartbeats: on a network that loses a tenth of all messages that
 * takes bad luck one time in a thousand, while a follower at 200 ms would stand for election every few seconds. At
 * 600 ms the slowest server still leaves time for a second election when the first one splits the vote.
 */
export const DEFAULT_OPTIONS: Options = {
	electionTimeoutMinMs: 300,
	electionTimeoutMaxMs: 600,
	heartbeatIntervalMs: 100,
	batchDelayMs: 0,
	announceCommits: false,
	checkQuorum: true,
	preVote: false,
};
