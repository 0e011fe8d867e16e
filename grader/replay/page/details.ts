import { type Call, replyFate, requestFate, timeOf } from "../calls.ts";
import { round } from "../describe.ts";
import type { JournalEvent } from "../journal-schema.ts";
import { element, terms } from "./elements.ts";
import type { RunModel } from "./run-model.ts";
import { wholeValue } from "./whole-value.ts";

/** What there is to know of an event; of a message, both ends and all that it carried. */
export function details(model: RunModel, index: number, choose: (index: number) => void): Node[] {
	const event = model.events[index];
	if (event === undefined) return [element("p", { class: "none", text: "nothing happened in this run" })];
	const call = model.callAt(index);
	return call === undefined ? ofEvent(model, event, index) : ofCall(model, call, index, choose);
}

function ofEvent(model: RunModel, event: JournalEvent, index: number): Node[] {
	const nodes: Node[] = [element("h3", { text: model.text(index) }), terms([["at", at(event.atMs)]])];
	if (event.kind === "start" || event.kind === "apply") nodes.push(...value("command", event.command));
	if (event.kind === "log") nodes.push(element("pre", { text: event.text }));
	return nodes;
}

function ofCall(model: RunModel, call: Call, index: number, choose: (index: number) => void): Node[] {
	const { events } = model;
	const { rpc, from, to, method, args, deliver, again, handled, end, reply, why } = call;
	const ends: readonly (readonly [string, number | undefined])[] = [
		["leaves", call.call],
		["arrives", deliver],
		["is answered", handled],
		[why === undefined ? "is back" : "gives up", end],
		...again.map((where) => ["arrives again", where] as const),
	];
	const moments = ends.map(([what, where]): readonly [string, string] => [
		what,
		where === undefined
			? "—"
			: `${at(timeOf(events, where))}${where === call.call ? "" : `  (+${round(timeOf(events, where) - timeOf(events, call.call))} ms)`}`,
	]);
	const buttons = ends.flatMap(([what, where]) => {
		if (where === undefined) return [];
		const button = element("button", { text: what });
		button.type = "button";
		button.setAttribute("aria-pressed", String(where === index));
		button.addEventListener("click", () => choose(where));
		return [button];
	});
	return [
		element("h3", { text: `${method}: S${from} to S${to}` }),
		element("div", { class: "ends" }, buttons),
		terms([
			["request", fateText(requestFate(call, events), why)],
			["reply", fateText(replyFate(call, events), why)],
			...moments,
			["call", `number ${rpc}${call.isRepeat ? ", repeats what was said before" : ""}`],
		]),
		...value("arguments", args),
		...(reply === undefined ? [] : value("reply", reply)),
	];
}

function fateText(fate: ReturnType<typeof replyFate>, why: Call["why"]): string {
	return fate === undefined ? "none" : fate === "lost" ? `lost: ${why}` : fate;
}

function value(name: string, text: string): Node[] {
	return [element("h2", { text: name }), element("pre", { text: wholeValue(text) })];
}

function at(ms: number): string {
	return `${round(ms)} ms`;
}
