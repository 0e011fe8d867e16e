/** How text is set in the diagram. */
import { type Layout, LINE_AT } from "./layout.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** The fonts of the diagram. */
export const FONT = "12px ui-sans-serif, system-ui, sans-serif";
export const BOLD = "600 12px ui-sans-serif, system-ui, sans-serif";
export const SMALL = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
/** From this zoom on there is room for marks, and for text. */
export const MARKS_FROM = 2.5;
export const TEXTS_FROM = 12;

/** Step by step, no other event stands at a text's height: it goes on over the neighbouring lanes, if need be. */
const TEXT_WIDTH_MAX = 420;

/** Writes what belongs to a place in a lane, to that side of it on which there is room. */
export function drawText(
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

/** Dims what lies under a text. */
export function halo(
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
export function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
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
