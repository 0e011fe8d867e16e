import { oneLine } from "../../harness/index.ts";
import type { Step, Story } from "./story.ts";

/** A report holds no more steps, and no longer ones. */
const STEPS_MAX = 60;
const TEXT_MAX = 300;

/** A story of bounded size: what comes last is kept, and what the culprit did. */
export function bounded({ steps, culprit }: Story): Story {
	return { steps: lastSteps(steps, culprit?.event, STEPS_MAX).map(shorten), culprit };
}

/** Of so many steps at most, the ones that say most: what only supports the others goes first, then what is long past; the culprit's stays. */
export function outline<S extends { readonly event: number | null; readonly minor: boolean }>(
	{ steps, culprit }: { readonly steps: readonly S[]; readonly culprit: { readonly event: number } | null },
	max: number,
): readonly S[] {
	if (steps.length <= max) return steps;
	const telling = steps.filter((step) => !step.minor || step.event === culprit?.event);
	return lastSteps(telling, culprit?.event, max);
}

function lastSteps<S extends { readonly event?: number | null }>(
	steps: readonly S[],
	culprit: number | undefined,
	max: number,
): readonly S[] {
	if (steps.length <= max) return steps;
	const last = steps.slice(-max);
	const guilty = steps.find(({ event }) => culprit !== undefined && event === culprit);
	return guilty === undefined || last.includes(guilty) ? last : [guilty, ...last.slice(1)];
}

function shorten(step: Step): Step {
	const text = oneLine(step.text);
	return { ...step, text: text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…` };
}
