import { type Place, scheduleOf } from "../../harness/index.ts";
import { toReportPlace } from "../grading/explaining.ts";
import { asTold } from "../narrative/as-told.ts";
import type { Story } from "../narrative/story.ts";
import { readVersion } from "../package-root.ts";
import { describePlace } from "../report/failure-sections.ts";
import type { RunFailure, RunOrder, RunOutcome } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import { JOURNAL_FORMAT } from "./journal-format.ts";
import type { Journal } from "./journal-schema.ts";
import { Recorder } from "./recorder.ts";

/** A run to record, and what its journal says of it beside its events. */
export interface RecordedRun {
	/** The run; what it was made for before does not matter. */
	readonly order: RunOrder;
	/** Its name: what `raft-grade replay` takes. */
	readonly name: string;
	/** What its test is about. */
	readonly title: string;
	readonly target: string;
}

/** What came of recording a run. */
interface Recording {
	readonly failure: RunFailure | undefined;
	/** @param story - the chain of events behind the failure, as a worker tells it. */
	toJournal(story: Story | undefined): Journal;
}

/**
 * Makes runs again and records them.
 *
 * @param onRecording - hears of each as soon as it is there: journals can be large, so nobody has to hold several.
 */
export async function recordRuns<Run extends RecordedRun>(
	pool: Pool,
	runs: readonly Run[],
	onRecording: (run: Run, recording: Recording) => void,
	signal?: AbortSignal,
): Promise<void> {
	const recorders = new Map<RunOrder, Recorder>();
	pool.onRecorded = (order, first, events) => recorders.get(order)?.take(first, events);
	function* orders() {
		for (const run of runs) {
			const order = { ...run.order, purpose: "record" as const, run };
			recorders.set(order, new Recorder());
			yield order;
		}
	}
	await pool.run(
		orders(),
		(order, outcome) => {
			const recorder = recorders.get(order) ?? new Recorder();
			recorders.delete(order);
			onRecording(order.run, {
				failure: outcome.failure,
				toJournal: (story) => toJournal(order.run, outcome, recorder, story),
			});
		},
		signal,
	);
}

/**
 * Makes one run again, records it, and finds out the story of its failure.
 *
 * @returns undefined if it was stopped.
 */
export async function recordWithStory(pool: Pool, run: RecordedRun, signal: AbortSignal): Promise<Journal | undefined> {
	const recordings: Recording[] = [];
	await recordRuns(pool, [run], (_, recording) => recordings.push(recording), signal);
	const [recording] = recordings;
	return recording?.toJournal(await storyOf(pool, run.order, recording.failure, signal));
}

/** The story is told by a run of its own: it needs all events in the worker's memory, where recording must not depend on their number. */
async function storyOf(
	pool: Pool,
	order: RunOrder,
	failure: RunFailure | undefined,
	signal: AbortSignal,
): Promise<Story | undefined> {
	// What the sandbox stopped once is not let loose again.
	if (failure === undefined || failure.isContained) return undefined;
	let told: Story | undefined;
	await pool.run(
		[{ ...order, purpose: "explain" as const }],
		(_, outcome) => {
			if (outcome.failure?.check === failure.check) told = outcome.story;
		},
		signal,
	);
	return told;
}

function toJournal(
	{ order, name, title, target }: RecordedRun,
	outcome: RunOutcome,
	recorder: Recorder,
	story: Story | undefined,
): Journal {
	const events = recorder.events();
	const { failure, figures } = outcome;
	// Of a run that was stopped, this much is known.
	const lastMs = events.at(-1)?.atMs ?? 0;
	const servers = events.reduce((most, event) => ("server" in event ? Math.max(most, event.server + 1) : most), 0);
	return {
		format: JOURNAL_FORMAT,
		tool: { name: "raft-grade", version: readVersion() },
		run: name,
		target,
		title,
		schedule: scheduleOf(order.seed),
		servers: figures.servers || servers,
		virtualMs: figures.virtualMs || lastMs,
		failure:
			failure === undefined
				? null
				: {
						check: failure.check,
						message: failure.message,
						atMs: failure.isContained ? lastMs : failure.atMs,
						servers: [...(failure.details.servers ?? [])],
						expected: failure.details.expected ?? null,
						actual: failure.details.actual ?? null,
						places: (failure.details.places ?? []).map((place: Place) => describePlace(toReportPlace(place))),
					},
		story:
			failure === undefined || story === undefined || story.steps.length === 0
				? null
				: asTold(story, (event) => recorder.placeOf(event)),
		thinned: recorder.thinned,
		events: [...events],
	};
}
