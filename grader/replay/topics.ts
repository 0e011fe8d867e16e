import type { JournalEvent } from "./journal-schema.ts";

/** What events are about: each has a colour of its own in every view, and can be asked for. */
export const TOPICS = ["tester", "life", "role", "message", "save", "command", "apply", "snapshot", "log"] as const;

export type Topic = (typeof TOPICS)[number];

/** What an event is about. */
export function topicOf({ kind }: JournalEvent): Topic {
	return TOPIC_OF[kind];
}

const TOPIC_OF: Readonly<Record<JournalEvent["kind"], Topic>> = {
	tester: "tester",
	network: "tester",
	warning: "tester",
	failure: "tester",
	boot: "life",
	crash: "life",
	connect: "life",
	disconnect: "life",
	pause: "life",
	state: "role",
	call: "message",
	deliver: "message",
	"deliver-again": "message",
	handled: "message",
	reply: "message",
	"no-reply": "message",
	save: "save",
	start: "command",
	apply: "apply",
	"apply-snapshot": "snapshot",
	snapshot: "snapshot",
	restore: "snapshot",
	log: "log",
};
