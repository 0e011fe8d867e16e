import pc from "picocolors";
import { jsonText } from "../report/json-text.ts";
import { seconds, WIDTH, wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { runName } from "../run-name.ts";
import type { ShrunkStory } from "./schema.ts";
import type { Told } from "./shrink.ts";

/** A shrunk run, and what the command knows of it beside. */
export interface Story extends Told {
	readonly test: string;
	/** The run that was shrunk. */
	readonly original: string;
	/** The command that makes the shrunk run again. */
	readonly replay: string;
	readonly wasInterrupted: boolean;
}

const INDENT = 16;

/** For people: which choices matter, what came of them, and how to see it. */
export function storyLines(story: Story): string[] {
	const { original, failure, told, lastEvents, replay, tries } = story;
	return [
		`${pc.bold(original)} failed at ${seconds(failure.atMs)}:`,
		...indented(untrustedLine(failure.message), "  "),
		"",
		...wrap(summary(story), WIDTH),
		...story.choices.flatMap((choice, i) => indented(capitalized(untrustedLine(choice)), `  ${i + 1}. `)),
		"",
		...wrap(`Then, at ${seconds(told.atMs)}: ${untrustedLine(told.message)}`, WIDTH),
		"",
		...section("last events", lastEvents.map(untrustedLine)),
		...section("see it again", [untrustedLine(replay)]),
		...section("tried", [`${tries} ${tries === 1 ? "run" : "runs"}${ending(story)}`]),
	];
}

/** What matters, in one sentence or two. */
export function summary({ choices, of, seed, original }: Pick<Story, "choices" | "of" | "seed" | "original">): string {
	const all = `${of.toLocaleString("en-US")} chance decision${of === 1 ? "" : "s"}`;
	const calm = "in the calm, with nothing lost, late, paused or out of order";
	if (!original.includes(`@${seed}`)) {
		return `Of this run's ${all} no few were found that matter. But with another seed, ${seed}, the same check fails ${calm}.`;
	}
	if (choices.length === 0) return `None of ${all} matters: it fails ${calm}.`;
	const some = `${choices.length} of ${all} ${choices.length === 1 ? "matters" : "matter"}`;
	return `${some}; the others can be harmless (nothing lost, late, paused or out of order).`;
}

function ending({ cutShort, wasInterrupted }: Story): string {
	if (wasInterrupted) return ", then it was interrupted: there may be a smaller set";
	if (cutShort === "stopped") return ", then time was up: with more (--budget) it may find a smaller set";
	if (cutShort === "tries") return ", all that it may: with more (--tries) it may find a smaller set";
	return "";
}

/** For programs, by docs/schemas/shrunk-1.schema.json. */
export function storyJson(story: Story): string {
	const { test, original, failure, of, seed, kept, told, choices, lastEvents, replay, tries, cutShort } = story;
	const value: ShrunkStory = {
		format: 1,
		run: original,
		check: failure.check,
		message: failure.message,
		atMs: failure.atMs,
		decisions: of,
		shrunk: {
			run: runName(test, { seed, kept }),
			isOtherSeed: !original.includes(seed),
			message: told.message,
			atMs: told.atMs,
			choices: [...choices],
			lastEvents: [...lastEvents],
			replay,
		},
		tries,
		isComplete: cutShort === undefined,
	};
	return `${jsonText(value, "\t")}\n`;
}

function section(label: string, paragraphs: readonly string[]): string[] {
	const lines = paragraphs.flatMap((paragraph) => wrap(paragraph, WIDTH - INDENT));
	return lines.map((line, i) => pc.bold((i === 0 ? `  ${label}` : "").padEnd(INDENT)) + line);
}

function indented(text: string, first: string): string[] {
	return wrap(text, WIDTH - first.length).map((line, i) => (i === 0 ? first : " ".repeat(first.length)) + line);
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
