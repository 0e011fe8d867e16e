import type { ReplayOptions } from "../cli/replay.ts";
import { ExitCode } from "../exit-code.ts";
import { chosenTarget, toSession } from "../grading/asked-session.ts";
import { interruptible } from "../grading/interruption.ts";
import { openSession, type Session } from "../grading/session.ts";
import type { Output } from "../output.ts";
import { loadPolicy } from "../policy/load.ts";
import { callsOf } from "../replay/calls.ts";
import { chooseEvents, windowOf } from "../replay/filter.ts";
import type { Journal } from "../replay/journal-schema.ts";
import { page } from "../replay/pager.ts";
import { type RecordedRun, recordWithStory } from "../replay/record.ts";
import { storyLines } from "../replay/story-lines.ts";
import { tracePath } from "../replay/trace-path.ts";
import { ReportFile } from "../report/report-file.ts";
import { seconds, WIDTH, wrap } from "../report/text.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { runName } from "../run-name.ts";
import { selectRun } from "../selection.ts";
import { NoSubmissionError } from "../target.ts";

/**
 * `raft-grade replay <run>`: makes one run again, and shows what happened in it.
 *
 * @throws UsageError for a run, a file or a filter that makes no sense.
 */
export async function replay(options: ReplayOptions, output: Output): Promise<ExitCode> {
	const cwd = process.cwd();
	const policy = await loadPolicy(options.config, cwd);
	const { test, ...run } = selectRun(options.run, policy.known);
	const name = runName(test.test, run);
	// What cannot be written is said before anything is started.
	const files = {
		view: options.output === undefined ? undefined : toFile(options.output, cwd),
		trace:
			options.trace === undefined ? undefined : toFile(options.trace === "" ? tracePath(name) : options.trace, cwd),
	};
	const target = chosenTarget(options, policy, cwd);
	if (target instanceof NoSubmissionError) throw target;
	const session = toSession(options, policy, target);
	const order = { ...run, test: test.test, purpose: "record" as const };
	const what = { order, name, title: test.title, target: session.target.name };
	return interruptible(async (signal) => {
		const journal = await recordOne(session, what, signal);
		if (journal === undefined) return ExitCode.interrupted;
		await show(journal, options, files, output);
		return journal.failure === null ? ExitCode.passed : ExitCode.failed;
	});
}

/** A file, and its name as the user gave it. */
interface NamedFile {
	readonly name: string;
	readonly file: ReportFile;
}

function toFile(name: string, cwd: string): NamedFile {
	return { name, file: new ReportFile(name, cwd) };
}

async function recordOne(session: Session, run: RecordedRun, signal: AbortSignal): Promise<Journal | undefined> {
	const { pool } = await openSession(session, signal);
	try {
		return await recordWithStory(pool, run, signal);
	} finally {
		pool.close();
	}
}

async function show(
	journal: Journal,
	options: ReplayOptions,
	files: { readonly view: NamedFile | undefined; readonly trace: NamedFile | undefined },
	output: Output,
): Promise<void> {
	const { view, filter } = options;
	// What is said beside a view must not get into it.
	const say = view === undefined || files.view !== undefined ? output.line : output.error;
	for (const line of verdict(journal)) say(line);
	// The columns begin with it.
	if (view !== "logs") for (const line of storyLines(journal)) say(line);
	if (files.trace !== undefined) {
		const { renderPage } = await import("../replay/render-page.ts");
		files.trace.file.write(await renderPage(journal, windowOf(filter, journal)));
		say(`page: ${untrustedLine(files.trace.name)} (open it in a browser)`);
	}
	if (view === undefined) return;
	const text = await render(view, journal, options, files.view === undefined ? output.columns : undefined);
	if (files.view !== undefined) {
		files.view.file.write(text);
		say(`written: ${untrustedLine(files.view.name)}`);
	} else if (view === "logs") {
		await page(text, { env: process.env, isTerminal: output.columns !== undefined, write: output.write });
	} else {
		output.write(text);
	}
}

/** Each view's code is loaded only when it is wanted. */
async function render(
	view: NonNullable<ReplayOptions["view"]>,
	journal: Journal,
	{ filter }: ReplayOptions,
	width: number | undefined,
): Promise<string> {
	const calls = callsOf(journal.events, journal.story);
	if (view === "mermaid") return (await import("../replay/mermaid.ts")).mermaid(journal, calls, filter);
	const chosen = chooseEvents(journal, calls, filter);
	if (view === "logs") {
		const { columns } = await import("../replay/columns.ts");
		const servers = filter.servers ?? Array.from({ length: journal.servers }, (_, server) => server);
		const story = storyLines(journal);
		const head = story.length === 0 ? [] : [...story, ""];
		return `${[...head, ...columns(journal, calls, chosen, servers, width ?? WIDTH)].join("\n")}\n`;
	}
	const part = partOf(journal, chosen);
	if (view === "chrome") return (await import("../replay/chrome-trace.ts")).chromeTrace(part);
	return `${JSON.stringify(part)}\n`;
}

/** A journal with some of its events, and the story told of these. */
function partOf({ story, ...journal }: Journal, chosen: readonly number[]): Journal {
	const places = new Map(chosen.map((index, place) => [index, place]));
	return {
		...journal,
		story: story && {
			steps: story.steps.map((step) => ({ ...step, event: places.get(step.event ?? -1) ?? null })),
			culprit: story.culprit && withPlace(story.culprit, places.get(story.culprit.event)),
		},
		events: chosen.flatMap((index) => journal.events[index] ?? []),
	};
}

function withPlace<Of extends object>(of: Of, event: number | undefined): (Of & { event: number }) | null {
	return event === undefined ? null : { ...of, event };
}

function verdict({ run, failure, virtualMs, events, thinned }: Journal): string[] {
	const missing = thinned === 0 ? [] : [`of its beginning ${thinned} events are left out: there are too many`];
	const length = `${seconds(virtualMs)}, ${events.length} events`;
	if (failure === null) return [`${run} passed: ${length}`, ...missing];
	const message = wrap(untrustedLine(failure.message), WIDTH - 2).map((line) => `  ${line}`);
	return [`${run} failed at ${seconds(failure.atMs)} of virtual time`, ...message, ...missing];
}
