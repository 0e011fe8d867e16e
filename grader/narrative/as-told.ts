import type { At } from "./history.ts";
import type { Story } from "./story.ts";
import type { ToldStory } from "./story-schema.ts";

/**
 * A story as reports and journals hold it.
 *
 * @param placeOf - where an event stands there; undefined if it has been left out.
 */
export function asTold(
	{ steps, culprit }: Story,
	placeOf: (event: At) => number | undefined = (event) => event,
): ToldStory {
	const guilty = culprit === undefined ? undefined : placeOf(culprit.event);
	return {
		steps: steps.map(({ atMs, server = null, text, event, isMinor = false }) => ({
			atMs,
			server,
			text,
			event: (event === undefined ? undefined : placeOf(event)) ?? null,
			minor: isMinor,
		})),
		culprit: culprit === undefined || guilty === undefined ? null : { server: culprit.server, event: guilty },
	};
}
