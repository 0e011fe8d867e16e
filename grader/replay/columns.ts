import pc from "picocolors";
import { wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import type { Call } from "./calls.ts";
import { columnOf, describeInColumn } from "./describe.ts";
import { displayWidth } from "./display-width.ts";
import type { Journal, JournalEvent } from "./journal-schema.ts";
import { CULPRIT } from "./story-lines.ts";
import { type Topic, topicOf } from "./topics.ts";

/** Where a line of a server stands: text flows to the right of the server's line, or for servers on the right to its left. */
interface Lane {
	/** The place of its line. */
	readonly x: number;
	readonly isLeft: boolean;
}

const TIME_WIDTH = 10;
/** Where columns are narrower, text may go on over those beside its own. */
const TEXT_WIDTH_MIN = 34;
const MARKS: Readonly<Record<Topic, string>> = {
	tester: "=",
	life: "#",
	role: "*",
	message: "-",
	save: "s",
	command: "+",
	apply: "a",
	snapshot: "z",
	log: ":",
};
const COLOURS: Readonly<Record<Topic, (text: string) => string>> = {
	tester: pc.cyan,
	life: pc.red,
	role: pc.yellow,
	message: (text) => text,
	save: pc.dim,
	command: pc.magenta,
	apply: pc.green,
	snapshot: pc.blue,
	log: pc.gray,
};
const MESSAGE_MARKS: Readonly<Partial<Record<JournalEvent["kind"], string>>> = {
	call: ">",
	deliver: "<",
	"deliver-again": "<",
	handled: ">",
	reply: "<",
	"no-reply": "x",
};

/**
 * A run in columns: time at the left, a line for each server downwards, what happens at a server beside its line, and what the tester does across.
 * The event in which a server broke a rule is marked between the time and the first column.
 *
 * @param chosen - the indices of the events to show.
 * @param servers - the servers that get a column.
 * @param width - of the terminal, in characters.
 */
export function* columns(
	{ events, story }: Journal,
	calls: ReadonlyMap<number, Call>,
	chosen: readonly number[],
	servers: readonly number[],
	width: number,
): Generator<string> {
	const lanes = layOut(servers, width);
	const heading = drawHeading(servers, lanes, width);
	yield heading;
	const guilty = shownFor(story?.culprit?.event, calls, events);
	let shownMs = "";
	for (const index of chosen) {
		const event = events[index] as JournalEvent;
		if (isSaidAgain(event, calls, events)) continue;
		const server = columnOf(event);
		if (server !== undefined && !lanes.has(server)) continue;
		const time = `${(event.atMs / 1000).toFixed(3)} s`;
		const text = untrustedLine(describeInColumn(event, calls, events));
		const colour = COLOURS[topicOf(event)];
		const rows =
			server === undefined
				? drawAcross(text, event.kind === "failure" ? pc.red : colour, width)
				: drawBeside(server, markOf(event), text, event.kind === "no-reply" ? pc.red : colour, lanes, width);
		for (const [i, row] of rows.entries()) {
			const shown = i > 0 || time === shownMs ? "" : time;
			const mark = index === guilty ? pc.red(pc.bold(CULPRIT)) : " ";
			yield `${pc.dim(shown.padStart(TIME_WIDTH - 1))}${mark}${row}`.trimEnd();
		}
		shownMs = time;
	}
	yield heading;
}

/** A request that is answered in the moment in which it arrives: the answer says so. */
function isSaidAgain(event: JournalEvent, calls: ReadonlyMap<number, Call>, events: readonly JournalEvent[]): boolean {
	if (event.kind !== "deliver") return false;
	const handled = calls.get(event.rpc)?.handled;
	return handled !== undefined && events[handled]?.atMs === event.atMs;
}

/** The event in whose line the reader finds another. */
function shownFor(
	index: number | undefined,
	calls: ReadonlyMap<number, Call>,
	events: readonly JournalEvent[],
): number | undefined {
	const event = index === undefined ? undefined : events[index];
	if (event?.kind !== "deliver" || !isSaidAgain(event, calls, events)) return index;
	return calls.get(event.rpc)?.handled;
}

function markOf(event: JournalEvent): string {
	return MESSAGE_MARKS[event.kind] ?? MARKS[topicOf(event)];
}

function layOut(servers: readonly number[], width: number): ReadonlyMap<number, Lane> {
	const each = Math.max(4, Math.floor((width - TIME_WIDTH) / servers.length));
	return new Map(
		servers.map((server, i) => {
			const isLeft = i < servers.length / 2;
			return [server, { x: isLeft ? i * each : (i + 1) * each - 1, isLeft }];
		}),
	);
}

function drawHeading(servers: readonly number[], lanes: ReadonlyMap<number, Lane>, width: number): string {
	let row = "";
	for (const server of servers) {
		const { x, isLeft } = lanes.get(server) as Lane;
		const name = `S${server}`;
		row = row.padEnd(isLeft ? x : x - name.length + 1) + name;
	}
	return pc.bold(`${"time".padStart(TIME_WIDTH - 1)} ${row}`.slice(0, width).trimEnd());
}

/** What the tester does: over all columns. */
function drawAcross(text: string, colour: (text: string) => string, width: number): string[] {
	const room = width - TIME_WIDTH - 4;
	return wrap(text, room).map((line, i) => colour(`${i === 0 ? "== " : "   "}${line}`));
}

function drawBeside(
	server: number,
	mark: string,
	text: string,
	colour: (text: string) => string,
	lanes: ReadonlyMap<number, Lane>,
	width: number,
): string[] {
	const { x, isLeft } = lanes.get(server) as Lane;
	const room = roomBeside(server, lanes, width);
	const lines = wrapDisplayed(text, room);
	const longest = Math.max(0, ...lines.map(displayWidth));
	return lines.map((line, i) => {
		const block = line + " ".repeat(longest - displayWidth(line));
		const shown = isLeft ? `${i === 0 ? mark : " "} ${line}` : `${block} ${i === 0 ? mark : " "}`;
		const length = displayWidth(shown);
		const start = isLeft ? x : Math.max(0, x - length + 1);
		return bars(lanes, 0, start) + colour(shown) + bars(lanes, start + length, width - TIME_WIDTH);
	});
}

/** Up to the next lines, until there is room enough for text. */
function roomBeside(server: number, lanes: ReadonlyMap<number, Lane>, width: number): number {
	const { x, isLeft } = lanes.get(server) as Lane;
	const end = isLeft ? width - TIME_WIDTH : -1;
	const stops = [...lanes.values()].map((lane) => lane.x).filter((stop) => (isLeft ? stop > x : stop < x));
	const room = [...stops, end]
		.map((stop) => Math.abs(stop - x) - 3)
		.sort((a, b) => a - b)
		.find((space) => space >= TEXT_WIDTH_MIN);
	return Math.max(8, room ?? Math.abs(end - x) - 3);
}

/** The servers' lines between two places. */
function bars(lanes: ReadonlyMap<number, Lane>, from: number, to: number): string {
	const row = new Array<string>(Math.max(0, to - from)).fill(" ");
	for (const { x } of lanes.values()) if (x >= from && x < to) row[x - from] = "│";
	return pc.dim(row.join(""));
}

/** Most text is as wide as it is long; other text is broken where it gets too wide. */
function wrapDisplayed(text: string, room: number): string[] {
	const lines = wrap(text, room);
	if (lines.every((line) => displayWidth(line) <= room)) return lines;
	return lines.flatMap((line) => {
		const parts = [""];
		for (const character of line) {
			if (displayWidth((parts.at(-1) ?? "") + character) > room) parts.push("");
			parts[parts.length - 1] += character;
		}
		return parts;
	});
}
