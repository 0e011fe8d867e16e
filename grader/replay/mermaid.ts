import type { FilterOptions } from "../cli/replay.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { type Call, LATE_MS, replyFate, requestFate, timeOf } from "./calls.ts";
import { columnOf, describeInColumn } from "./describe.ts";
import { chooseEvents, type Window, windowOf } from "./filter.ts";
import type { Journal, JournalEvent } from "./journal-schema.ts";
import { shortValue } from "./short-value.ts";
import { States } from "./states.ts";
import { CULPRIT } from "./story-lines.ts";

/** More lines than that nobody can read in such a diagram. */
const LINES_MAX = 80;
/** How long before the failure the diagram begins, if nobody says. */
const BEFORE_MS = 200;
const AFTER_MS = 5;
const TEXT_MAX = 70;

/**
 * A part of a run as a sequence diagram in Mermaid's language: around the failure, unless another part is asked for. Messages that repeat what was said
 * before are left out, and of too many lines the last ones before the failure stay.
 */
export function mermaid(journal: Journal, calls: ReadonlyMap<number, Call>, filter: FilterOptions): string {
	const { events, servers, run, failure } = journal;
	const window = windowOf(filter, journal) ?? usualWindow(journal);
	const chosen = chooseEvents(journal, calls, { ...filter, withRepeats: false }, window);
	const lines = chosen.flatMap((index) => [...draw(index, journal, calls), ...drawMistake(index, journal)]);
	const kept = failure === null ? lines.slice(0, LINES_MAX) : lines.slice(-LINES_MAX);
	const first = kept[0]?.index ?? chosen[0] ?? 0;
	const { servers: states } = new States(events, servers).after(first - 1);
	const leftOut = lines.length - kept.length;
	const shown = filter.servers ?? Array.from({ length: servers }, (_, server) => server);
	const hasTester = kept.some(({ index }) => columnOf(events[index] as JournalEvent) === undefined);
	// Whoever talks to a server that is shown has to stand there, too.
	const talkers = kept.flatMap(({ index }) => {
		const event = events[index] as JournalEvent;
		return "rpc" in event ? [event.from, event.to] : "server" in event ? [event.server] : [];
	});
	const participants = [...new Set([...shown, ...talkers])].sort((a, b) => a - b);
	return [
		"sequenceDiagram",
		`    %% ${comment(run)}, ${window.fromMs} to ${window.toMs} ms of virtual time`,
		...(leftOut === 0 ? [] : [`    %% ${leftOut} lines are left out: a shorter --from and --to shows them`]),
		...(hasTester ? ["    participant T as tester"] : []),
		...participants.map((server) => `    participant S${server}`),
		...participants.flatMap((server) => {
			const state = states[server];
			if (state === undefined || state.incarnation < 0) return [];
			const role = state.isUp ? `${state.isLeader ? "leader, " : ""}term ${state.term}` : "down";
			return [
				`    Note over S${server}: ${mermaidText(`${role}${state.isConnected || !state.isUp ? "" : ", cut off"}`)}`,
			];
		}),
		...kept.map(({ line }) => `    ${line}`),
		"",
	].join("\n");
}

/** A text as Mermaid takes it for a text: what could end it, or mean something, is written by its code. */
export function mermaidText(text: string): string {
	const clipped = untrustedLine(text);
	const short = clipped.length <= TEXT_MAX ? clipped : `${clipped.slice(0, TEXT_MAX - 1)}…`;
	const escaped = short.replaceAll(/[^\p{L}\p{N} .,:()[\]'"+/=_…-]/gu, (character) => `#${character.codePointAt(0)};`);
	// An empty text ends the line too soon.
	return escaped.trim() === "" ? "#32;" : escaped;
}

function comment(text: string): string {
	return untrustedLine(text).replaceAll(/[^\w@.+-]/g, "_");
}

function usualWindow({ failure, virtualMs }: Journal): Window {
	if (failure === null) return { fromMs: 0, toMs: virtualMs };
	return { fromMs: Math.max(0, failure.atMs - BEFORE_MS), toMs: failure.atMs + AFTER_MS };
}

interface Line {
	readonly index: number;
	readonly line: string;
}

/** Arrows in such a diagram take no time: a message is drawn when it arrives, or when it is lost. */
function draw(index: number, { events }: Journal, calls: ReadonlyMap<number, Call>): Line[] {
	const event = events[index] as JournalEvent;
	const at = `${(event.atMs / 1000).toFixed(3)} s`;
	const arrow = (from: number, kind: string, to: number, text: string): Line[] => [
		{ index, line: `S${from}${kind}S${to}: ${mermaidText(`${at} ${text}`)}` },
	];
	const call = "rpc" in event ? calls.get(event.rpc) : undefined;
	switch (event.kind) {
		case "call": {
			if (call === undefined || requestFate(call, events) !== "lost") return [];
			return arrow(event.from, "-x", event.to, `${event.method} (${call.why}) ${shortValue(event.args)}`);
		}
		case "deliver": {
			if (call === undefined) return [];
			return arrow(
				event.from,
				"->>",
				event.to,
				`${call.method}${late(call.call, index, events)} ${shortValue(call.args)}`,
			);
		}
		case "deliver-again": {
			if (call === undefined) return [];
			const text = `${call.method} AGAIN${late(call.call, index, events)} ${shortValue(call.args)}`;
			return arrow(event.from, "->>", event.to, text);
		}
		case "handled": {
			if (call === undefined || replyFate(call, events) !== "lost") return [];
			return arrow(event.to, "--x", event.from, `${call.why} ${shortValue(event.reply)}`);
		}
		case "reply": {
			const sent = call?.handled === undefined ? "" : late(call.handled, index, events);
			return arrow(event.to, "-->>", event.from, `reply${sent} ${shortValue(event.reply)}`);
		}
		case "no-reply":
		case "save":
		case "log":
			return [];
		default: {
			const server = columnOf(event);
			const over = server === undefined ? "T" : `S${server}`;
			return [{ index, line: `Note over ${over}: ${mermaidText(`${at} ${describeInColumn(event, calls, events)}`)}` }];
		}
	}
}

/** What the culprit did, where it did it. */
function drawMistake(index: number, { story }: Journal): Line[] {
	if (story?.culprit?.event !== index) return [];
	const text = story.steps.find(({ event }) => event === index)?.text ?? "";
	return [{ index, line: `Note over S${story.culprit.server}: ${mermaidText(`${CULPRIT} ${text}`)}` }];
}

function late(sent: number, come: number, events: readonly JournalEvent[]): string {
	const ms = timeOf(events, come) - timeOf(events, sent);
	return ms > LATE_MS ? ` (${Math.round(ms)} ms late)` : "";
}
