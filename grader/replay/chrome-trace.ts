import { callsOf } from "./calls.ts";
import { columnOf, describeInColumn } from "./describe.ts";
import type { Journal, JournalEvent } from "./journal-schema.ts";
import { topicOf } from "./topics.ts";

/** An event of Chrome's trace format; times in microseconds. */
interface TraceEvent {
	readonly ph: "M" | "X" | "i" | "s" | "f";
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	readonly cat?: string;
	readonly ts?: number;
	readonly dur?: number;
	readonly id?: string;
	readonly bp?: "e";
	readonly s?: "t" | "g";
	readonly args?: Readonly<Record<string, unknown>>;
}

const PID = 1;
const TESTER = 1;
/** Each server has a few rows, since slices of one row must not overlap. */
const ROWS = ["", "messages", "trouble"] as const;
/** A message's end has to be a slice for an arrow to begin or end at it. Times are whole 1024ths of a millisecond: shorter slices never overlap. */
const MESSAGE_US = 0.5;

/** The run in Chrome's trace format, which Perfetto opens: servers as threads, roles as slices, messages as flows. */
export function chromeTrace(journal: Journal): string {
	const { run, target, failure } = journal;
	const traceEvents = [...nameThreads(journal), ...slices(journal), ...messages(journal), ...marks(journal)];
	return `${JSON.stringify({ displayTimeUnit: "ms", otherData: { run, target, failure: failure?.message ?? "" }, traceEvents })}\n`;
}

function threadOf(server: number, row: (typeof ROWS)[number]): number {
	return 10 * (server + 1) + ROWS.indexOf(row);
}

function us(ms: number): number {
	return Math.round(ms * 1_000_000) / 1_000;
}

function nameThreads({ run, servers }: Journal): TraceEvent[] {
	const name = (tid: number, text: string): TraceEvent[] => [
		{ ph: "M", name: "thread_name", pid: PID, tid, args: { name: text } },
		{ ph: "M", name: "thread_sort_index", pid: PID, tid, args: { sort_index: tid } },
	];
	return [
		{ ph: "M", name: "process_name", pid: PID, tid: 0, args: { name: run } },
		...name(TESTER, "tester"),
		...Array.from({ length: servers }, (_, server) =>
			ROWS.flatMap((row) => name(threadOf(server, row), `S${server} ${row}`.trim())),
		).flat(),
	];
}

/** What lasts: roles and terms, and the times in which a server is down, cut off or stands still. */
function* slices({ events, servers, virtualMs }: Journal): Generator<TraceEvent> {
	for (let server = 0; server < servers; server++) {
		const open = new Map<string, { readonly name: string; readonly fromMs: number }>();
		const end = function* (row: (typeof ROWS)[number], what: string, atMs: number): Generator<TraceEvent> {
			const slice = open.get(what);
			open.delete(what);
			if (slice === undefined) return;
			const { name, fromMs } = slice;
			const tid = threadOf(server, row);
			yield { ph: "X", name, cat: what, pid: PID, tid, ts: us(fromMs), dur: us(atMs) - us(fromMs) };
		};
		for (const event of events) {
			if (!("server" in event) || event.server !== server) continue;
			const { atMs } = event;
			if (event.kind === "state") {
				yield* end("", "role", atMs);
				open.set("role", { name: `${event.isLeader ? "leader" : "not leader"}, term ${event.term}`, fromMs: atMs });
			} else if (event.kind === "crash") {
				yield* end("", "role", atMs);
				open.set("role", { name: "down", fromMs: atMs });
			} else if (event.kind === "boot") {
				yield* end("", "role", atMs);
			} else if (event.kind === "disconnect") {
				open.set("cut off", { name: "cut off", fromMs: atMs });
			} else if (event.kind === "connect") {
				yield* end("trouble", "cut off", atMs);
			}
		}
		yield* end("", "role", virtualMs);
		yield* end("trouble", "cut off", virtualMs);
	}
}

function* messages({ events }: Journal): Generator<TraceEvent> {
	const calls = callsOf(events);
	for (const call of calls.values()) {
		const { rpc, from, to, method, args, deliver, again, handled, end, reply, why } = call;
		const point = (
			index: number,
			server: number,
			name: string,
			more: Readonly<Record<string, unknown>>,
		): TraceEvent => ({
			ph: "X",
			name,
			cat: "message",
			pid: PID,
			tid: threadOf(server, "messages"),
			ts: us(events[index]?.atMs ?? 0),
			dur: MESSAGE_US,
			args: { rpc, ...more },
		});
		const flow = (ph: "s" | "f", index: number, server: number, leg: string): TraceEvent => ({
			...{ ph, name: method, cat: "message", id: `${rpc} ${leg}`, pid: PID },
			...{ tid: threadOf(server, "messages"), ts: us(events[index]?.atMs ?? 0) },
			...(ph === "f" ? { bp: "e" as const } : {}),
		});
		yield point(call.call, from, `${method} to S${to}`, { args, ...(why === undefined ? {} : { noReply: why }) });
		if (deliver !== undefined) {
			yield point(deliver, to, `${method} of S${from}`, {});
			yield flow("s", call.call, from, "request");
			yield flow("f", deliver, to, "request");
		}
		for (const [n, index] of again.entries()) {
			yield point(index, to, `${method} of S${from}, again`, {});
			yield flow("s", call.call, from, `request, again ${n}`);
			yield flow("f", index, to, `request, again ${n}`);
		}
		if (handled !== undefined) yield point(handled, to, `answers S${from}`, { reply });
		if (end !== undefined) yield point(end, from, why ?? `reply of S${to}`, why === undefined ? { reply } : {});
		if (handled !== undefined && end !== undefined && why === undefined) {
			yield flow("s", handled, to, "reply");
			yield flow("f", end, from, "reply");
		}
	}
}

/** What happens at one moment. */
function* marks({ events }: Journal): Generator<TraceEvent> {
	const none = new Map();
	for (const event of events) {
		if (topicOf(event) === "message" || event.kind === "state") continue;
		const server = columnOf(event);
		const tid = server === undefined ? TESTER : threadOf(server, event.kind === "pause" ? "trouble" : "");
		const name = describeInColumn(event, none, events);
		if (event.kind === "pause") {
			// Longer ones win; where two overlap, both are told as moments.
			yield { ph: "i", s: "t", name, cat: "pause", pid: PID, tid, ts: us(event.atMs) };
		} else {
			const s = event.kind === "failure" ? "g" : "t";
			yield { ph: "i", s, name, cat: topicOf(event), pid: PID, tid, ts: us(event.atMs), args: argsOf(event) };
		}
	}
}

function argsOf({ atMs: _, ...rest }: JournalEvent): Readonly<Record<string, unknown>> {
	return rest;
}
