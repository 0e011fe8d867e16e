import type { FilterOptions } from "../cli/replay.ts";
import { UsageError } from "../usage-error.ts";
import type { Call } from "./calls.ts";
import type { Journal, JournalEvent } from "./journal-schema.ts";
import { TOPICS, topicOf } from "./topics.ts";

/** A stretch of virtual time. */
export interface Window {
	readonly fromMs: number;
	readonly toMs: number;
}

/**
 * The stretch of a run that is asked for; undefined for all of it.
 *
 * @throws UsageError if there is no failure to look around at.
 */
export function windowOf(
	{ fromMs, toMs, aroundMs }: FilterOptions,
	{ failure, virtualMs }: Journal,
): Window | undefined {
	if (aroundMs !== undefined) {
		if (failure === null) throw new UsageError("--around: this run passed, there is no failure; give --from and --to");
		return { fromMs: Math.max(0, failure.atMs - aroundMs), toMs: failure.atMs + aroundMs };
	}
	if (fromMs === undefined && toMs === undefined) return undefined;
	if ((fromMs ?? 0) > virtualMs) {
		throw new UsageError(`--from ${fromMs} ms: the run took only ${Math.ceil(virtualMs)} ms of virtual time`);
	}
	return { fromMs: fromMs ?? 0, toMs: toMs ?? virtualMs };
}

/**
 * Chooses events of a run.
 *
 * @param window - by default all of it.
 * @returns the events' indices, in order.
 * @throws UsageError for a server or a topic that the run does not have.
 */
export function chooseEvents(
	journal: Journal,
	calls: ReadonlyMap<number, Call>,
	options: FilterOptions,
	window: Window | undefined = windowOf(options, journal),
): readonly number[] {
	const { servers, topics, withRepeats } = options;
	refuseUnknown(journal, options);
	const chosen: number[] = [];
	for (const [i, event] of journal.events.entries()) {
		if (window !== undefined && (event.atMs < window.fromMs || event.atMs > window.toMs)) continue;
		if (servers !== undefined && !involves(event, servers)) continue;
		if (topics !== undefined && !topics.includes(topicOf(event)) && !isDebugLine(event, topics)) continue;
		if (!withRepeats && "rpc" in event && calls.get(event.rpc)?.isRepeat === true) continue;
		chosen.push(i);
	}
	return chosen;
}

function involves(event: JournalEvent, servers: readonly number[]): boolean {
	if ("server" in event) return servers.includes(event.server);
	if ("rpc" in event) return servers.includes(event.from) || servers.includes(event.to);
	return true;
}

function isDebugLine(event: JournalEvent, topics: readonly string[]): boolean {
	return event.kind === "log" && topics.includes(event.topic);
}

function refuseUnknown({ servers: size, events }: Journal, { servers = [], topics = [] }: FilterOptions): void {
	const server = servers.find((each) => each >= size);
	if (server !== undefined) {
		throw new UsageError(`--servers ${server}: this run has ${size} servers, 0 to ${size - 1}`);
	}
	const own = topics.filter((topic) => !(TOPICS as readonly string[]).includes(topic));
	const missing = own.find((topic) => !events.some((event) => event.kind === "log" && event.topic === topic));
	if (missing === undefined) return;
	const written = new Set(events.flatMap((event) => (event.kind === "log" ? [event.topic] : [])));
	const more = written.size === 0 ? "" : `; its debug lines have ${[...written].slice(0, 10).join(", ")}`;
	throw new UsageError(
		`--topics ${missing}: nothing in this run has that topic. There are ${TOPICS.join(", ")}${more}`,
	);
}
