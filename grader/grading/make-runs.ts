import type { RunOutcome } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import type { PlannedRun, PlannedTest } from "./plan.ts";

/** A run that has been made, and what came of it. */
export interface RunResult {
	readonly run: PlannedRun;
	readonly outcome: RunOutcome;
}

/** A test and its runs so far. */
export interface TestResult {
	readonly test: PlannedTest;
	/** In the order in which they ended. */
	readonly results: readonly RunResult[];
}

export interface MakeRunsOptions {
	/** Stop at the first run that fails. */
	readonly bail: boolean;
	/** Stop when this says so. */
	readonly signal: AbortSignal;
	/** Hears of each run. */
	readonly onRun: (result: RunResult) => void;
	/** Hears of each test all of whose runs are over, in the order of the tests; at last of those that were begun and not finished. */
	readonly onTest: (result: TestResult) => void;
}

/**
 * Makes the runs of all tests.
 *
 * A test of which the sandbox has had to stop a run is given up: its other schedules would most likely take as long and end alike. Schedules after
 * that one which are under way already are broken off, and if they have ended they don't count: how many those are depends on the number of workers.
 *
 * @returns the results of all tests, those that were not finished included.
 * @throws WorkerFault for a fault of raft-grade itself.
 */
export async function makeRuns(
	pool: Pick<Pool, "run">,
	tests: readonly PlannedTest[],
	{ bail, signal, onRun, onTest }: MakeRunsOptions,
): Promise<readonly TestResult[]> {
	const results = new Map(tests.map((test) => [test.test, [] as RunResult[]]));
	/** The earliest schedule of a test that the sandbox had to stop. */
	const stopped = new Map<string, number>();
	const isWanted = ({ test, repetition }: PlannedRun) => repetition <= (stopped.get(test) ?? repetition);
	/** How many runs of each test are still to end. */
	const open = new Map(tests.map((test) => [test.test, test.runs.length]));
	const giveUp = ({ test, runs }: PlannedTest, after: PlannedRun) => {
		stopped.set(test, after.repetition);
		const ended = (results.get(test) ?? []).filter(({ run }) => isWanted(run));
		results.set(test, ended);
		open.set(test, runs.filter(isWanted).length - ended.length);
	};
	const testOf = (run: PlannedRun) => tests.find(({ test }) => test === run.test) as PlannedTest;
	const stop = new AbortController();
	const resultOf = (test: PlannedTest) => ({ test, results: results.get(test.test) ?? [] });
	const told = new Set<PlannedTest>();
	const tell = (test: PlannedTest) => {
		told.add(test);
		onTest(resultOf(test));
	};
	const tellFrom = tellerInOrder(tests, open, tell);

	function* orders(): Generator<PlannedRun> {
		for (const { runs } of tests) {
			for (const run of runs) {
				if (isWanted(run)) yield run;
			}
			tellFrom();
		}
	}

	await pool.run(
		orders(),
		(run, outcome) => {
			const result = { run, outcome };
			results.get(run.test)?.push(result);
			open.set(run.test, (open.get(run.test) ?? 0) - 1);
			if (outcome.failure?.isContained === true) giveUp(testOf(run), run);
			onRun(result);
			if (bail && outcome.failure !== undefined) stop.abort();
			tellFrom();
		},
		AbortSignal.any([signal, stop.signal]),
		isWanted,
	);
	for (const test of tests) {
		const isBegun = (results.get(test.test)?.length ?? 0) > 0;
		if (isBegun && !told.has(test)) tell(test);
	}
	return tests.map(resultOf);
}

/** Tells of finished tests, each once and in order, as far as they go. */
function tellerInOrder(
	tests: readonly PlannedTest[],
	open: ReadonlyMap<string, number>,
	tell: (test: PlannedTest) => void,
): () => void {
	let told = 0;
	return () => {
		for (let test = tests[told]; test !== undefined && open.get(test.test) === 0; test = tests[told]) {
			told++;
			tell(test);
		}
	};
}
