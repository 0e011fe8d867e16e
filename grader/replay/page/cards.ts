import type { ServerState } from "../states.ts";
import { element } from "./elements.ts";
import { type Layout, LINE_AT } from "./layout.ts";
import type { Theme } from "./theme.ts";
import type { View } from "./view.ts";

/** Shows each server's state at the chosen moment above its lane, and what is committed above the tester's. */
export function fillCards(cards: HTMLElement, view: View, layout: Layout, theme: Theme): void {
	const { servers, committed } = view.model.states.after(view.cursor);
	const atMs = view.model.events[view.cursor]?.atMs ?? 0;
	const tester = element("div", { class: "card" }, [
		element("b", { text: "tester" }),
		element("div", { text: committed === 0 ? "nothing committed" : `committed to ${committed}` }),
	]);
	place(tester, layout.tester.x, layout.tester.width, "transparent");
	const made = servers.map((state, server) => {
		const card = element("div", { class: classOf(state) }, [
			element("div", {}, [
				element("b", { text: `S${server}` }),
				new Text(state.incarnation < 0 ? " not started" : ` term ${state.term}`),
			]),
			element("div", {}, [
				new Text(state.isLeader ? "leader " : ""),
				element("span", { class: "bad", text: trouble(state, atMs) || "\u00a0" }),
			]),
			element("div", { text: `log ${state.lastIndex}` }),
			element("div", { text: `applied ${state.applied}` }),
			element("div", {
				text: `saved ${state.stateBytes} B${state.snapshotIndex > 0 ? `, snapshot ${state.snapshotIndex}` : ""}`,
			}),
		]);
		card.title =
			"log: the highest index it is known to have, from start(), applies and snapshots; it may have more. applied: the highest index it has handed to the service since it started.";
		const colour = state.isUp ? (theme.terms[Math.abs(state.term) % theme.terms.length] ?? theme.line) : theme.line;
		place(card, layout.left + server * layout.column + LINE_AT - 12, layout.column, colour);
		return card;
	});
	cards.replaceChildren(tester, ...made);
}

function place(card: HTMLElement, left: number, width: number, colour: string): void {
	card.style.left = `${left}px`;
	card.style.width = `${width - 4}px`;
	card.style.borderLeftColor = colour;
}

function classOf({ isUp, isConnected, isLeader }: ServerState): string {
	return `card${isLeader ? " leader" : ""}${isUp ? "" : " down"}${isConnected ? "" : " cut"}`;
}

function trouble({ isUp, incarnation, isConnected, pausedUntilMs }: ServerState, atMs: number): string {
	return [
		...(isUp || incarnation < 0 ? [] : ["down"]),
		...(isConnected || !isUp ? [] : ["cut off"]),
		...(pausedUntilMs > atMs ? ["stands still"] : []),
	].join(", ");
}
