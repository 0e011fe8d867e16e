import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** Draws the whole run in a narrow strip, as time passes: who leads, what is down or cut off, the failure, what was found, and what part is on the screen. */
export function drawOverview(
	context: CanvasRenderingContext2D,
	view: View,
	width: number,
	height: number,
	theme: Theme,
): void {
	const { model } = view;
	const y = (ms: number) => (ms / lengthOf(view)) * height;
	const at = (index: number) => y(model.events[index]?.atMs ?? 0);
	context.fillStyle = theme.panel;
	context.fillRect(0, 0, width, height);
	const lane = (width - 6) / Math.max(1, model.journal.servers);
	for (const [server, spans] of model.spans.entries()) {
		const x = 3 + server * lane;
		for (const { kind, from, to, term, isLeader } of spans) {
			const [y0, tall] = [at(from), Math.max(1, at(to) - at(from))];
			if (kind === "cut") {
				context.fillStyle = theme.cut;
				context.fillRect(x, y0, lane - 1, tall);
			} else if (kind === "down") {
				context.fillStyle = theme.failure;
				context.fillRect(x + lane / 2 - 1, y0, 1, tall);
			} else if (kind === "role" && isLeader) {
				context.fillStyle = theme.terms[Math.abs(term) % theme.terms.length] ?? theme.faint;
				context.fillRect(x, y0, Math.max(2, lane - 1), Math.max(2, tall));
			}
		}
	}
	context.fillStyle = theme.accent;
	const marked = new Set(view.found.map((index) => Math.round(at(index))));
	for (const row of marked) context.fillRect(0, row, 4, 2);
	if (model.failure >= 0) {
		context.fillStyle = theme.failure;
		context.fillRect(0, Math.min(height - 3, at(model.failure) - 1), width, 3);
	}
	if (model.culprit !== null) {
		const row = at(model.culprit.event);
		context.fillStyle = theme.failure;
		context.beginPath();
		context.moveTo(width, row - 5);
		context.lineTo(width - 8, row);
		context.lineTo(width, row + 5);
		context.fill();
	}
	const [first, last] = view.range();
	context.strokeStyle = theme.accent;
	context.lineWidth = 2;
	const [y0, y1] = [at(first), at(last)];
	context.strokeRect(1, Math.min(y0, height - 6), width - 2, Math.max(4, y1 - y0));
}

/** The moment that a place in the strip stands for. */
export function overviewMs(y: number, height: number, view: View): number {
	return Math.max(0, Math.min(1, y / height)) * lengthOf(view);
}

function lengthOf({ model }: View): number {
	return Math.max(1, model.journal.virtualMs, model.events.at(-1)?.atMs ?? 0);
}
