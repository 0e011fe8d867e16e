/**
 * `npm run shrink-study`: what raft-grade shrink makes of mistakes that come to light by chance. Prints docs/shrinking.md's table.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleProgram, parseSeed, runSeed, type Seed } from "../../harness/index.ts";
import { mutants } from "../../reference/mutants/index.ts";
import { USUAL_LIMITS } from "../grading/limits.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { runName } from "../run-name.ts";
import { shrinkAndTell, type Told, USUAL_SECONDS, USUAL_TRIES } from "../shrinking/shrink.ts";
import { markdownTable, median } from "../statistics.ts";
import { workersOf } from "../testing/processes.ts";
import { workerCode } from "../worker/code.ts";
import { Pool } from "../worker/pool.ts";

/** Mistakes, each with tests, the first of which that brings it to light by chance, in under half of its schedules, is taken. */
const CASES: readonly (readonly [mutant: string, ...tests: string[]])[] = [
	["server-zero-is-nobody", "ManyElections"],
	["own-vote-not-noted", "ReElection"],
	["vote-twice-in-a-term", "ReElection"],
	["vote-without-looking-at-logs", "Rejoin"],
	["later-term-or-longer-log-wins", "Rejoin"],
	["forget-vote-on-stepping-down", "ReElection"],
	["length-compared-in-the-current-term-only", "SnapshotInstall"],
	["every-answer-is-a-vote", "ReElection"],
	["own-vote-counted-twice", "ManyElections"],
	["majority-of-the-answers", "SnapshotInstall"],
	["votes-of-an-older-election-counted", "OldVotes"],
	["vote-without-adopting-the-term", "FailNoAgree"],
	["leader-takes-its-office-along", "FailNoAgree"],
	["old-leader-obeyed", "OutOfOrder"],
	["timeout-of-seconds", "Rejoin"],
	["vote-for-server-zero-not-saved", "VotersCrash"],
	["same-command-same-entry", "SnapshotInstallUnreliable"],
	["emptied-log-has-term-zero", "SnapshotInstallUnreliable"],
	["restart-takes-the-log-for-committed", "UnreliableChurn"],
	["match-kept-from-the-last-office", "Figure8Unreliable"],
	["leader-stands-against-itself", "Figure8Unreliable"],
];
/** So many of them make the table. */
const ENOUGH = 20;

const { values } = parseArgs({
	options: {
		/** Only mutants whose name holds this. */
		only: { type: "string", default: "" },
		/** Schedules of each test, to see how often it fails. */
		seeds: { type: "string", default: "12" },
		tries: { type: "string", default: String(USUAL_TRIES) },
		jobs: { type: "string", default: "2" },
	},
});

const code = await workerCode([]);
const rows: {
	readonly cells: readonly string[];
	readonly told: Told | undefined;
	readonly seconds: number;
	readonly cpu: number | undefined;
}[] = [];
for (const [id, ...tests] of CASES) {
	if (!id.includes(values.only) || rows.length === ENOUGH) continue;
	const { edits } = mutants.find((mutant) => mutant.id === id) ?? {};
	if (edits === undefined) throw new RangeError(`there is no mutant ${id}`);
	const source = await bundleProgram(`${PACKAGE_ROOT}/reference/index.ts`, edits);
	const pool = new Pool({ jobs: Number(values.jobs), code, source, limits: USUAL_LIMITS });
	try {
		await pool.ready();
		const chance = await failingByChance(pool, tests);
		if (chance === undefined) {
			console.error(`${id} does not fail by chance: not in ${tests.join(", ")}`);
			continue;
		}
		const { test, seed, failed, runs } = chance;
		const beganS = cpuSeconds();
		const beganMs = performance.now();
		const signal = AbortSignal.timeout(1000 * USUAL_SECONDS);
		const result = await shrinkAndTell(pool, { test, run: { seed }, tries: Number(values.tries), signal });
		const seconds = (performance.now() - beganMs) / 1000;
		const told = result.kind === "found" ? result : undefined;
		// What workers that were stopped have used is gone with them.
		const cpu = told?.cutShort === "stopped" ? undefined : cpuSeconds() - beganS;
		const cells = [
			id,
			runName(test, { seed }),
			`${failed}/${runs}`,
			told?.failure.check ?? result.kind,
			String(told?.of ?? ""),
			told === undefined ? "" : `${told.choices.length}${told.seed === seed ? "" : " (another seed)"}`,
			told?.told.check === told?.failure.check ? "yes" : "no",
			told?.cutShort === "stopped" ? `${told.tries}, time was up` : String(told?.tries ?? ""),
			seconds.toFixed(1),
			cpu?.toFixed(1) ?? "",
			told === undefined ? "" : `\`~${shorten(told.kept)}\``,
		];
		rows.push({ cells, told, seconds, cpu });
		console.error(cells.join(" "));
	} finally {
		pool.close();
	}
}

const head = [
	"mistake",
	"run",
	"fails",
	"check",
	"decisions",
	"kept",
	"same check",
	"tries",
	"s",
	"CPU s",
	"shrunk to",
];
console.log(
	markdownTable(
		head,
		rows.map(({ cells }) => cells),
	),
);
const kept = rows.flatMap(({ told }) => (told === undefined ? [] : [told.choices.length]));
const seconds = rows.map((row) => row.seconds);
console.log(
	`\n${rows.length} mistakes. Medians: ${median(kept)} decisions kept, ${median(seconds).toFixed(1)} s with ${values.jobs} workers, ${median(rows.map(({ cpu }) => cpu ?? Number.POSITIVE_INFINITY)).toFixed(1)} s of their CPU, on Node ${process.version}.`,
);

/** The first of these tests that fails in some schedules, and in under half of them. */
async function failingByChance(pool: Pool, tests: readonly string[]) {
	const runs = Number(values.seeds);
	for (const test of tests) {
		const seeds = Array.from({ length: runs }, (_, i) => runSeed(parseSeed("1"), test, i, "race"));
		const failed = new Set<Seed>();
		await pool.run(
			seeds.map((seed) => ({ test, seed, purpose: "judge" as const })),
			({ seed }, { failure }) => {
				if (failure !== undefined) failed.add(seed);
			},
		);
		const seed = seeds.find((one) => failed.has(one));
		if (seed !== undefined && failed.size < runs / 2) return { test, seed, failed: failed.size, runs };
	}
	return undefined;
}

/** What the workers have used so far: on a machine that does other things too, it says more than real time. */
function cpuSeconds(): number {
	return workersOf(process.pid).reduce((sum, pid) => {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		// utime and stime, in hundredths of a second.
		return sum + (Number(fields[11]) + Number(fields[12])) / 100;
	}, 0);
}

function shorten(text: string): string {
	return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
