import type { SimulationEvent } from "../../harness/index.ts";
import type { JournalEvent } from "./journal-schema.ts";

/** How much is kept of a value that crossed the wire, and of a line that a submission wrote. A submission can make both as long as it likes. */
const WIRE_TEXT_MAX = 16_384;
const LINE_MAX = 4_096;

/** Whether a journal keeps an event: whether it tells a person anything. */
export function isKept({ kind }: SimulationEvent): boolean {
	return kind !== "spoke" && kind !== "limit";
}

/**
 * An event as it is kept and shown: a snapshot's size instead of its content, and no endless texts.
 *
 * @returns undefined for events that are not {@link isKept}.
 */
export function toJournalEvent(event: SimulationEvent): JournalEvent | undefined {
	switch (event.kind) {
		case "spoke":
		case "limit":
			return undefined;
		case "apply-snapshot": {
			const { snapshot, ...rest } = event;
			return { ...rest, bytes: snapshot.length };
		}
		case "snapshot":
		case "restore": {
			const { snapshot, ...rest } = event;
			return { ...rest, bytes: snapshot.length };
		}
		case "call":
			return { ...event, method: clip(event.method, LINE_MAX), args: clip(event.args, WIRE_TEXT_MAX) };
		case "handled":
		case "reply":
			return { ...event, reply: clip(event.reply, WIRE_TEXT_MAX) };
		case "start":
		case "apply":
			return { ...event, command: clip(event.command, WIRE_TEXT_MAX) };
		case "log":
		case "tester":
		case "warning":
		case "failure":
			return { ...event, text: clip(event.text, LINE_MAX) };
		default:
			return event;
	}
}

/** How much an event holds that a submission had a hand in: characters, and the bytes of a snapshot that stands in it. */
export function textLength(event: SimulationEvent | JournalEvent): number {
	switch (event.kind) {
		case "call":
			return event.method.length + event.args.length;
		case "handled":
		case "reply":
			return event.reply.length;
		case "start":
		case "apply":
			return event.command.length;
		case "snapshot":
		case "restore":
		case "apply-snapshot":
			return "snapshot" in event ? event.snapshot.length : 0;
		case "log":
			return event.text.length;
		default:
			return 0;
	}
}

function clip(text: string, max: number): string {
	return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
