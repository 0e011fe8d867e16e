import { fileURLToPath } from "node:url";
import { type Program, parseSeed, scheduleOf } from "../../../harness/index.ts";
import { mutants } from "../../../reference/mutants/index.ts";
import type { LabRunner } from "../../lab-runner.ts";
import { asTold } from "../../narrative/as-told.ts";
import { narrate } from "../../narrative/narrate.ts";
import { toJournalEvent } from "../journal-event.ts";
import { JOURNAL_FORMAT } from "../journal-format.ts";
import type { Journal, JournalEvent } from "../journal-schema.ts";
import { inKeptPlaces } from "../kept-places.ts";

const REFERENCE = fileURLToPath(new URL("../../../reference/index.ts", import.meta.url));

/** Runs that the views are tried on. A mutant's run fails. */
export const SAMPLES = {
	passing: { test: "Persist1", seed: "7", mutant: undefined },
	unreliable: { test: "UnreliableAgree", seed: "7", mutant: undefined },
	snapshots: { test: "SnapshotInstallCrash", seed: "8", mutant: undefined },
	twice: { test: "EverythingTwice", seed: "7", mutant: undefined },
	twoLeaders: { test: "ManyElections", seed: "33be3e897f2f6b50", mutant: "vote-twice-in-a-term" },
	lostEntry: { test: "Backup", seed: "8d5644bc804e7a8", mutant: "vote-without-looking-at-logs" },
} as const;

export type Sample = keyof typeof SAMPLES;

let runner: Promise<LabRunner> | undefined;
const programs = new Map<string, Promise<Program>>();
const journals = new Map<Sample, Promise<Journal>>();

/** The journal of a sample; each is made once. */
export function sampleJournal(sample: Sample): Promise<Journal> {
	const known = journals.get(sample) ?? record(sample);
	journals.set(sample, known);
	return known;
}

async function record(sample: Sample): Promise<Journal> {
	const { test, seed: text, mutant } = SAMPLES[sample];
	runner ??= loadRunner();
	const seed = parseSeed(text);
	const { failure, figures, journal } = await (await runner).run(await programOf(mutant), {
		test,
		seed,
		journal: true,
		explain: true,
	});
	return {
		...madeUp(
			(journal?.events ?? []).flatMap((event) => toJournalEvent(event) ?? []),
			figures.servers,
		),
		run: `${test}@${seed}`,
		schedule: scheduleOf(seed),
		virtualMs: figures.virtualMs,
		failure:
			failure === undefined
				? null
				: {
						check: failure.check,
						message: failure.message,
						atMs: failure.atMs,
						servers: [...(failure.details.servers ?? [])],
						expected: null,
						actual: null,
						places: [],
					},
		story:
			failure === undefined || journal === undefined
				? null
				: asTold(inKeptPlaces(narrate(journal.events, figures.servers, failure), journal.events)),
	};
}

// Imported as suites are: a module that is required and imported is there twice, and so are the settings that suites read.
async function loadRunner(): Promise<LabRunner> {
	const { LabRunner } = await import("../../lab-runner.ts");
	const { ALL_SUITES } = await import("../../../labs/suites.ts");
	return LabRunner.load(ALL_SUITES);
}

function programOf(mutant: string | undefined): Promise<Program> {
	const known = programs.get(mutant ?? "") ?? load(mutant);
	programs.set(mutant ?? "", known);
	return known;
}

async function load(id: string | undefined): Promise<Program> {
	const { loadProgram } = await import("../../../harness/index.ts");
	const mutant = mutants.find((each) => each.id === id);
	if (id !== undefined && mutant === undefined) throw new Error(`there is no mutant ${id}`);
	return loadProgram(REFERENCE, mutant?.edits);
}

/** A journal with these events, of a run that passed. */
export function madeUp(events: readonly JournalEvent[], servers = 3): Journal {
	return {
		format: JOURNAL_FORMAT,
		tool: { name: "raft-grade", version: "0.0.0" },
		run: "Backup@7",
		target: "src/raft.ts",
		title: "a test",
		schedule: "race",
		servers,
		virtualMs: events.at(-1)?.atMs ?? 0,
		failure: null,
		story: null,
		thinned: 0,
		events: [...events],
	};
}

/** Texts with which a submission may try to get out of where they are shown. */
export const HOSTILE = [
	"</script><script>document.title='forged'</script>",
	"<img src=x onerror=\"document.title='forged'\">",
	"\u001b[2J\u001b]0;forged\u0007",
	"first line\nS0->>S1: forged\r\nend",
	"%%{init: {'theme':'dark'}}%% ; # forged",
	"\u202egnp.exe\u2066",
	"::error::forged",
	'"}],"failure":null',
	"\ud800 half",
	"__proto__",
] as const;
