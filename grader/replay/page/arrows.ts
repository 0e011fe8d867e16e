/** Messages: an arrow each way, with its fate. */
import { printable } from "../../../harness/printable.ts";
import { type Call, type Fate, fateOf, replyFate, requestFate } from "../calls.ts";
import type { JournalEvent } from "../journal-schema.ts";
import { shortValue } from "../short-value.ts";
import type { Layout } from "./layout.ts";
import { lastOf } from "./run-model.ts";
import { drawText, MARKS_FROM, SMALL, TEXTS_FROM } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** One way of a call, as it is drawn. */
export interface Arrow {
	readonly call: Call;
	readonly leg: "request" | "reply";
	readonly from: number;
	readonly to: number;
	readonly start: number;
	readonly end: number;
	readonly fate: Fate;
	/** The very request came before: what it says stands there already. */
	readonly isAgain: boolean;
}

/** The arrows that reach into a part of the run. */
export function* arrowsBetween(view: View, first: number, last: number): Generator<Arrow> {
	const { callList, latestEnds, events } = view.model;
	let low = 0;
	let high = callList.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((latestEnds[middle] as number) < first) low = middle + 1;
		else high = middle;
	}
	for (let i = low; i < callList.length; i++) {
		const call = callList[i] as Call;
		if (call.call > last) break;
		if (lastOf(call, events.length) < first || (view.hidesRepeats && call.isRepeat)) continue;
		yield* arrowsOf(call, events);
	}
}

/** Both ways of a call, as far as they went. */
export function* arrowsOf(call: Call, events: readonly JournalEvent[]): Generator<Arrow> {
	const { from, to } = call;
	const request = requestFate(call, events);
	// Of a message that is lost, the caller hears later; where it was lost, nobody knows.
	const lostAt = request === "lost" ? call.call : (call.deliver ?? events.length - 1);
	yield { call, leg: "request", from, to, start: call.call, end: lostAt, fate: request, isAgain: false };
	for (const end of call.again) {
		const fate = fateOf(call.call, end, events);
		yield { call, leg: "request", from, to, start: call.call, end, fate, isAgain: true };
	}
	const reply = replyFate(call, events);
	if (reply === undefined || call.handled === undefined) return;
	const end = reply === "lost" ? call.handled : (call.end ?? events.length - 1);
	yield { call, leg: "reply", from: to, to: from, start: call.handled, end, fate: reply, isAgain: false };
}

/** Where an arrow begins and ends on the screen. One that does not arrive ends half-way. */
export function lineOf(arrow: Arrow, view: View, { lanes }: Layout): readonly [number, number, number, number] {
	const x0 = lanes[arrow.from] ?? 0;
	const x1 = lanes[arrow.to] ?? 0;
	const y0 = view.y(arrow.start);
	const y1 = view.y(arrow.end);
	// A server may call itself.
	if (arrow.from === arrow.to) return [x0, y0, x0 + 16, y1];
	if (arrow.fate === "lost") return [x0, y0, x0 + (x1 - x0) * 0.55, y0 + Math.min(10, 0.6 * view.zoom)];
	if (arrow.fate === "under way")
		return [x0, y0, x0 + (x1 - x0) * 0.55, Math.min(y1, y0 + Math.min(10, 0.6 * view.zoom))];
	return [x0, y0, x1, y1];
}

interface Style {
	readonly colour: keyof Theme & ("request" | "reply" | "lost" | "late");
	readonly dash: readonly number[];
	readonly width: number;
}

/** How a message is drawn, by its way and its fate. */
export function styleOf({ leg, fate }: Arrow): Style {
	if (fate === "lost") return { colour: "lost", dash: leg === "reply" ? [5, 3] : [], width: 1.4 };
	if (fate === "late") return { colour: "late", dash: [9, 3, 2, 3], width: 1.4 };
	return leg === "reply" ? { colour: "reply", dash: [5, 4], width: 1 } : { colour: "request", dash: [], width: 1.1 };
}

/** Draws arrows; from near by with their heads, and what they say. */
export function drawArrows(
	context: CanvasRenderingContext2D,
	view: View,
	layout: Layout,
	theme: Theme,
	arrows: Iterable<Arrow>,
): void {
	const withDetails = view.zoom >= MARKS_FROM;
	// Strokes of one kind are made at once; far away, arrows that would lie on each other are drawn once.
	const paths = new Map<string, { readonly style: Style; readonly path: Path2D }>();
	const seen = new Set<number>();
	const heads = new Map<string, { readonly style: Style; readonly path: Path2D }>();
	const labels: Arrow[] = [];
	const servers = layout.lanes.length;
	for (const arrow of arrows) {
		const line = lineOf(arrow, view, layout);
		if (Math.max(line[1], line[3]) < -10 || Math.min(line[1], line[3]) > layout.height + 10) continue;
		const style = styleOf(arrow);
		if (!withDetails) {
			const pair = (arrow.from * servers + arrow.to) * 4 + FATES.indexOf(arrow.fate);
			const key = (pair * 8192 + ((Math.round(line[1] / 3) + 2048) & 8191)) * 2 + (arrow.leg === "reply" ? 1 : 0);
			if (seen.has(key)) continue;
			seen.add(key);
		}
		const { path } = entry(paths, style, withDetails);
		path.moveTo(line[0], line[1]);
		path.lineTo(line[2], line[3]);
		if (withDetails) addHead(entry(heads, style, withDetails).path, line, arrow.fate);
		if (view.zoom >= TEXTS_FROM && !arrow.isAgain) labels.push(arrow);
	}
	// Far away, it is the density that counts.
	context.globalAlpha = withDetails ? 1 : 0.4;
	for (const { style, path } of paths.values()) {
		context.strokeStyle = theme[style.colour];
		context.lineWidth = style.width;
		context.setLineDash(withDetails ? [...style.dash] : []);
		context.stroke(path);
	}
	context.setLineDash([]);
	context.globalAlpha = 1;
	for (const { style, path } of heads.values()) {
		context.strokeStyle = theme[style.colour];
		context.lineWidth = 1.5;
		context.stroke(path);
	}
	for (const arrow of labels) drawLabel(context, view, layout, theme, arrow);
}

const FATES: readonly Fate[] = ["arrived", "late", "lost", "under way"];

function entry(
	map: Map<string, { readonly style: Style; readonly path: Path2D }>,
	style: Style,
	withDetails: boolean,
): { readonly style: Style; readonly path: Path2D } {
	const key = withDetails ? `${style.colour} ${style.dash}` : style.colour;
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = { style, path: new Path2D() };
	map.set(key, made);
	return made;
}

/** A tip for what arrives, a cross for what is lost, a circle for what is still under way. */
export function addHead(path: Path2D, [x0, y0, x1, y1]: readonly [number, number, number, number], fate: Fate): void {
	if (fate === "lost") {
		path.moveTo(x1 - 4, y1 - 4);
		path.lineTo(x1 + 4, y1 + 4);
		path.moveTo(x1 + 4, y1 - 4);
		path.lineTo(x1 - 4, y1 + 4);
		return;
	}
	if (fate === "under way") {
		path.moveTo(x1 + 3, y1);
		path.arc(x1, y1, 3, 0, 2 * Math.PI);
		return;
	}
	const angle = Math.atan2(y1 - y0, x1 - x0);
	for (const turn of [2.7, -2.7]) {
		path.moveTo(x1, y1);
		path.lineTo(x1 + 7 * Math.cos(angle + turn), y1 + 7 * Math.sin(angle + turn));
	}
}

/** What a message says, where it leaves. */
function drawLabel(context: CanvasRenderingContext2D, view: View, layout: Layout, theme: Theme, arrow: Arrow): void {
	const { call, leg, from, to, start } = arrow;
	const y = view.y(start);
	if (y < -10 || y > layout.height + 10) return;
	const text = leg === "request" ? view.model.textInLane(call.call) : printable(shortValue(call.reply ?? "", 80));
	context.font = SMALL;
	drawText(context, view, layout, theme, text, layout.lanes[from] ?? 0, y, theme[styleOf(arrow).colour], to < from);
}
