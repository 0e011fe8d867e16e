import { type Call, replyFate, requestFate, timeOf } from "./calls.ts";
import type { JournalEvent } from "./journal-schema.ts";
import { shortValue } from "./short-value.ts";

/** The server in whose column an event stands; undefined for what the tester does. */
export function columnOf(event: JournalEvent): number | undefined {
	switch (event.kind) {
		case "call":
		case "reply":
		case "no-reply":
			return event.from;
		case "deliver":
		case "deliver-again":
		case "handled":
			return event.to;
		default:
			return "server" in event ? event.server : undefined;
	}
}

/** What happened, in a few words, as seen at the server where it did; the whole run is known, so a message's fate is told when it leaves. */
export function describeInColumn(
	event: JournalEvent,
	calls: ReadonlyMap<number, Call>,
	events: readonly JournalEvent[],
): string {
	switch (event.kind) {
		case "boot":
			return event.incarnation === 0 ? "starts" : `RESTARTS, start ${event.incarnation + 1}`;
		case "crash":
			return "CRASHES";
		case "connect":
			return "is connected";
		case "disconnect":
			return "is CUT OFF";
		case "pause":
			return `stands still for ${round(event.forMs)} ms`;
		case "state":
			return event.isLeader ? `LEADER of term ${event.term}` : `term ${event.term}, not leader`;
		case "save":
			return `saves ${event.stateBytes} bytes${event.snapshotBytes > 0 ? ` + snapshot of ${event.snapshotBytes}` : ""}`;
		case "start":
			if (!event.isLeader) return `start(${shortValue(event.command, 40)}) refused`;
			return `start(${shortValue(event.command, 40)}) = index ${event.index}, term ${event.term}`;
		case "apply":
			return `applies ${event.index}: ${shortValue(event.command, 60)}`;
		case "apply-snapshot":
			return `hands over a snapshot up to ${event.index}, term ${event.term}, ${event.bytes} bytes`;
		case "snapshot":
			return `snapshot up to ${event.index}, ${event.bytes} bytes`;
		case "restore":
			return `its service starts from the snapshot up to ${event.index}`;
		case "log":
			return `${event.topic}: ${event.text}`;
		case "call":
			return `${event.method} to S${event.to}${fateOfRequest(calls.get(event.rpc), events)}: ${shortValue(event.args)}`;
		case "deliver":
			return `${methodOf(calls, event)} of S${event.from} arrives${delay(events, calls.get(event.rpc)?.call, event)}`;
		case "deliver-again":
			return `${methodOf(calls, event)} of S${event.from} arrives AGAIN${delay(events, calls.get(event.rpc)?.call, event)}: ${shortValue(calls.get(event.rpc)?.args ?? "")}`;
		case "handled":
			return `answers S${event.from}'s ${methodOf(calls, event)}${fateOfReply(calls.get(event.rpc), events)}: ${shortValue(event.reply)}`;
		case "reply":
			return `S${event.to} answers ${methodOf(calls, event)}${delay(events, calls.get(event.rpc)?.handled, event)}: ${shortValue(event.reply)}`;
		case "no-reply":
			return `${methodOf(calls, event)} to S${event.to}: no reply, ${event.why}`;
		case "network":
			return `the network is ${event.reliable ? "reliable" : "unreliable"}${event.longReordering ? ", replies are reordered" : ""}`;
		case "warning":
		case "tester":
			return event.text;
		case "failure":
			return `FAILS (${event.check}): ${event.text}`;
	}
}

/** Milliseconds without the tail of digits that 1024ths have. */
export function round(ms: number): number {
	return Math.round(ms * 1000) / 1000;
}

function methodOf(calls: ReadonlyMap<number, Call>, { rpc }: { readonly rpc: number }): string {
	return calls.get(rpc)?.method ?? `call ${rpc}`;
}

function fateOfRequest(call: Call | undefined, events: readonly JournalEvent[]): string {
	if (call === undefined) return "";
	const fate = requestFate(call, events);
	if (fate === "lost") return ` (LOST: ${call.why})`;
	if (fate === "under way") return " (still under way)";
	return delay(events, call.call, events[call.deliver ?? call.call]);
}

function fateOfReply(call: Call | undefined, events: readonly JournalEvent[]): string {
	if (call === undefined) return "";
	const fate = replyFate(call, events);
	if (fate === "lost") return ` (LOST: ${call.why})`;
	return fate === "under way" ? " (still under way)" : "";
}

/** How late a message is, if it is. */
function delay(events: readonly JournalEvent[], sent: number | undefined, come: JournalEvent | undefined): string {
	if (sent === undefined || come === undefined) return "";
	const ms = come.atMs - timeOf(events, sent);
	return ms > LATE_SHOWN_MS ? ` (${Math.round(ms)} ms late)` : "";
}

/** What the eye should not miss. */
const LATE_SHOWN_MS = 30;
