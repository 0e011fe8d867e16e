/**
 * Runs mutants until they fail, tells the stories, and prints a line of JSON for each: whom the story names, and whether that is who broke the rule.
 *
 *     tsx grader/narrative/testing/culprits.ts --seed 7 --seeds 8 --failures 2
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadProgram, type Program, parseSeed, runSeed, type SimulationEvent } from "../../../harness/index.ts";
import { ALL_SUITES } from "../../../labs/suites.ts";
import { mutants } from "../../../reference/mutants/index.ts";
import { LabRunner } from "../../lab-runner.ts";
import { narrate } from "../narrate.ts";
import type { Culprit } from "../story.ts";
import { cases, strangers } from "./cases.ts";
import { findGuilty } from "./ground-truth.ts";

/** What a story named, and whom it should have. */
export interface CulpritLine {
	readonly mutant: string;
	readonly run: string;
	readonly check: string;
	readonly wrong: string | null;
	readonly isServerRight: boolean;
	/** Whether the event is one in which that server broke the rule. */
	readonly isEventRight: boolean;
}

/** Failures of promises; others say that something took too long, for which nobody is to blame. */
const CHECKS = /^(election-safety|term-monotonic|apply-agreement|agreement|lab|no-leader)$/;
const REFERENCE = fileURLToPath(new URL("../../../reference/", import.meta.url));

const { values } = parseArgs({
	options: {
		seed: { type: "string", default: "7" },
		/** How many seeds of each test are tried. */
		seeds: { type: "string", default: "8" },
		/** How many failures of each test are enough. */
		failures: { type: "string", default: "1" },
		mutants: { type: "string" },
	},
});

const runner = await LabRunner.load(ALL_SUITES);
for (const { mutant, guilt, tests } of cases) {
	if (values.mutants !== undefined && !values.mutants.split(",").includes(mutant)) continue;
	const { edits } = mutants.find(({ id }) => id === mutant) ?? { edits: [] };
	const program = await loadProgram(`${REFERENCE}index.ts`, edits);
	for (const test of tests) {
		for (const told of await storiesOf(program, test)) {
			const guilty = findGuilty(told.events, told.servers).filter((each) => guilt.includes(each.guilt));
			const own = guilty.filter(({ server }) => server === told.culprit?.server);
			const isEventRight = own.some(({ events }) => events.includes(told.culprit?.event ?? -1));
			print(mutant, told, own.length > 0, isEventRight);
		}
	}
}
for (const { file, edit, test, wrong } of values.mutants === undefined ? strangers : []) {
	const [told] = await storiesOf(await loadProgram(`${REFERENCE}${file}`, [edit]), test);
	if (told === undefined) throw new Error(`${file} passes ${test} with a mistake in it`);
	const isRight = told.culprit?.wrong === wrong;
	print(`${file}: ${wrong}`, told, isRight, isRight);
}

interface Told {
	readonly run: string;
	readonly check: string;
	readonly events: readonly SimulationEvent[];
	readonly servers: number;
	readonly culprit: Culprit | undefined;
}

/** The stories of a program's first failures in a test. */
async function storiesOf(program: Program, test: string): Promise<Told[]> {
	const told: Told[] = [];
	for (let i = 0; i < Number(values.seeds) && told.length < Number(values.failures); i++) {
		const seed = runSeed(parseSeed(values.seed), test, i, i % 2 === 0 ? "calm" : "race");
		const { failure, journal, figures } = await runner.run(program, { test, seed, journal: true });
		if (failure === undefined || journal === undefined || !CHECKS.test(failure.check)) continue;
		const { culprit } = narrate(journal.events, figures.servers, failure);
		told.push({
			run: `${test}@${seed}`,
			check: failure.check,
			events: journal.events,
			servers: figures.servers,
			culprit,
		});
	}
	return told;
}

function print(mutant: string, { run, check, culprit }: Told, isServerRight: boolean, isEventRight: boolean): void {
	const line: CulpritLine = { mutant, run, check, wrong: culprit?.wrong ?? null, isServerRight, isEventRight };
	console.log(JSON.stringify(line));
}
