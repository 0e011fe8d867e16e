import type { SimulationEvent } from "../../harness/index.ts";
import type { At } from "../narrative/history.ts";
import type { Story } from "../narrative/story.ts";
import { isKept } from "./journal-event.ts";

/** A story of all events of a run, told of those that a journal keeps: only their places mean something to others. */
export function inKeptPlaces({ steps, culprit }: Story, events: readonly SimulationEvent[]): Story {
	const asked = [...steps.flatMap(({ event }) => event ?? []), ...(culprit === undefined ? [] : [culprit.event])];
	const last = Math.max(-1, ...asked);
	const wanted = new Set(asked);
	const places = new Map<At, At>();
	let kept = 0;
	for (let at = 0; at <= last && at < events.length; at++) {
		const isThere = isKept(events[at] as SimulationEvent);
		// What is left out stands where the one before it does.
		if (wanted.has(at)) places.set(at, isThere ? kept : Math.max(0, kept - 1));
		if (isThere) kept++;
	}
	return {
		steps: steps.map(({ event, ...step }) => (event === undefined ? step : { ...step, event: places.get(event) ?? 0 })),
		culprit: culprit && { ...culprit, event: places.get(culprit.event) ?? 0 },
	};
}
