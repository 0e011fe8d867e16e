import {
	type EventListener,
	loadProgram,
	type Pace,
	type Program,
	parseSeed,
	type RunResult,
	runSeed,
	type Schedule,
	type Seed,
	type Selection,
} from "../harness/index.ts";

/** What the suites run against, and how. The same for all tests of a run of Mocha. */
export interface LabSettings {
	readonly program: Program;
	/** The seed of a test's run. */
	seedOf(test: string): Seed;
	/** Checks the safety invariants too, beside what the test itself checks. On by default. */
	readonly invariants?: boolean;
	/** See the harness's RunOptions. */
	readonly journal?: boolean;
	/** See the harness's RunOptions. */
	readonly explain?: boolean;
	readonly listener?: EventListener;
	readonly pace?: Pace;
	/** See the harness's RunOptions. */
	readonly stepLimitMs?: number;
	/** See the harness's RunOptions. */
	readonly selection?: Selection;
	/** See the harness's RunOptions. */
	readonly limitMs?: number;
	/** Hears what came of each test. */
	onResult?(test: string, seed: Seed, result: RunResult): void;
}

let chosen: LabSettings | undefined;
let fromEnvironment: Promise<LabSettings> | undefined;

/** Chooses what the suites run against from now on. */
export function useSettings(settings: LabSettings): void {
	chosen = settings;
}

/**
 * What the suites run against. Under bare Mocha nobody has chosen it, and the environment does: RAFT_GRADE_TARGET (a file),
 * RAFT_GRADE_SEED and RAFT_GRADE_SCHEDULE.
 */
export async function currentSettings(): Promise<LabSettings> {
	if (chosen !== undefined) return chosen;
	fromEnvironment ??= readEnvironment(process.env);
	return fromEnvironment;
}

/**
 * Reads settings from environment variables.
 *
 * @throws RangeError for a seed or schedule that isn't one, TargetError for a target that does not compile.
 */
export async function readEnvironment(env: NodeJS.ProcessEnv): Promise<LabSettings> {
	const { RAFT_GRADE_TARGET: target, RAFT_GRADE_SEED: seed = "1", RAFT_GRADE_SCHEDULE: schedule = "calm" } = env;
	if (target === undefined) {
		throw new RangeError("no target: set RAFT_GRADE_TARGET to the file of the submission, for example src/raft.ts");
	}
	const base = parseSeed(seed);
	if (!isSchedule(schedule)) throw new RangeError(`RAFT_GRADE_SCHEDULE is "${schedule}": it must be calm or race`);
	return { program: await loadProgram(target), seedOf: (test) => runSeed(base, test, 0, schedule) };
}

function isSchedule(text: string): text is Schedule {
	return text === "calm" || text === "race";
}
