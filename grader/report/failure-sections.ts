import { outline } from "../narrative/outline.ts";
import type { FailureReport, ReportPlace, ShrunkReport, TestReport } from "./schema.ts";
import { seconds } from "./text.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

/** How many places, runs and causes are named. */
const PLACES_MAX = 3;
const RUNS_MAX = 5;
const CAUSES_MAX = 3;
const EVENTS_MAX = 100;
const STEPS_MAX = 7;

type Story = NonNullable<FailureReport["story"]>;
type Step = Story["steps"][number];

/** A part of what is known of a failure: paragraphs under a label. Each is one line, fit for any report. */
export interface Section {
	readonly label: string;
	readonly paragraphs: readonly string[];
}

/** What is known of a failure besides its message, in the order in which it helps. Sections of which nothing is known are left out. */
export function failureSections(failure: FailureReport, test: TestReport): readonly Section[] {
	const { expected, actual, places, paper, causes, replay, trace, lastEvents, story, shrunk } = failure;
	const steps = story === undefined ? [] : outline(story, STEPS_MAX);
	return [
		{ label: "expected", paragraphs: untrustedLines(expected ?? "") },
		{ label: "actual", paragraphs: untrustedLines(actual ?? "") },
		{ label: "where", paragraphs: places.slice(0, PLACES_MAX).map(describePlace) },
		{ label: "runs", paragraphs: test.planned === 1 ? [] : [describeRuns(failure, test)] },
		{ label: "paper", paragraphs: untrustedLines(paper) },
		{ label: "usual causes", paragraphs: causes.slice(0, CAUSES_MAX).map((cause) => `- ${untrustedLine(cause)}`) },
		{ label: "what mattered", paragraphs: shrunk === undefined ? [] : shrunkParagraphs(shrunk) },
		{ label: "see it shrunk", paragraphs: shrunk === undefined ? [] : [untrustedLine(shrunk.replay)] },
		{
			label: "see it again",
			paragraphs: [replay, ...(trace === undefined ? [asPage(replay)] : [])].map(untrustedLine),
		},
		{ label: "what happened", paragraphs: steps.map((step) => describeStep(step, story?.culprit)) },
		{ label: "page", paragraphs: trace === undefined ? [] : [untrustedLine(trace)] },
		// A story says more, and there is one screen.
		{ label: "last events", paragraphs: (steps.length > 0 ? [] : lastEvents).slice(0, EVENTS_MAX).map(untrustedLine) },
	].filter(({ paragraphs }) => paragraphs.length > 0);
}

/** The command that shows as a page what another runs again. */
function asPage(replay: string): string {
	return `${replay.replace(/^npx raft-grade /, "npx raft-grade replay ")} --trace`;
}

/** `3.080 s S1 votes for S0 in term 3`; what the culprit did is marked. */
export function describeStep({ atMs, text, event }: Step, culprit: Story["culprit"] | undefined): string {
	const mark = event !== null && event === culprit?.event ? "> " : "";
	return untrustedLine(`${mark}${seconds(atMs)} ${text}`);
}

/** Which chance decisions matter, one by one, and what comes of them. */
export function shrunkParagraphs({ summary, choices, message, atMs }: ShrunkReport): string[] {
	return [
		untrustedLine(summary),
		...choices.slice(0, EVENTS_MAX).map((choice) => `- ${untrustedLine(choice)}`),
		`Then, at ${seconds(atMs)}: ${untrustedLine(message)}`,
	];
}

/** `src/raft.ts:12:3 in tick` */
export function describePlace({ file, line, column, functionName }: ReportPlace): string {
	const where = `${file}:${line}:${column}`;
	// All in one: a name that ends with a colon must not make a pair with ours.
	return untrustedLine(functionName === "" ? where : `${where} in ${functionName}`);
}

function describeRuns({ runs }: FailureReport, { planned }: TestReport): string {
	const named = runs.slice(0, RUNS_MAX).map(untrustedLine);
	const more = runs.length > RUNS_MAX ? ", …" : "";
	return `${runs.length} of ${planned} schedules failed in this way: ${named.join(", ")}${more}`;
}
