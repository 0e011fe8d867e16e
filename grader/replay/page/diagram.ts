import { printable } from "../../../harness/printable.ts";
import { type Call, type Fate, replyFate, requestFate } from "../calls.ts";
import { columnOf } from "../describe.ts";
import type { JournalEvent } from "../journal-schema.ts";
import { shortValue } from "../short-value.ts";
import { type Layout, LINE_AT } from "./layout.ts";
import { lastOf, type Span } from "./run-model.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

const FONT = "12px ui-sans-serif, system-ui, sans-serif";
const BOLD = "600 12px ui-sans-serif, system-ui, sans-serif";
const SMALL = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
/** From this zoom on there is room for marks, and for text. */
const MARKS_FROM = 2.5;
const TEXTS_FROM = 12;

/** One way of a call, as it is drawn. */
interface Arrow {
	readonly call: Call;
	readonly leg: "request" | "reply";
	readonly from: number;
	readonly to: number;
	readonly start: number;
	readonly end: number;
	readonly fate: Fate;
}

/** Draws what a view shows. */
export function drawDiagram(context: CanvasRenderingContext2D, view: View, layout: Layout, theme: Theme): void {
	const { width, height } = layout;
	context.fillStyle = theme.background;
	context.fillRect(0, 0, width, height);
	const [first, last] = view.range();
	drawColumns(context, layout, theme);
	drawTimes(context, view, layout, theme, first, last);
	for (const [server] of layout.lanes.entries()) drawSpans(context, view, layout, theme, server, first, last);
	drawArrows(context, view, layout, theme, arrowsBetween(view, first, last));
	for (const [server, x] of layout.lanes.entries()) {
		for (const span of view.model.spans[server] ?? []) {
			if (span.kind === "role" && span.from <= last && span.to >= first)
				drawRoleText(context, view, layout, theme, x, span);
		}
	}
	if (view.zoom >= MARKS_FROM) drawMarks(context, view, layout, theme, first, last);
	drawFailure(context, view, layout, theme);
	drawCursor(context, view, layout, theme);
	drawCulprit(context, view, layout, theme);
}

function drawColumns(context: CanvasRenderingContext2D, { height, left, lanes, column }: Layout, theme: Theme): void {
	context.strokeStyle = theme.line;
	context.lineWidth = 1;
	context.beginPath();
	for (const [server] of lanes.entries()) {
		const x = Math.round(left + server * column) - 0.5;
		context.moveTo(x, 0);
		context.lineTo(x, height);
	}
	context.stroke();
}

function drawTimes(
	context: CanvasRenderingContext2D,
	view: View,
	{ gutter, height }: Layout,
	theme: Theme,
	first: number,
	last: number,
): void {
	context.font = SMALL;
	context.textAlign = "right";
	context.textBaseline = "middle";
	context.fillStyle = theme.faint;
	let free = -Infinity;
	let shown = "";
	// When there are more events than pixels, not every one is asked.
	const step = Math.max(1, Math.floor((last - first) / (2 * height)));
	for (let i = first; i <= last; i += step) {
		const y = view.y(i);
		if (y < free || view.isHidden(i)) continue;
		const text = ((view.model.events[i] as JournalEvent).atMs / 1000).toFixed(3);
		if (text === shown) continue;
		context.fillText(text, gutter - 8, y);
		shown = text;
		free = y + 15;
	}
}

function drawSpans(
	context: CanvasRenderingContext2D,
	view: View,
	layout: Layout,
	theme: Theme,
	server: number,
	first: number,
	last: number,
): void {
	const x = layout.lanes[server] as number;
	context.fillStyle = theme.line;
	context.fillRect(x - 1, 0, 2, layout.height);
	const spans = (view.model.spans[server] ?? []).filter(
		({ from, to, kind }) => from <= last && (to >= first || kind === "pause"),
	);
	for (const span of spans) if (span.kind === "cut") drawCut(context, view, layout, theme, x, span);
	for (const span of spans) {
		if (span.kind === "role") drawRole(context, view, layout, theme, x, span);
		else if (span.kind === "down") drawDown(context, view, layout, theme, x, span);
		else if (span.kind === "pause") drawPause(context, view, layout, theme, x, span);
	}
}

function clipped(view: View, from: number, to: number): readonly [number, number] {
	return [Math.max(-20, from), Math.min(view.height + 20, to)];
}

/** A leader's band is broad, another's narrow; its colour stands for the term, which is written beside its beginning. */
function drawRole(
	context: CanvasRenderingContext2D,
	view: View,
	_: Layout,
	theme: Theme,
	x: number,
	{ from, to, term, isLeader }: Span,
): void {
	const [y0, y1] = clipped(view, view.y(from), view.y(to));
	context.fillStyle = theme.terms[Math.abs(term) % theme.terms.length] ?? theme.faint;
	const half = isLeader ? 6 : 2;
	context.fillRect(x - half, y0, 2 * half, Math.max(1, y1 - y0));
}

/** The letter of a leader and the term go along when the band is longer than the screen. They stand above the arrows. */
function drawRoleText(
	context: CanvasRenderingContext2D,
	view: View,
	{ height }: Layout,
	theme: Theme,
	x: number,
	{ from, to, term, isLeader }: Span,
): void {
	const [y0, y1] = clipped(view, view.y(from), view.y(to));
	if (y1 - y0 < 24) return;
	const y = Math.max(y0, 2) + 9;
	if (y > Math.min(y1, height)) return;
	context.textBaseline = "middle";
	if (isLeader) {
		context.fillStyle = "#10141a";
		context.font = "700 10px ui-sans-serif, system-ui, sans-serif";
		context.textAlign = "center";
		context.fillText("L", x, y);
	}
	if (y0 > 0 && view.zoom >= TEXTS_FROM) return;
	context.font = SMALL;
	context.textAlign = "left";
	halo(context, theme, `term ${term}`, x + 9, y, true);
	context.fillStyle = theme.faint;
	context.fillText(`term ${term}`, x + 9, y);
}

function drawCut(
	context: CanvasRenderingContext2D,
	view: View,
	{ column }: Layout,
	theme: Theme,
	x: number,
	{ from, to }: Span,
): void {
	const [y0, y1] = clipped(view, view.y(from), view.y(to));
	const left = x - LINE_AT + 1;
	context.fillStyle = theme.cut;
	context.fillRect(left, y0, column - 2, y1 - y0);
	context.save();
	context.beginPath();
	context.rect(left, y0, column - 2, y1 - y0);
	context.clip();
	context.strokeStyle = theme.cut;
	context.lineWidth = 2;
	context.beginPath();
	// The hatching belongs to the run, and moves with it.
	const shift = 12 - ((((view.top * view.zoom) % 12) + 12) % 12);
	for (let y = Math.floor((y0 - column) / 12) * 12 + shift - 12; y < y1 + 12; y += 12) {
		context.moveTo(left, y);
		context.lineTo(left + column, y + column / 2);
	}
	context.stroke();
	context.restore();
}

function drawDown(
	context: CanvasRenderingContext2D,
	view: View,
	{ height }: Layout,
	theme: Theme,
	x: number,
	{ from, to }: Span,
): void {
	const [y0, y1] = clipped(view, view.y(from), view.y(to));
	context.fillStyle = theme.background;
	context.fillRect(x - 7, y0, 14, y1 - y0);
	context.strokeStyle = theme.failure;
	context.lineWidth = 1.5;
	context.setLineDash([2, 5]);
	context.beginPath();
	context.moveTo(x, y0);
	context.lineTo(x, y1);
	context.stroke();
	context.setLineDash([]);
	if (y1 - y0 > 34) {
		context.fillStyle = theme.failure;
		context.font = FONT;
		context.textAlign = "left";
		context.textBaseline = "middle";
		const y = Math.max(y0, 0) + 22;
		if (y < Math.min(y1, height)) context.fillText("down", x + 8, y);
	}
}

function drawPause(
	context: CanvasRenderingContext2D,
	view: View,
	_: Layout,
	theme: Theme,
	x: number,
	{ from, untilMs }: Span,
): void {
	const y0 = view.y(from);
	const y1 = view.toY(view.scale.atMs(untilMs));
	if (y1 < -20 || y0 > view.height + 20) return;
	context.strokeStyle = theme.pause;
	context.lineWidth = 1.5;
	context.setLineDash([3, 2]);
	context.strokeRect(x - 9, y0, 18, Math.max(2, y1 - y0));
	context.setLineDash([]);
}

/** The arrows that reach into a part of the run. */
function* arrowsBetween(view: View, first: number, last: number): Generator<Arrow> {
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

function* arrowsOf(call: Call, events: readonly JournalEvent[]): Generator<Arrow> {
	const { from, to } = call;
	const request = requestFate(call, events);
	// Of a message that is lost, the caller hears later; where it was lost, nobody knows.
	const lostAt = request === "lost" ? call.call : (call.deliver ?? events.length - 1);
	yield { call, leg: "request", from, to, start: call.call, end: lostAt, fate: request };
	const reply = replyFate(call, events);
	if (reply === undefined || call.handled === undefined) return;
	const end = reply === "lost" ? call.handled : (call.end ?? events.length - 1);
	yield { call, leg: "reply", from: to, to: from, start: call.handled, end, fate: reply };
}

/** Where an arrow begins and ends on the screen. One that does not arrive ends half-way. */
function lineOf(arrow: Arrow, view: View, { lanes }: Layout): readonly [number, number, number, number] {
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

function styleOf({ leg, fate }: Arrow): Style {
	if (fate === "lost") return { colour: "lost", dash: leg === "reply" ? [5, 3] : [], width: 1.4 };
	if (fate === "late") return { colour: "late", dash: [9, 3, 2, 3], width: 1.4 };
	return leg === "reply" ? { colour: "reply", dash: [5, 4], width: 1 } : { colour: "request", dash: [], width: 1.1 };
}

function drawArrows(
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
		if (view.zoom >= TEXTS_FROM) labels.push(arrow);
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
function addHead(path: Path2D, [x0, y0, x1, y1]: readonly [number, number, number, number], fate: Fate): void {
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

/** A text goes on over the neighbouring lanes, if need be: step by step, no other event stands at its height. */
const TEXT_WIDTH_MAX = 420;

function drawText(
	context: CanvasRenderingContext2D,
	view: View,
	layout: Layout,
	theme: Theme,
	text: string,
	x: number,
	y: number,
	colour: string,
	isLeftwards = false,
): void {
	const own = layout.column - LINE_AT - 14;
	const wanted = view.scale.kind === "time" ? own : TEXT_WIDTH_MAX;
	const toRight = Math.min(wanted, layout.width - x - 16);
	const toLeft = Math.min(wanted, x - layout.left - 4);
	// On the right there may be no room.
	const width = Math.min(wanted, context.measureText(text.slice(0, 120)).width);
	const isLeft = (isLeftwards || toRight < width) && toLeft > toRight * (isLeftwards ? 0.5 : 1);
	const shown = fitted(context, text, isLeft ? toLeft : toRight);
	const at = isLeft ? x - 12 : x + 12;
	context.textAlign = isLeft ? "right" : "left";
	context.textBaseline = "middle";
	halo(context, theme, shown, at, y, !isLeft);
	context.fillStyle = colour;
	context.fillText(shown, at, y);
}

function halo(
	context: CanvasRenderingContext2D,
	theme: Theme,
	text: string,
	x: number,
	y: number,
	isLeft: boolean,
): void {
	const width = context.measureText(text).width;
	context.globalAlpha = 0.82;
	context.fillStyle = theme.background;
	context.fillRect(isLeft ? x - 2 : x - width - 2, y - 7, width + 4, 14);
	context.globalAlpha = 1;
}

/** As much of a text as there is room for. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
	// All that is drawn here is set in fonts whose letters are rarely narrower.
	const most = text.slice(0, Math.ceil(room / 4));
	if (context.measureText(most).width <= room && most.length === text.length) return text;
	let low = 0;
	let high = most.length;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (context.measureText(`${most.slice(0, middle)}…`).width <= room) low = middle;
		else high = middle - 1;
	}
	return low === 0 ? "" : `${most.slice(0, low)}…`;
}

function drawMarks(
	context: CanvasRenderingContext2D,
	view: View,
	layout: Layout,
	theme: Theme,
	first: number,
	last: number,
): void {
	const { model } = view;
	const withTexts = view.zoom >= TEXTS_FROM;
	for (let i = first; i <= last; i++) {
		const event = model.events[i] as JournalEvent;
		if (view.isHidden(i) || ("rpc" in event && event.kind !== "no-reply")) continue;
		const y = view.y(i);
		const server = columnOf(event);
		if (server === undefined) {
			// The failure is told across all lanes.
			if (event.kind !== "failure") drawTester(context, layout, theme, model.text(i), y);
			continue;
		}
		const x = layout.lanes[server] as number;
		const colour = drawMark(context, theme, event, x, y, model.commits.has(i));
		if (view.isFound(i)) ring(context, theme, x, y);
		if (!withTexts) continue;
		context.font = event.kind === "state" || event.kind === "crash" || event.kind === "boot" ? BOLD : FONT;
		drawText(context, view, layout, theme, model.textInLane(i), x, y, colour);
	}
}

/** Each kind of event has a shape of its own. Returns the colour of its text. */
function drawMark(
	context: CanvasRenderingContext2D,
	theme: Theme,
	event: JournalEvent,
	x: number,
	y: number,
	isCommit: boolean,
): string {
	context.lineWidth = 1.5;
	context.beginPath();
	switch (event.kind) {
		case "save":
			context.fillStyle = theme.save;
			context.fillRect(x - 4, y - 3, 8, 6);
			return theme.faint;
		case "apply":
			// The first server that applies an index shows that it is committed: a filled diamond.
			context.moveTo(x, y - 6);
			context.lineTo(x + 6, y);
			context.lineTo(x, y + 6);
			context.lineTo(x - 6, y);
			context.closePath();
			context.fillStyle = isCommit ? theme.apply : theme.background;
			context.fill();
			context.strokeStyle = theme.apply;
			context.stroke();
			return theme.apply;
		case "snapshot":
		case "apply-snapshot":
		case "restore":
			context.fillStyle = theme.snapshot;
			context.fillRect(x - 6, y - 6, 12, 12);
			context.fillStyle = theme.background;
			context.fillRect(x - 3, y - 3, 6, 6);
			return theme.snapshot;
		case "start":
			context.strokeStyle = theme.command;
			context.moveTo(x - 6, y);
			context.lineTo(x + 6, y);
			context.moveTo(x, y - 6);
			context.lineTo(x, y + 6);
			context.stroke();
			return theme.command;
		case "crash":
			context.strokeStyle = theme.failure;
			context.lineWidth = 2.5;
			context.moveTo(x - 6, y - 6);
			context.lineTo(x + 6, y + 6);
			context.moveTo(x + 6, y - 6);
			context.lineTo(x - 6, y + 6);
			context.stroke();
			return theme.failure;
		case "boot":
			context.fillStyle = theme.apply;
			context.moveTo(x - 6, y - 5);
			context.lineTo(x + 6, y - 5);
			context.lineTo(x, y + 6);
			context.fill();
			return theme.text;
		case "no-reply":
			context.strokeStyle = theme.lost;
			context.moveTo(x - 3, y - 3);
			context.lineTo(x + 3, y + 3);
			context.moveTo(x + 3, y - 3);
			context.lineTo(x - 3, y + 3);
			context.stroke();
			return theme.lost;
		case "log":
			context.fillStyle = theme.faint;
			context.arc(x, y, 2.5, 0, 2 * Math.PI);
			context.fill();
			return theme.faint;
		case "pause":
			context.fillStyle = theme.pause;
			context.fillRect(x - 5, y - 5, 3, 10);
			context.fillRect(x + 2, y - 5, 3, 10);
			return theme.pause;
		default:
			context.fillStyle = theme.text;
			context.arc(x, y, 3.5, 0, 2 * Math.PI);
			context.fill();
			return theme.text;
	}
}

function ring(context: CanvasRenderingContext2D, theme: Theme, x: number, y: number): void {
	context.strokeStyle = theme.accent;
	context.lineWidth = 2;
	context.beginPath();
	context.arc(x, y, 10, 0, 2 * Math.PI);
	context.stroke();
}

function drawTester(
	context: CanvasRenderingContext2D,
	{ tester }: Layout,
	theme: Theme,
	text: string,
	y: number,
): void {
	context.font = FONT;
	context.textAlign = "left";
	context.textBaseline = "middle";
	context.fillStyle = theme.text;
	context.fillText(fitted(context, text, tester.width - 14), tester.x + 4, y);
}

function drawFailure(context: CanvasRenderingContext2D, view: View, layout: Layout, theme: Theme): void {
	const { model } = view;
	if (model.failure < 0) return;
	const y = view.y(model.failure);
	if (y < -10 || y > layout.height + 10) return;
	context.strokeStyle = theme.failure;
	context.lineWidth = 2;
	context.setLineDash([8, 4]);
	context.beginPath();
	context.moveTo(layout.gutter, y + 9);
	context.lineTo(layout.width, y + 9);
	context.stroke();
	context.setLineDash([]);
	for (const server of model.journal.failure?.servers ?? []) {
		const x = layout.lanes[server];
		if (x === undefined) continue;
		context.beginPath();
		context.arc(x, y + 9, 10, 0, 2 * Math.PI);
		context.stroke();
	}
	context.fillStyle = theme.failure;
	context.font = BOLD;
	context.textAlign = "left";
	context.textBaseline = "top";
	const text = `✕ ${model.journal.failure?.check ?? "fails"}: ${model.journal.failure?.message ?? ""}`.replaceAll(
		/\s+/g,
		" ",
	);
	context.fillText(fitted(context, text, layout.width - layout.gutter - 12), layout.gutter + 4, y + 24);
}

/** Where a server broke a rule: a triangle at its lane. */
function drawCulprit(context: CanvasRenderingContext2D, view: View, layout: Layout, theme: Theme): void {
	const { culprit } = view.model;
	const x = culprit === null ? undefined : layout.lanes[culprit.server];
	if (culprit === null || x === undefined) return;
	const y = view.y(culprit.event);
	if (y < -20 || y > layout.height + 20) return;
	context.beginPath();
	context.moveTo(x, y - 11);
	context.lineTo(x + 11, y + 8);
	context.lineTo(x - 11, y + 8);
	context.closePath();
	context.fillStyle = theme.background;
	context.fill();
	context.strokeStyle = theme.failure;
	context.lineWidth = 2;
	context.stroke();
	context.fillStyle = theme.failure;
	context.font = BOLD;
	context.textAlign = "center";
	context.textBaseline = "middle";
	context.fillText("!", x, y + 2);
}

/** The chosen event: a line across, and for a message both of its ways. */
function drawCursor(context: CanvasRenderingContext2D, view: View, layout: Layout, theme: Theme): void {
	const { model, cursor } = view;
	const y = view.y(cursor);
	context.strokeStyle = theme.accent;
	context.fillStyle = theme.accent;
	context.lineWidth = 1;
	context.globalAlpha = 0.65;
	context.beginPath();
	context.moveTo(0, Math.round(y) + 0.5);
	context.lineTo(layout.width, Math.round(y) + 0.5);
	context.stroke();
	context.globalAlpha = 1;
	context.beginPath();
	context.moveTo(0, y - 6);
	context.lineTo(9, y);
	context.lineTo(0, y + 6);
	context.fill();
	const call = model.callAt(cursor);
	if (call === undefined) return;
	for (const arrow of arrowsOf(call, model.events)) {
		const line = lineOf(arrow, view, layout);
		const path = new Path2D();
		path.moveTo(line[0], line[1]);
		path.lineTo(line[2], line[3]);
		context.lineWidth = 3;
		context.setLineDash([...styleOf(arrow).dash]);
		context.stroke(path);
		context.setLineDash([]);
		const head = new Path2D();
		addHead(head, line, arrow.fate);
		context.stroke(head);
	}
}

/** How near a click must be, in pixels. */
const NEAR = 9;

/** The event that lies at this point: of a message, the one at its nearer end. Undefined if nothing is near. */
export function eventAt(x: number, y: number, view: View, layout: Layout): number | undefined {
	const [first, last] = view.range();
	let best: number | undefined;
	let nearest = NEAR;
	const offer = (index: number, distance: number) => {
		if (distance >= nearest) return;
		nearest = distance;
		best = index;
	};
	for (let i = first; i <= last; i++) {
		const event = view.model.events[i] as JournalEvent;
		if (view.isHidden(i) || "rpc" in event) continue;
		const server = columnOf(event);
		const dy = Math.abs(view.y(i) - y);
		// The text beside a mark belongs to it.
		const [from, to] =
			server === undefined
				? [layout.tester.x, layout.left]
				: [(layout.lanes[server] as number) - 7, (layout.lanes[server] as number) + 0.5 * layout.column];
		if (x >= from && x <= to) offer(i, dy);
	}
	for (const arrow of arrowsBetween(view, first, last)) {
		const [x0, y0, x1, y1] = lineOf(arrow, view, layout);
		const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
		const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length));
		const distance = Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
		const hasArrived = arrow.fate === "arrived" || arrow.fate === "late";
		offer(along > 0.5 && hasArrived ? arrow.end : arrow.start, distance);
	}
	return best;
}
