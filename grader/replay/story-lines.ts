import { outline } from "../narrative/outline.ts";
import { seconds, WIDTH, wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import type { Journal } from "./journal-schema.ts";

/** What marks the event in which a server broke a rule, wherever a run is shown as text. */
export const CULPRIT = "!";
const STEPS_MAX = 12;
const INDENT = 4;

/** The story of a run's failure as lines; none if there is nothing to tell. */
export function storyLines({ story }: Journal): string[] {
	if (story === null) return [];
	const { culprit } = story;
	const steps = outline(story, STEPS_MAX).flatMap(({ atMs, text, event }) => {
		const isGuilty = event !== null && event === culprit?.event;
		const lines = wrap(untrustedLine(`${seconds(atMs)} ${text}`), WIDTH - INDENT);
		return lines.map((line, i) => (isGuilty && i === 0 ? `  ${CULPRIT} ` : " ".repeat(INDENT)) + line);
	});
	const legend = culprit === null ? "" : ` (${CULPRIT}: here S${culprit.server} broke a rule)`;
	return [`what happened${legend}:`, ...steps];
}
