import path from "node:path";
import pc from "picocolors";
import type { LabFailure, Place, SimulationEvent } from "../../harness/index.ts";
import { invariantEntries } from "../../labs/catalog/invariants.ts";
import { entryOf } from "../../labs/catalog.ts";
import { describeEvent, serversOf } from "./describe-event.ts";
import { seconds, WIDTH, wrap } from "./text.ts";

/** What is known of a failure. */
export interface ExplainedFailure {
	readonly test: string;
	readonly failure: LabFailure;
	/** How many servers there were. */
	readonly servers: number;
	/** The run's events, from running it again with the journal on. */
	readonly events: readonly SimulationEvent[];
	/** What to type to see the same run again. */
	readonly replay: string;
}

const INDENT = 16;
const CAUSES_SHOWN = 3;
const EVENTS_PER_SERVER = 3;

/** A failure, on one screen: what happened, where to read, what usually causes it, how to see it again, and what came last. */
export function failureScreen({ test, failure, servers, events, replay }: ExplainedFailure): string {
	const entry = entryOf(test);
	const title = `FAIL ${test}${entry === undefined ? "" : ` (${entry.part}, ${entry.points} points)`}`;
	const { expected, actual, places = [] } = failure.details;
	// What is known of a violated invariant says more than what is known of the test in which it happened to be violated.
	const { paper, causes } = invariantEntries[failure.check] ?? entry ?? { paper: "", causes: [] };
	return [
		`${pc.red(pc.bold(title))} at ${seconds(failure.atMs)} of virtual time`,
		...wrap(failure.message, WIDTH - 2).map((line) => `  ${line}`),
		...section("expected", expected === undefined ? [] : [expected]),
		...section("actual", actual === undefined ? [] : [actual]),
		...section("where", places.slice(0, 3).map(describePlace)),
		...section("paper", paper === "" ? [] : [paper]),
		...section(
			"usual causes",
			causes.slice(0, CAUSES_SHOWN).map((cause) => `- ${cause}`),
		),
		...section("see it again", [replay]),
		...section("last events", lastEvents(events, servers)),
	].join("\n");
}

/** Paragraphs under a label that stands to the left of the first. */
function section(label: string, paragraphs: readonly string[]): string[] {
	const lines = paragraphs.flatMap((paragraph) => wrap(paragraph, WIDTH - INDENT));
	return lines.map((line, i) => pc.bold((i === 0 ? `  ${label}` : "").padEnd(INDENT)) + line);
}

function describePlace({ file, line, column, functionName }: Place): string {
	const where = `${path.relative(process.cwd(), file)}:${line}:${column}`;
	return functionName === "" ? where : `${where} in ${functionName}`;
}

/** The last few events of each server. */
function lastEvents(events: readonly SimulationEvent[], servers: number): string[] {
	return Array.from({ length: servers }, (_, server) => {
		const own = events.filter((event) => event.kind !== "spoke" && serversOf(event).includes(server));
		return own.slice(-EVENTS_PER_SERVER).map((event) => {
			const line = `S${server} ${seconds(event.atMs)} ${describeEvent(event)}`.replaceAll(/\s+/g, " ");
			return line.length <= WIDTH - INDENT ? line : `${line.slice(0, WIDTH - INDENT - 1)}…`;
		});
	}).flat();
}
