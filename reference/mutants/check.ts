/**
 * Runs labs in a process of its own and prints a line of JSON for each test: `tsx reference/mutants/check.ts` tries every mutant that
 * has a test that is to catch it in that test. To see where else one is caught, and how surely, or whether one is caught at all:
 *
 *     tsx reference/mutants/check.ts vote-twice-in-a-term --tests all --seeds 20 --share
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { LabRunner } from "../../grader/lab-runner.ts";
import {
	loadProgram,
	type Program,
	parseSeed,
	runSeed,
	type Schedule,
	type Seed,
	type SourceEdit,
} from "../../harness/index.ts";
import { catalog, type TestId } from "../../labs/catalog.ts";
import { ALL_SUITES } from "../../labs/suites.ts";
import { type Mutant, mutants } from "./index.ts";

/** What came of one test of one program. */
export interface CheckLine {
	/** A mutant's id, or a submission's file. */
	readonly program: string;
	readonly test: TestId;
	readonly schedule: Schedule;
	readonly runs: number;
	readonly failures: readonly {
		readonly seed: Seed;
		readonly kind: string;
		readonly check: string;
		readonly message: string;
	}[];
}

/** Runs of one program. */
interface Job {
	readonly name: string;
	readonly load: () => Promise<Program>;
	readonly tests: readonly TestId[];
	readonly schedules: readonly Schedule[];
	/** How many seeds are tried at most. */
	readonly seeds: number;
	/** Whether the first failure is enough. */
	readonly untilFailure: boolean;
}

const REFERENCE = fileURLToPath(new URL("../index.ts", import.meta.url));

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		/** Submissions to run instead of mutants. */
		target: { type: "string", multiple: true, default: [] },
		/** Changes to the targets' sources: SourceEdit[], as JSON. */
		edits: { type: "string", default: "[]" },
		/** Tests, by name, or `all`. By default a mutant's caughtBy, or all for one that has none and is named. */
		tests: { type: "string" },
		schedules: { type: "string" },
		seeds: { type: "string" },
		seed: { type: "string", default: "1" },
		/** Runs all seeds, rather than only up to the first failure. */
		share: { type: "boolean", default: false },
	},
});

const runner = await LabRunner.load(ALL_SUITES);
for (const job of jobs()) {
	const program = await job.load().catch((error: Error) => {
		throw new Error(`${job.name}: ${error.message}`);
	});
	for (const test of job.tests) {
		for (const schedule of job.schedules) console.log(JSON.stringify(await check(program, job, test, schedule)));
	}
}

function jobs(): Job[] {
	const all = catalog.map(({ id }) => id);
	const chosenTests = values.tests === "all" ? all : (values.tests?.split(",") as TestId[] | undefined);
	const chosenSchedules = values.schedules?.split(",") as Schedule[] | undefined;
	const both: Schedule[] = ["calm", "race"];
	const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
	const untilFailure = !values.share;
	if (values.target.length > 0) {
		return values.target.map((file) => ({
			name: file,
			load: () => loadProgram(file, JSON.parse(values.edits) as SourceEdit[]),
			tests: chosenTests ?? all,
			schedules: chosenSchedules ?? both,
			seeds: seeds ?? 1,
			untilFailure,
		}));
	}
	const unknown = positionals.filter((word) => !mutants.some(({ id }) => id === word));
	if (unknown.length > 0) throw new RangeError(`there is no mutant ${unknown.join(", ")}`);
	const isChosen = ({ id, caughtBy }: Mutant) => {
		if (positionals.length > 0) return positionals.includes(id);
		return caughtBy !== undefined || chosenTests !== undefined;
	};
	return mutants.filter(isChosen).map(({ id, edits, caughtBy }) => {
		const expected = chosenTests === undefined ? caughtBy : undefined;
		return {
			name: id,
			load: () => loadProgram(REFERENCE, edits),
			tests: chosenTests ?? (expected === undefined ? all : [expected.test]),
			schedules: chosenSchedules ?? (expected === undefined ? both : [expected.schedule]),
			seeds: seeds ?? caughtBy?.within ?? 1,
			untilFailure,
		};
	});
}

async function check(program: Program, job: Job, test: TestId, schedule: Schedule): Promise<CheckLine> {
	const failures: CheckLine["failures"][number][] = [];
	let runs = 0;
	while (runs < job.seeds && !(job.untilFailure && failures.length > 0)) {
		const seed = runSeed(parseSeed(values.seed), test, runs++, schedule);
		const { failure } = await runner.run(program, { test, seed });
		if (failure === undefined) continue;
		const { name: kind, check, message } = failure;
		failures.push({ seed, kind, check, message });
	}
	return { program: job.name, test, schedule, runs, failures };
}
