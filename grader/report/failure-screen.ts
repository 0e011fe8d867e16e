import path from "node:path";
import pc from "picocolors";
import type { LabFailure, Place, SimulationEvent } from "../../harness/index.ts";
import { entryOf } from "../../labs/catalog.ts";
import { describeEvent, serversOf } from "./describe-event.ts";
import { labelled, seconds, WIDTH, wrap } from "./text.ts";

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

const INDENT = 14;
const CAUSES_SHOWN = 3;
const EVENTS_PER_SERVER = 3;

/** A failure, on one screen: what happened, where to read, what usually causes it, how to see it again, and what came last. */
export function failureScreen({ test, failure, servers, events, replay }: ExplainedFailure): string {
	const entry = entryOf(test);
	const title = `${test} ${entry === undefined ? "" : `(${entry.part}, ${entry.points} points)`}`;
	const when = `failed at ${seconds(failure.atMs)} of virtual time`;
	const { expected, actual, places = [] } = failure.details;
	const rows = [
		`${pc.red(pc.bold(`FAIL ${title}`))} ${when}`,
		...wrap(failure.message, WIDTH - 2).map((line) => `  ${line}`),
	];
	const label = (name: string, text: string) =>
		rows.push(pc.bold(labelled(name, text, INDENT).slice(0, INDENT)) + labelled(name, text, INDENT).slice(INDENT));
	if (expected !== undefined) label("  expected", expected);
	if (actual !== undefined) label("  actual", actual);
	for (const [i, place] of places.slice(0, 3).entries()) label(i === 0 ? "  where" : "", describePlace(place));
	if (entry !== undefined) {
		label("  paper", entry.paper);
		for (const [i, cause] of entry.causes.slice(0, CAUSES_SHOWN).entries())
			label(i === 0 ? "  often" : "", `- ${cause}`);
	}
	const last = lastEvents(events, servers);
	for (const [i, line] of last.entries()) label(i === 0 ? "  last events" : "", line);
	label("  see it again", replay);
	return rows.join("\n");
}

function describePlace({ file, line, column, functionName }: Place): string {
	const where = `${path.relative(process.cwd(), file)}:${line}:${column}`;
	return functionName === "" ? where : `${where} in ${functionName}`;
}

/** The last few events of each server, and what the tester did last. */
function lastEvents(events: readonly SimulationEvent[], servers: number): string[] {
	const lines: string[] = [];
	for (let server = 0; server < servers; server++) {
		const own = events.filter((event) => event.kind !== "spoke" && serversOf(event).includes(server));
		for (const event of own.slice(-EVENTS_PER_SERVER)) {
			lines.push(`S${server} ${seconds(event.atMs).padStart(9)}  ${describeEvent(event)}`.slice(0, WIDTH - INDENT));
		}
	}
	return lines;
}
