import { columnOf } from "../describe.ts";
import type { JournalEvent } from "../journal-schema.ts";
import { arrowsBetween, lineOf } from "./arrows.ts";
import type { Layout } from "./layout.ts";
import type { View } from "./view.ts";

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
