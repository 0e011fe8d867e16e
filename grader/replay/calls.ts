import type { NoReplyReason } from "../../harness/events.ts";
import type { ToldStory } from "../narrative/story-schema.ts";
import type { JournalEvent } from "./journal-schema.ts";
import { wireValue } from "./short-value.ts";

/** A call, put together from its events; what has not happened is undefined. Events are told by their index in the journal. */
export interface Call {
	readonly rpc: number;
	readonly from: number;
	readonly to: number;
	readonly method: string;
	readonly args: string;
	readonly call: number;
	deliver: number | undefined;
	/** When the same request came once more, and then perhaps again. */
	readonly again: number[];
	handled: number | undefined;
	/** The reply has come back, or it is known that none will come. */
	end: number | undefined;
	reply: string | undefined;
	why: NoReplyReason | undefined;
	/**
	 * Whether it tells nothing new, as a heartbeat: its caller has just sent the very same, it carries no list of anything, and its answer, if it had
	 * one, was the same as before.
	 */
	isRepeat: boolean;
}

/** A message that took longer than this is late, in virtual milliseconds. The lab's network, when it is merely unreliable, takes up to 26. */
export const LATE_MS = 100;

/** What became of one way of a call. */
export type Fate = "arrived" | "late" | "lost" | "under way";

/**
 * All calls of a run, by their numbers. Calls of which the beginning is missing are left out.
 *
 * @param story - what it tells of is no mere repetition.
 */
export function callsOf(events: readonly JournalEvent[], story: ToldStory | null = null): ReadonlyMap<number, Call> {
	const calls = new Map<number, Call>();
	const repeats = new Repeats();
	for (const [i, event] of events.entries()) {
		switch (event.kind) {
			case "call": {
				const { rpc, from, to, method, args } = event;
				const call: Call = {
					rpc,
					from,
					to,
					method,
					args,
					call: i,
					deliver: undefined,
					again: [],
					handled: undefined,
					end: undefined,
					reply: undefined,
					why: undefined,
					isRepeat: false,
				};
				calls.set(rpc, call);
				repeats.called(call);
				break;
			}
			case "deliver":
			case "handled":
			case "reply":
			case "no-reply": {
				const call = calls.get(event.rpc);
				if (call === undefined) break;
				if (event.kind === "deliver") call.deliver = i;
				else if (event.kind === "handled") call.handled = i;
				else call.end = i;
				if (event.kind === "handled" || event.kind === "reply") call.reply = event.reply;
				if (event.kind === "no-reply") call.why = event.why;
				if (event.kind === "handled") repeats.answered(call);
				break;
			}
			case "deliver-again": {
				const call = calls.get(event.rpc);
				if (call === undefined) break;
				call.again.push(i);
				call.isRepeat = false;
				break;
			}
			case "boot":
				repeats.booted(event.server);
				break;
		}
	}
	for (const { event: place } of story?.steps ?? []) {
		const event = place === null ? undefined : events[place];
		const call = event !== undefined && "rpc" in event ? calls.get(event.rpc) : undefined;
		if (call !== undefined) call.isRepeat = false;
	}
	return calls;
}

/** What became of the request. */
export function requestFate({ call, deliver, end }: Call, events: readonly JournalEvent[]): Fate {
	if (deliver !== undefined) return fateOf(call, deliver, events);
	return end === undefined ? "under way" : "lost";
}

/** What became of the reply; undefined if there was none. */
export function replyFate({ handled, end, why }: Call, events: readonly JournalEvent[]): Fate | undefined {
	if (handled === undefined) return undefined;
	if (why !== undefined) return "lost";
	return end === undefined ? "under way" : fateOf(handled, end, events);
}

/** Whether what left at one event and arrived at another was late. */
export function fateOf(sent: number, come: number, events: readonly JournalEvent[]): Fate {
	return timeOf(events, come) - timeOf(events, sent) > LATE_MS ? "late" : "arrived";
}

/** When the event of that index happened. */
export function timeOf(events: readonly JournalEvent[], index: number): number {
	return events[index]?.atMs ?? 0;
}

/** Finds out which calls tell nothing new. */
class Repeats {
	readonly #last = new Map<string, { readonly args: string; reply: string | undefined }>();
	readonly #carries = new Map<string, boolean>();

	called(call: Call): void {
		const key = keyOf(call);
		const last = this.#last.get(key);
		call.isRepeat = last?.args === call.args && !this.#carriesSomething(call.args);
		if (last?.args !== call.args) this.#last.set(key, { args: call.args, reply: undefined });
	}

	answered(call: Call): void {
		const last = this.#last.get(keyOf(call));
		if (last?.args !== call.args) return;
		if (last.reply !== call.reply) call.isRepeat = false;
		last.reply = call.reply;
	}

	/** A server that starts anew says everything for the first time. */
	booted(server: number): void {
		for (const key of [...this.#last.keys()]) if (key.startsWith(`${server} `)) this.#last.delete(key);
	}

	#carriesSomething(args: string): boolean {
		const known = this.#carries.get(args);
		if (known !== undefined) return known;
		const { isKnown, value } = wireValue(args);
		const carries = !isKnown || hasItems(value);
		this.#carries.set(args, carries);
		return carries;
	}
}

function keyOf({ from, to, method }: Call): string {
	return `${from} ${to} ${method}`;
}

function hasItems(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	if (value instanceof Map || value instanceof Set) return value.size > 0;
	if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
	return Object.values(value).some(hasItems);
}
