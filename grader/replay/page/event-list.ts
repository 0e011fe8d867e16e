import { element } from "./elements.ts";
import type { RunModel } from "./run-model.ts";
import type { View } from "./view.ts";

const AROUND = 60;
const LINES = 12;

/** Fills the list of the events around the chosen one: what the diagram shows, for keyboards and screen readers. */
export function fillEventList(list: HTMLElement, view: View): void {
	const { model, cursor } = view;
	const shown = [...before(view), cursor, ...after(view)].filter((index) => index >= 0 && index < model.events.length);
	list.replaceChildren(...shown.map((index) => item(model, index, index === cursor)));
	list.setAttribute("aria-activedescendant", `event-${cursor}`);
	const chosen = document.getElementById(`event-${cursor}`);
	const frame = list.parentElement;
	if (chosen === null || frame === null) return;
	frame.scrollTo({ top: chosen.offsetTop - frame.offsetTop - Math.min(90, 0.4 * frame.clientHeight) });
}

/** Fills the list of the last console and debug lines up to the chosen event. */
export function fillConsole(list: HTMLElement, { model, cursor }: View): void {
	const lines: HTMLElement[] = [];
	for (let i = cursor; i >= 0 && lines.length < LINES; i--) {
		const event = model.events[i];
		if (event?.kind !== "log") continue;
		const isNow = event.atMs === model.events[cursor]?.atMs;
		lines.push(
			element("li", { class: isNow ? "now" : "" }, [
				time(event.atMs),
				new Text(` S${event.server} ${event.topic}: ${event.text}`),
			]),
		);
	}
	const none = element("li", { class: "none", text: "none so far" });
	list.replaceChildren(...(lines.length === 0 ? [none] : lines.reverse()));
	list.scrollTop = list.scrollHeight;
}

function before(view: View): number[] {
	const indices: number[] = [];
	for (let i = view.cursor; indices.length < AROUND; ) {
		const next = view.neighbour(-1, i);
		if (next === i) break;
		indices.unshift(next);
		i = next;
	}
	return indices;
}

function after(view: View): number[] {
	const indices: number[] = [];
	for (let i = view.cursor; indices.length < AROUND; ) {
		const next = view.neighbour(1, i);
		if (next === i) break;
		indices.push(next);
		i = next;
	}
	return indices;
}

function item(model: RunModel, index: number, isChosen: boolean): HTMLElement {
	const made = element("div", { class: index === model.failure ? "failure" : "" }, [
		time(model.events[index]?.atMs ?? 0),
		element("span", { text: model.text(index).slice(0, 200) }),
	]);
	made.id = `event-${index}`;
	made.dataset.index = String(index);
	made.setAttribute("role", "option");
	made.setAttribute("aria-selected", String(isChosen));
	return made;
}

function time(ms: number): HTMLElement {
	return element("time", { text: (ms / 1000).toFixed(3) });
}
