import { printable } from "../../../harness/printable.ts";
import { type Call, callsOf } from "../calls.ts";
import { columnOf, describeInColumn } from "../describe.ts";
import type { Journal, JournalEvent } from "../journal-schema.ts";
import { States } from "../states.ts";

/** A stretch of a run in which something about a server stays the same; both ends are the indices of events. */
export interface Span {
	readonly from: number;
	readonly to: number;
	readonly kind: "role" | "down" | "cut" | "pause";
	readonly term: number;
	readonly isLeader: boolean;
	/** Of a pause: its end in virtual milliseconds. */
	readonly untilMs: number;
}

/** A run, made ready to be drawn and asked about. */
export class RunModel {
	readonly journal: Journal;
	readonly events: readonly JournalEvent[];
	readonly calls: ReadonlyMap<number, Call>;
	readonly states: States;
	/** The calls in the order in which they were made. */
	readonly callList: readonly Call[];
	/** For each of them, the latest end of it and of all before: so those that reach into a part of the run can be found. */
	readonly latestEnds: Int32Array;
	/** What lasts, for each server. */
	readonly spans: readonly (readonly Span[])[];
	/** The events that applied an index before any other server had. */
	readonly commits: ReadonlySet<number>;
	/** The event that is the failure; -1 if there is none. */
	readonly failure: number;
	/** The server that broke a rule, and the event in which it did, if that is known. */
	readonly culprit: { readonly server: number; readonly event: number } | null;
	readonly #texts: (string | undefined)[];

	constructor(journal: Journal) {
		this.journal = journal;
		this.events = journal.events;
		this.calls = callsOf(this.events, journal.story);
		this.states = new States(this.events, journal.servers);
		this.callList = [...this.calls.values()];
		this.latestEnds = new Int32Array(this.callList.length);
		let latest = 0;
		for (const [i, call] of this.callList.entries()) {
			latest = Math.max(latest, lastOf(call, this.events.length));
			this.latestEnds[i] = latest;
		}
		this.spans = Array.from({ length: journal.servers }, (_, server) => spansOf(this.events, server));
		this.commits = commitsOf(this.events);
		const told = this.events.findLastIndex(({ kind }) => kind === "failure");
		this.failure = told < 0 && journal.failure !== null ? this.events.length - 1 : told;
		this.culprit = journal.story?.culprit ?? null;
		this.#texts = new Array(this.events.length);
	}

	/** Whether an event belongs to a message that tells nothing new. */
	isRepeat(index: number): boolean {
		const event = this.events[index];
		return event !== undefined && "rpc" in event && this.calls.get(event.rpc)?.isRepeat === true;
	}

	/** The call to which an event belongs. */
	callAt(index: number): Call | undefined {
		const event = this.events[index];
		return event !== undefined && "rpc" in event ? this.calls.get(event.rpc) : undefined;
	}

	/** What an event says, with the server where it happened. */
	text(index: number): string {
		const known = this.#texts[index];
		if (known !== undefined) return known;
		const event = this.events[index] as JournalEvent;
		const server = columnOf(event);
		const who = server === undefined ? "" : `S${server}: `;
		const text = printable(who + describeInColumn(event, this.calls, this.events)).replaceAll(/\s+/g, " ");
		this.#texts[index] = text;
		return text;
	}

	/** The same without the server. */
	textInLane(index: number): string {
		return this.text(index).replace(/^S\d+: /, "");
	}

	/** The index of the first event at this time or after it. */
	indexAt(atMs: number): number {
		let low = 0;
		let high = this.events.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.events[middle] as JournalEvent).atMs < atMs) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** The last event of a call; of one that is under way, the run's last. */
export function lastOf(call: Call, events: number): number {
	return Math.max(call.end ?? events - 1, ...call.again);
}

function spansOf(events: readonly JournalEvent[], server: number): Span[] {
	const spans: Span[] = [];
	const none = { term: 0, isLeader: false, untilMs: 0 };
	let role: { from: number; term: number; isLeader: boolean } | undefined;
	let downFrom = -1;
	let cutFrom = -1;
	const endRole = (to: number) => {
		if (role !== undefined) spans.push({ ...none, ...role, to, kind: "role" });
		role = undefined;
	};
	for (const [i, event] of events.entries()) {
		if (!("server" in event) || event.server !== server) continue;
		if (event.kind === "state") {
			endRole(i);
			role = { from: i, term: event.term, isLeader: event.isLeader };
		} else if (event.kind === "crash") {
			endRole(i);
			downFrom = i;
		} else if (event.kind === "boot") {
			endRole(i);
			if (downFrom >= 0) spans.push({ ...none, from: downFrom, to: i, kind: "down" });
			downFrom = -1;
		} else if (event.kind === "disconnect") {
			cutFrom = i;
		} else if (event.kind === "connect") {
			if (cutFrom >= 0) spans.push({ ...none, from: cutFrom, to: i, kind: "cut" });
			cutFrom = -1;
		} else if (event.kind === "pause") {
			spans.push({ ...none, from: i, to: i, kind: "pause", untilMs: event.atMs + event.forMs });
		}
	}
	const end = events.length - 1;
	endRole(end);
	if (downFrom >= 0) spans.push({ ...none, from: downFrom, to: end, kind: "down" });
	if (cutFrom >= 0) spans.push({ ...none, from: cutFrom, to: end, kind: "cut" });
	return spans;
}

function commitsOf(events: readonly JournalEvent[]): ReadonlySet<number> {
	const commits = new Set<number>();
	let highest = 0;
	for (const [i, event] of events.entries()) {
		if (event.kind !== "apply" || event.index <= highest) continue;
		highest = event.index;
		commits.add(i);
	}
	return commits;
}
