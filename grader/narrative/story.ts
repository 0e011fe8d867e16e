import type { At } from "./history.ts";

/** One event of a story, in the words of the lab. */
export interface Step {
	/** Virtual milliseconds. */
	readonly atMs: number;
	readonly server?: number;
	readonly text: string;
	/** Its place in the journal, if it is one event of that. */
	readonly event?: At;
	/** Whether it only supports another: a report that is short of room leaves it out. */
	readonly isMinor?: boolean;
}

/** What a server did that no right one does, as far as the messages show. */
export type Wrong =
	/** It gave two votes in one term without a restart between them. */
	| "voted-twice"
	/** It gave another vote in the same term after a restart. */
	| "forgot-its-vote"
	/** It led without the votes of a majority, and votes of an earlier term had arrived. */
	| "counted-old-votes"
	/** … and one server had answered more than once. */
	| "counted-a-vote-twice"
	/** … and had been refused. */
	| "counted-refusals"
	/** … and there is no more to see. */
	| "led-without-majority"
	/** It led an earlier term, and went on leading in a later one for which it had not stood. */
	| "kept-its-office"
	/** It voted for a server that lacked a committed entry that it had itself. */
	| "voted-for-a-worse-log"
	/** After a restart it lacked what it had stored. */
	| "forgot-an-entry"
	/** It lacked what it had stored, without a restart. */
	| "dropped-an-entry"
	/** It applied, as leader, what was not on a majority. */
	| "committed-without-majority"
	/** It applied, as leader, an entry of an earlier term, none of its own being on a majority. */
	| "committed-an-old-term"
	/** It applied, as follower, what its leader had not committed. */
	| "applied-uncommitted"
	/** It applied an entry that lay in its log from an earlier leader, where another had been committed. */
	| "applied-a-leftover"
	/** It applied a command at another index than the one where a leader had put it. */
	| "applied-elsewhere"
	/** Its term went back over a restart. */
	| "forgot-its-term"
	/** Its term went back without one. */
	| "set-its-term-back";

/** The server that broke a rule, and the event in which it did. */
export interface Culprit {
	readonly server: number;
	readonly event: At;
	readonly wrong: Wrong;
}

/** The chain of events behind a failure, in order of time. */
export interface Story {
	readonly steps: readonly Step[];
	/** Undefined if the messages don't show who is to blame. */
	readonly culprit?: Culprit | undefined;
}

/** Puts steps in order of time; steps of one instant in the order of their events. Of several about one event the last says most. */
export function inOrder(steps: readonly Step[]): Step[] {
	const last = new Map(steps.map((step) => [step.event ?? step, step]));
	return [...last.values()].toSorted((a, b) => a.atMs - b.atMs || (a.event ?? 0) - (b.event ?? 0));
}

/** `S0, S1 and S2` */
export function listServers(servers: readonly number[]): string {
	const names = servers.map((server) => `S${server}`);
	return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
