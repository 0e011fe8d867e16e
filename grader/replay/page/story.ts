import { printable } from "../../../harness/printable.ts";
import type { ToldStory } from "../../narrative/story-schema.ts";
import { element } from "./elements.ts";
import type { RunModel } from "./run-model.ts";

type Step = ToldStory["steps"][number];

/** The event to which a step of the story leads: its own, or what happened at its time. */
export function placeOf({ event, atMs }: Step, model: RunModel): number {
	return event ?? Math.min(model.indexAt(atMs), Math.max(0, model.events.length - 1));
}

/** The steps of the story: each leads to its event. */
export function storySteps(model: RunModel, choose: (index: number) => void): HTMLElement[] {
	return (model.journal.story?.steps ?? []).map((step) => {
		const isGuilty = step.event !== null && step.event === model.culprit?.event;
		const button = element("button", {}, [
			element("time", { text: (step.atMs / 1000).toFixed(3) }),
			element("span", {}, [
				...(isGuilty
					? [element("b", { class: "sign", text: "!" }), element("span", { class: "unseen", text: "the mistake: " })]
					: []),
				new Text(printable(step.text)),
			]),
		]);
		button.type = "button";
		button.addEventListener("click", () => choose(placeOf(step, model)));
		return element("li", { class: [...(isGuilty ? ["guilty"] : []), ...(step.minor ? ["minor"] : [])].join(" ") }, [
			button,
		]);
	});
}

/** Marks the step at whose event the reader is. */
export function markStep(list: HTMLElement, model: RunModel, cursor: number): void {
	const steps = model.journal.story?.steps ?? [];
	for (const [i, item] of [...list.children].entries()) {
		const step = steps[i];
		const button = item.firstElementChild;
		if (step !== undefined && placeOf(step, model) === cursor) button?.setAttribute("aria-current", "step");
		else button?.removeAttribute("aria-current");
	}
	list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}
