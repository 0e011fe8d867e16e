import type { JournalEvent } from "../journal-schema.ts";
import { addHead, arrowsBetween, arrowsOf, drawArrows, lineOf, styleOf } from "./arrows.ts";
import type { Layout } from "./layout.ts";
import { drawMarks } from "./marks.ts";
import { drawRoleText, drawSpans } from "./spans.ts";
import { BOLD, fitted, MARKS_FROM, SMALL } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

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
