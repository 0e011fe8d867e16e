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
import { shrinkAndTell, type Told, USUAL_TRIES } from "../shrinking/shrink.ts";
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
	["forget-vote-on-stepping-down", "ReElection", "OldVotes"],
	["every-answer-is-a-vote", "ReElection", "ManyElections"],
	["votes-of-an-older-election-counted", "OldVotes"],
	["vote-without-adopting-the-term", "ReElection", "ManyElections"],
	["candidate-deaf-to-its-terms-leader", "ReElection", "ManyElections"],
	["vote-for-server-zero-not-saved", "VotersCrash"],
	["vote-saved-in-a-timer", "VotersCrash"],
	["old-leader-obeyed", "OutOfOrder"],
	["same-command-same-entry", "SnapshotInstallUnreliable"],
	["emptied-log-has-term-zero", "SnapshotInstallUnreliable"],
	["same-snapshot-again-not-expected", "SnapshotInstallUnreliable"],
	["follower-does-not-save-entries", "Persist2", "Persist3", "Persist1"],
	["commit-beyond-last-new-entry", "Rejoin", "Persist2", "Backup"],
	["follower-answers-with-its-last-index", "Rejoin", "Persist2", "FailNoAgree"],
	["match-counted-from-next-index", "FailNoAgree", "Persist2"],
	["old-entries-committed-by-count", "Figure8", "Figure8Story"],
	["restart-takes-the-log-for-committed", "UnreliableChurn"],
	["tail-kept-behind-a-conflict", "OutOfOrder", "Figure8Unreliable"],
	["elected-by-votes-of-the-past", "OldVotes", "ReElection"],
	["match-kept-from-the-last-office", "Figure8Unreliable"],
	["leader-stands-against-itself", "Figure8Unreliable"],
	["timeouts-too-much-alike", "ReElection", "ManyElections"],
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
	readonly cpu: number;
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
		const { signal } = new AbortController();
		const result = await shrinkAndTell(pool, { test, run: { seed }, tries: Number(values.tries), signal });
		const seconds = (performance.now() - beganMs) / 1000;
		const cpu = cpuSeconds() - beganS;
		const told = result.kind === "found" ? result : undefined;
		const cells = [
			id,
			runName(test, { seed }),
			`${failed}/${runs}`,
			told?.failure.check ?? result.kind,
			String(told?.of ?? ""),
			told === undefined ? "" : `${told.choices.length}${told.seed === seed ? "" : " (another seed)"}`,
			told?.told.check === told?.failure.check ? "yes" : "no",
			String(told?.tries ?? ""),
			seconds.toFixed(1),
			cpu.toFixed(1),
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
	`\n${rows.length} mistakes. Medians: ${median(kept)} decisions kept, ${median(seconds).toFixed(1)} s with ${values.jobs} workers, ${median(rows.map(({ cpu }) => cpu)).toFixed(1)} s of their CPU, on Node ${process.version}.`,
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
