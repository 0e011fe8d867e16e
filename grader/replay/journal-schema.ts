/**
 * A run and all that happened in it, as one value: what `raft-grade replay --format json` writes, and what the page of `--trace` holds. Its published
 * schema, docs/schemas/journal-1.schema.json, is written from here by `npm run schemas`.
 */
import { z } from "zod";
import { toldStory } from "../narrative/story-schema.ts";
import { JOURNAL_FORMAT } from "./journal-format.ts";

const count = z.int().min(0);
const virtualMs = z.number().min(0).describe("virtual milliseconds since the run began");
const wireText = z.string().describe("JSON; or ~ and JSON in which an object with $ stands for what JSON lacks");

/** An event at one server. */
function atServer<Kind extends string, Rest extends z.ZodRawShape>(kind: Kind, rest: Rest) {
	return z.object({ atMs: virtualMs, kind: z.literal(kind), server: count, ...rest });
}

/** A step in the life of a call. */
function ofCall<Kind extends string, Rest extends z.ZodRawShape>(kind: Kind, rest: Rest) {
	return z.object({
		atMs: virtualMs,
		kind: z.literal(kind),
		rpc: count.describe("which call of the run this is about"),
		from: count.describe("the server that called"),
		to: count.describe("the server that was called"),
		...rest,
	});
}

const event = z.discriminatedUnion("kind", [
	atServer("boot", { incarnation: count }).describe("the server starts; each start is an incarnation, from 0"),
	atServer("crash", {}),
	atServer("connect", {}),
	atServer("disconnect", {}).describe("the server is cut off from all others"),
	atServer("pause", { forMs: virtualMs }).describe("the whole machine stands still for so long"),
	atServer("state", { term: z.number(), isLeader: z.boolean() }).describe("what getState() says has changed"),
	atServer("save", { stateBytes: count, snapshotBytes: count }).describe("the persister was given something to keep"),
	atServer("start", { command: wireText, index: z.number(), term: z.number(), isLeader: z.boolean() }).describe(
		"start() was called; isLeader false: refused",
	),
	atServer("apply", { index: z.number(), command: wireText }),
	atServer("apply-snapshot", { index: z.number(), term: z.number(), bytes: count }).describe(
		"a snapshot was handed to the service",
	),
	atServer("snapshot", { index: z.number(), bytes: count }).describe("the service made a snapshot"),
	atServer("restore", { index: z.number(), bytes: count }).describe("the service starts from the stored snapshot"),
	atServer("log", { topic: z.string(), text: z.string() }).describe("a console or debug line"),
	ofCall("call", { method: z.string(), args: wireText, bytes: count }).describe("the call leaves"),
	ofCall("deliver", {}).describe("the request has reached the handler"),
	ofCall("deliver-again", {}).describe("the same request has come once more; nobody waits for the answer to that"),
	ofCall("handled", { reply: wireText }).describe("the handler is done"),
	ofCall("reply", { reply: wireText, bytes: count }).describe("the reply is back"),
	ofCall("no-reply", {
		why: z.enum(["unreachable", "request lost", "reply lost", "server crashed", "cut off"]),
	}).describe("the caller hears that no reply will come"),
	z.object({
		atMs: virtualMs,
		kind: z.literal("network"),
		reliable: z.boolean(),
		longReordering: z.boolean(),
	}),
	z.object({ atMs: virtualMs, kind: z.literal("tester"), text: z.string() }).describe("the tester does something"),
	z.object({ atMs: virtualMs, kind: z.literal("warning"), text: z.string() }),
	z.object({ atMs: virtualMs, kind: z.literal("failure"), check: z.string(), text: z.string() }),
]);

/** A journal: the run's name, what came of it, and its events. */
export const journal = z.object({
	format: z.literal(JOURNAL_FORMAT),
	tool: z.object({ name: z.literal("raft-grade"), version: z.string() }),
	run: z.string().describe("what raft-grade replay takes"),
	target: z.string(),
	title: z.string().describe("what the test is about"),
	schedule: z.enum(["calm", "race"]),
	servers: count,
	virtualMs: virtualMs.describe("how long the run took, in virtual milliseconds"),
	failure: z
		.object({
			check: z.string(),
			message: z.string(),
			atMs: virtualMs,
			servers: z.array(count).describe("the servers that it is about; may be empty"),
			expected: z.string().nullable(),
			actual: z.string().nullable(),
			places: z.array(z.string()).describe("where in the submission, innermost first: file:line:column in function"),
		})
		.nullable()
		.describe("null: the run passed"),
	story: toldStory
		.nullable()
		.describe("the chain of events behind the failure; null if it passed, or if the messages don't show it"),
	thinned: count.describe("events left out since there were too many: only the last ones are complete"),
	events: z.array(event).describe("in the order in which they happened"),
});

export type Journal = z.infer<typeof journal>;
export type JournalEvent = z.infer<typeof event>;
