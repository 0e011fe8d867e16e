/** Helpers for the tests: servers in a given state, and messages carried between them by hand. */
import { handleAppendEntries } from "./append-entries.ts";
import { handleReply } from "./core.ts";
import { handleRequestVote, startElection } from "./elections.ts";
import { type Entry, Log } from "./log.ts";
import type { Message, Reply } from "./messages.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import { handlePreVote } from "./prevote.ts";
import { handleInstallSnapshot } from "./snapshots.ts";
import { createState, peersOf, type ServerState, takeEffects } from "./state.ts";

/** Entries of the given terms, drawn as in the paper's figures: the command at index 3 of term 2 is "2@3". */
export function entriesOf(terms: readonly number[], firstIndex = 1): Entry[] {
	return terms.map((term, i) => ({ term, command: `${term}@${firstIndex + i}` }));
}

/** The terms of everything that a log still holds. */
export function termsOf(log: Log): number[] {
	return log.entriesFrom(log.lastIncludedIndex + 1).map((entry) => entry.term);
}

/** A follower with a log of these terms, in the last of them unless told otherwise; its first effects are taken. */
export function server(
	setup: { me?: number; size?: number; term?: number; terms?: number[]; log?: Log; options?: Partial<Options> } = {},
): ServerState {
	const log = setup.log ?? new Log(0, 0, entriesOf(setup.terms ?? []));
	const state = createState(
		setup.me ?? 0,
		setup.size ?? 3,
		{ ...DEFAULT_OPTIONS, ...setup.options },
		{ currentTerm: setup.term ?? log.lastTerm, votedFor: null, log, snapshot: new Uint8Array() },
	);
	takeEffects(state);
	return state;
}

/** Has the server elected by everyone, in the next term, and returns its first heartbeats. */
export function elect(state: ServerState): Message[] {
	startElection(state);
	for (const message of takeEffects(state).messages) {
		if (state.role === "candidate") handleReply(state, message, { term: state.currentTerm, voteGranted: true });
	}
	return takeEffects(state).messages;
}

/** A leader in the term after its log's last. */
export function leader(setup: Parameters<typeof server>[0] = {}): ServerState {
	const state = server(setup);
	elect(state);
	for (const peer of peersOf(state)) tracker(state, peer).awaited = null;
	return state;
}

/** What a leader knows of a peer. */
export function tracker(state: ServerState, peer: number) {
	const found = state.trackers[peer];
	if (found === undefined) throw new RangeError(`no peer ${peer}`);
	return found;
}

/** Runs a request's handler on the server that it is for. */
export function handleRequest(state: ServerState, { method, args }: Message): Reply {
	if (method === "RequestVote") return handleRequestVote(state, args);
	if (method === "PreVote") return handlePreVote(state, args);
	if (method === "AppendEntries") return handleAppendEntries(state, args);
	return handleInstallSnapshot(state, args);
}

/** Carries messages from one server to another, and the answers back, until there is nothing more; returns all answers. */
export function converse(from: ServerState, to: ServerState, opening: Message[]): Reply[] {
	const replies: Reply[] = [];
	let messages = opening;
	while (messages.length > 0) {
		if (replies.length > 100) throw new Error("the servers talk for ever");
		for (const message of messages.filter((message) => message.to === to.me)) {
			const reply = handleRequest(to, message);
			replies.push(reply);
			handleReply(from, message, reply);
		}
		messages = takeEffects(from).messages.filter((message) => message.to === to.me);
	}
	return replies;
}
