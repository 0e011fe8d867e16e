import { fileURLToPath } from "node:url";
import { loadProgram, parseSeed, runSeed, type Schedule } from "../../harness/index.ts";
import { SUITES } from "../../labs/suites.ts";
import { LabRunner } from "../lab-runner.ts";
import { findTarget } from "../target.ts";

/** Labs that a seed matters to: elections, a log that is repaired, crashes on a bad network, snapshots. */
const TESTS = ["ManyElections", "Backup", "Figure8Unreliable", "SnapshotInstallUnCrash"] as const;

/** The hashes of the journals of a few labs against the reference, in both schedules, by name. */
export type LabHashes = Record<string, string>;

/** Once a process: see {@link LabRunner.load}. */
async function hashesOfLabs(seed: string): Promise<LabHashes> {
	const program = await loadProgram(findTarget("reference", process.cwd()).file);
	const runner = await LabRunner.load(SUITES);
	const hashes: LabHashes = {};
	for (const test of TESTS) {
		for (const schedule of ["calm", "race"] satisfies Schedule[]) {
			const run = { test, seed: runSeed(parseSeed(seed), test, 0, schedule), journal: true };
			const { failure, journal } = await runner.run(program, run);
			if (failure !== undefined) throw failure;
			hashes[`${test}, ${schedule}`] = journal?.hash() ?? "";
		}
	}
	return hashes;
}

// A program: prints the hashes for a base seed, so that processes, and versions of Node, can be compared.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(JSON.stringify(await hashesOfLabs(process.argv[2] ?? "1")));
}
