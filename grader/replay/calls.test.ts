import { expect } from "chai";
import { callsOf, replyFate, requestFate } from "./calls.ts";
import type { JournalEvent } from "./journal-schema.ts";

const HEARTBEAT = '{"term":3,"entries":[]}';

/** A call of S0's to S1 with its events, at these times; a missing time means that it did not happen. */
function call(
	rpc: number,
	given: {
		readonly args?: string;
		readonly reply?: string;
		readonly deliverMs?: number;
		readonly replyMs?: number;
		readonly why?: "request lost" | "reply lost";
		readonly method?: string;
	} = {},
): JournalEvent[] {
	const { args = HEARTBEAT, reply = '{"ok":true}', why, method = "AppendEntries" } = given;
	const atMs = rpc;
	const deliverMs = given.deliverMs ?? atMs;
	const replyMs = given.replyMs ?? deliverMs;
	const about = { rpc, from: 0, to: 1 };
	const events: JournalEvent[] = [{ atMs, kind: "call", ...about, method, args, bytes: args.length }];
	if (why === "request lost") return [...events, { atMs, kind: "no-reply", ...about, why }];
	events.push({ atMs: deliverMs, kind: "deliver", ...about });
	events.push({ atMs: deliverMs, kind: "handled", ...about, reply });
	events.push(
		why === undefined
			? { atMs: replyMs, kind: "reply", ...about, reply, bytes: reply.length }
			: { atMs: deliverMs, kind: "no-reply", ...about, why },
	);
	return events;
}

function fates(events: readonly JournalEvent[]) {
	return [...callsOf(events).values()].map((each) => [requestFate(each, events), replyFate(each, events)]);
}

function repeats(events: readonly JournalEvent[]): boolean[] {
	return [...callsOf(events).values()].map(({ isRepeat }) => isRepeat);
}

describe("the calls of a journal", () => {
	it("are put together, with what became of both ways", () => {
		expect(fates(call(1))).to.deep.equal([["arrived", "arrived"]]);
		expect(fates(call(1, { why: "request lost" }))).to.deep.equal([["lost", undefined]]);
		expect(fates(call(1, { why: "reply lost" }))).to.deep.equal([["arrived", "lost"]]);
		expect(fates(call(1, { deliverMs: 102 }))).to.deep.equal([["late", "arrived"]]);
		expect(fates(call(1, { replyMs: 900 }))).to.deep.equal([["arrived", "late"]]);
	});

	it("are still under way when the journal ends before they do", () => {
		expect(fates(call(1).slice(0, 1))).to.deep.equal([["under way", undefined]]);
		expect(fates(call(1).slice(0, 2))).to.deep.equal([["arrived", undefined]]);
		expect(fates(call(1).slice(0, 3))).to.deep.equal([["arrived", "under way"]]);
	});

	it("are left out if their beginning is missing", () => {
		expect(callsOf(call(1).slice(1)).size).to.equal(0);
	});

	it("repeat what was said if nothing in them is new", () => {
		expect(repeats([...call(1), ...call(2), ...call(3)])).to.deep.equal([false, true, true]);
	});

	it("tell something new by their arguments, their answer, or a list that is not empty", () => {
		expect(repeats([...call(1), ...call(2, { args: '{"term":4,"entries":[]}' })])).to.deep.equal([false, false]);
		expect(repeats([...call(1), ...call(2, { reply: '{"ok":false}' })])).to.deep.equal([false, false]);
		const entries = '{"term":3,"entries":[{"command":"x"}]}';
		expect(repeats([...call(1, { args: entries }), ...call(2, { args: entries })])).to.deep.equal([false, false]);
		expect(repeats([...call(1), ...call(2, { method: "RequestVote" })])).to.deep.equal([false, false]);
	});

	it("tell something new if what they repeat was lost", () => {
		expect(repeats([...call(1, { why: "request lost" }), ...call(2), ...call(3)])).to.deep.equal([false, false, true]);
	});

	it("may come a second time, which is no mere repetition", () => {
		const again: JournalEvent = { atMs: 50, kind: "deliver-again", rpc: 2, from: 0, to: 1 };
		const events = [...call(1), ...call(2), ...call(3), again];
		expect([...callsOf(events).values()].map((each) => each.again)).to.deep.equal([[], [events.length - 1], []]);
		expect(repeats(events)).to.deep.equal([false, false, true]);
	});

	it("tell everything anew after a restart", () => {
		const boot: JournalEvent = { atMs: 2, kind: "boot", server: 0, incarnation: 1 };
		expect(repeats([...call(1), ...call(2), boot, ...call(3)])).to.deep.equal([false, true, false]);
	});
});
