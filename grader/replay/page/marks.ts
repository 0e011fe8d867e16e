/** What happens at one server at one moment: a mark of a shape of its own for each kind of event; and what the tester does. */
import { columnOf } from "../describe.ts";
import type { JournalEvent } from "../journal-schema.ts";
import type { Layout } from "./layout.ts";
import { BOLD, drawText, FONT, fitted, TEXTS_FROM } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** Draws the marks of a part of the run. */
export function drawMarks(
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
