import type { Log } from "./log.ts";
import type { Message, Replication } from "./messages.ts";
import type { Options } from "./options.ts";

/** A server's part in its current term (§5.1, figure 4); a preCandidate only exists with the option preVote. */
export type Role = "follower" | "preCandidate" | "candidate" | "leader";

/** What must survive a crash (figure 2, "persistent state on all servers"; §7 for the snapshot). */
export interface PersistentState {
	currentTerm: number;
	/** The candidate that got this server's vote in currentTerm. */
	votedFor: number | null;
	log: Log;
	/** What the log's forgotten beginning amounts to, in the service's own words; empty if nothing was compacted. */
	snapshot: Uint8Array;
}

/** What a leader knows of one peer (figure 2, "volatile state on leaders"); made anew after every election. */
export interface Tracker {
	/** The next entry to send. A guess: it starts too high, and conflicts bring it down. */
	nextIndex: number;
	/** The highest entry known to be on the peer. Knowledge: it only grows, and commitment rests on it alone. */
	matchIndex: number;
	/** When the peer last answered, in ms. */
	lastReplyMs: number;
	/** What was sent last, until it is answered: what is new can wait for that answer. */
	awaited: Replication["args"] | null;
	/** The highest commitIndex that was sent to the peer. */
	commitIndexSent: number;
}

/** What is left to do after a decision. The shell does it in this order, and never sends before it has saved. */
export interface Effects {
	/** The persistent state has changed. */
	save: boolean;
	/** The wait for a leader, or for the outcome of an election, begins anew. */
	resetElectionTimer: boolean;
	/** The wait before the next heartbeats, or the next requests for votes, begins anew. */
	resetHeartbeatTimer: boolean;
	/** Requests to send. */
	messages: Message[];
}

/** Everything that a server knows: figure 2's state, and what has been decided but not yet done. */
export interface ServerState extends PersistentState {
	readonly me: number;
	/** How many servers there are, this one included. */
	readonly size: number;
	/** The other servers. */
	readonly peers: readonly number[];
	readonly options: Options;

	/** When the input being decided on arrived, in ms. The shell sets it: nothing in here looks at a clock. */
	nowMs: number;
	role: Role;
	commitIndex: number;
	lastApplied: number;
	/** When a leader of the current term was last heard, in ms. */
	leaderHeardMs: number;
	/** A candidate's answers so far: who, and whether it was a yes. */
	ballots: Map<number, boolean>;
	/** A leader's view of each peer. */
	trackers: Tracker[];
	effects: Effects;
}

/** A server as it comes up: a follower that knows what it saved, and waits to hear from a leader. */
export function createState(me: number, size: number, options: Options, saved: PersistentState): ServerState {
	return {
		...saved,
		me,
		size,
		peers: Array.from({ length: size }, (_, server) => server).filter((server) => server !== me),
		options,
		nowMs: 0,
		role: "follower",
		// A snapshot holds only what was committed and applied, and the service restores it by itself when it restarts.
		commitIndex: saved.log.lastIncludedIndex,
		lastApplied: saved.log.lastIncludedIndex,
		leaderHeardMs: Number.NEGATIVE_INFINITY,
		ballots: new Map(),
		trackers: [],
		effects: { ...noEffects(), resetElectionTimer: true },
	};
}

/** Hands over what has been decided, to be done now. */
export function takeEffects(state: ServerState): Effects {
	const { effects } = state;
	state.effects = noEffects();
	return effects;
}

function noEffects(): Effects {
	return { save: false, resetElectionTimer: false, resetHeartbeatTimer: false, messages: [] };
}

/** The other servers. */
export function peersOf(state: ServerState): readonly number[] {
	return state.peers;
}

/** Whether so many servers, this one included, are more than half. */
export function isMajority(state: ServerState, servers: number): boolean {
	return 2 * servers > state.size;
}

/**
 * Back to follower, in `term`, which is at least the current one (§5.1: whoever sees a higher term adopts it).
 * A vote belongs to a term, so it is forgotten only when the term changes.
 */
export function becomeFollower(state: ServerState, term: number): void {
	if (term > state.currentTerm) {
		state.currentTerm = term;
		state.votedFor = null;
		state.effects.save = true;
	}
	// A leader had no use for the election timer. For anyone else it runs on: a higher term alone is no sign of a leader.
	if (state.role === "leader") state.effects.resetElectionTimer = true;
	state.role = "follower";
}
