/** What lasts: roles and terms as bands, and when a server is down, cut off or paused. */
import { type Layout, LINE_AT } from "./layout.ts";
import type { Span } from "./run-model.ts";
import { FONT, halo, SMALL, TEXTS_FROM } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** Draws a server's lane, and what lasts there. */
export function drawSpans(
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
export function drawRoleText(
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
