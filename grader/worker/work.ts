/** A worker: the process in which submissions run. It reads no files, has no environment, and talks to nobody but the grader that made it. */
import path from "node:path";
import {
	compileProgram,
	type EventListener,
	type KeptChoice,
	type LabFailure,
	Pace,
	type Program,
	Selection,
	type SimulationEvent,
	TargetError,
} from "../../harness/index.ts";
import { entryOf } from "../../labs/catalog.ts";
import type { Suite } from "../../labs/suites.ts";
import { gatherEvidence } from "../hints/evidence.ts";
import { rankCauses } from "../hints/rank.ts";
import { LabRunner } from "../lab-runner.ts";
import { narrate } from "../narrative/narrate.ts";
import { textLength, toJournalEvent } from "../replay/journal-event.ts";
import type { JournalEvent } from "../replay/journal-schema.ts";
import { inKeptPlaces } from "../replay/kept-places.ts";
import { lastEvents } from "../report/last-events.ts";
import { tellChoices } from "../shrinking/tell-choices.ts";
import type { FromWorker, RunOrder, RunOutcome, ToWorker } from "./messages.ts";
import { preflight } from "./preflight.ts";
import { Retrospect } from "./retrospect.ts";

/**
 * How often a worker shows that it is alive, in real milliseconds. It does between two turns of a run, and in a long turn when something happens:
 * only code that never yields keeps it from it.
 */
const BEAT_EVERY_MS = 100;

/** A recorded run's events go out when there are so many, or when their texts are so long, in characters. */
const BATCH_EVENTS = 1_000;
const BATCH_TEXT = 1_000_000;

interface Channel {
	send(message: FromWorker): void;
	/** Shows that it is alive, if it has shown none for a while. */
	beatIfDue(): void;
}

/** Works until the grader goes away. */
export async function work(suites: readonly Suite[]): Promise<void> {
	const { send, beatIfDue } = channel();
	// Ctrl-C goes to all processes of a terminal; it is the grader that decides what to do about it.
	process.on("SIGINT", () => {});
	process.on("disconnect", () => process.exit());
	process.on("uncaughtException", (error) => send({ kind: "fault", stack: error.stack ?? String(error) }));
	const runner = await LabRunner.load(suites);
	let program: Program | undefined;
	let stepLimitMs: number | undefined;

	const handle = async (message: ToWorker): Promise<FromWorker> => {
		if (message.kind === "program") {
			send({ kind: "up" });
			stepLimitMs = message.stepLimitMs;
			program = compileProgram(message.source);
			await preflight(program, stepLimitMs, describePlace);
			return { kind: "ready", tests: runner.tests() };
		}
		if (program === undefined) throw new Error("a worker was told to run before it was told what");
		const outcome = await run(runner, program, message, stepLimitMs, { send, beatIfDue });
		return { kind: "outcome", id: message.id, outcome };
	};

	let last = Promise.resolve();
	process.on("message", (message: ToWorker) => {
		last = last.then(() => handle(message)).then(send, (error: unknown) => send(asMessage(error)));
	});
	setInterval(beatIfDue, BEAT_EVERY_MS / 2);
}

/** The way to the grader. It is taken off the process, where whoever got out of a realm would look for it first. */
function channel(): Channel {
	const sendOut = process.send?.bind(process);
	if (sendOut === undefined) throw new Error("a worker must be started by a grader");
	delete process.send;
	let sentAtMs = performance.now();
	const send = (message: FromWorker) => {
		sentAtMs = performance.now();
		sendOut(message, undefined, undefined, () => {});
	};
	const beatIfDue = () => {
		if (performance.now() - sentAtMs >= BEAT_EVERY_MS) send({ kind: "beat" });
	};
	return { send, beatIfDue };
}

function asMessage(error: unknown): FromWorker {
	if (error instanceof TargetError) return { kind: "unusable", message: error.message };
	return { kind: "fault", stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

async function run(
	runner: LabRunner,
	program: Program,
	{ id, order: { test, seed, kept, purpose, speed, limitMs } }: { readonly id: number; readonly order: RunOrder },
	stepLimitMs: number | undefined,
	{ send, beatIfDue }: Channel,
): Promise<RunOutcome> {
	const batches =
		purpose === "record" ? inBatches((first, events) => send({ kind: "events", id, first, events })) : undefined;
	const retrospect = purpose === "explain" ? new Retrospect() : undefined;
	const watching: EventListener | undefined =
		purpose === "watch" ? (event) => send({ kind: "event", event }) : undefined;
	const listener = batches?.listener ?? retrospect?.listener ?? watching;
	const selection = kept === undefined && purpose !== "shrink" ? undefined : new Selection(kept);
	const { failure, figures, warnings, wallMs, journal } = await runner.run(program, {
		test,
		seed,
		...(selection === undefined ? {} : { selection }),
		...(limitMs === undefined ? {} : { limitMs }),
		journal: purpose === "hash",
		explain: purpose === "explain" || purpose === "watch" || purpose === "record",
		...(stepLimitMs === undefined ? {} : { stepLimitMs }),
		listener: (event) => {
			listener?.(event);
			beatIfDue();
		},
		...(speed === undefined ? {} : { pace: new Pace(speed) }),
	});
	const explained = failure && retrospect && explain(test, retrospect.beginning, figures.servers, failure);
	batches?.flush();
	return {
		failure: failure && {
			check: failure.check,
			message: failure.message,
			atMs: failure.atMs,
			details: failure.details,
			isContained: failure.check === "fault-hang",
		},
		figures,
		warnings,
		wallMs,
		lastEvents: retrospect && lastEvents(retrospect.last(), figures.servers),
		...explained,
		toldChoices: retrospect && selection && tellChoices(selection.kept(), retrospect.beginning, figures.servers),
		choices: purpose === "shrink" && failure !== undefined ? selection?.kept().map(asPlainData) : undefined,
		journalHash: purpose === "hash" ? journal?.hash() : undefined,
	};
}

function explain(test: string, events: readonly SimulationEvent[], servers: number, failure: LabFailure) {
	const story = narrate(events, servers, failure);
	const causes = rankCauses(gatherEvidence(events, servers, failure, story.culprit), entryOf(test)?.aims);
	return { story: inKeptPlaces(story, events), causes };
}

/** Gathers events, and hands them on when there are enough. */
function inBatches(handOn: (first: number, events: readonly JournalEvent[]) => void): {
	readonly listener: EventListener;
	flush(): void;
} {
	let first = 0;
	let events: JournalEvent[] = [];
	let text = 0;
	const flush = () => {
		handOn(first, events);
		first += events.length;
		events = [];
		text = 0;
	};
	const listener: EventListener = (event) => {
		const kept = toJournalEvent(event);
		if (kept === undefined) return;
		events.push(kept);
		text += textLength(kept);
		if (events.length >= BATCH_EVENTS || text >= BATCH_TEXT) flush();
	};
	return { listener, flush };
}

/** What was drawn may be more than data, and matters to nobody who looks for a small set. */
function asPlainData(choice: KeptChoice): KeptChoice {
	return { ...choice, drawn: undefined };
}

function describePlace(file: string, line?: number): string {
	const shown = path.relative(process.cwd(), file);
	return line === undefined ? shown : `${shown}:${line}`;
}
