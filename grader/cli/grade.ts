import os from "node:os";
import { type Command, Option } from "commander";
import type { Schedule, Seed } from "../../harness/index.ts";
import { toSeed } from "../run-name.ts";
import { parseShard, type Shard } from "../shard.ts";
import { UsageError } from "../usage-error.ts";
import {
	configOption,
	memoryOption,
	NO_CONFIG,
	reporterOption,
	type SessionOptions,
	stepTimeoutOption,
	timeoutOption,
	toConfig,
} from "./shared-options.ts";
import { asArgument, toCount, toJobs, toSpeed } from "./values.ts";

/** What to grade and how, as the command line says. */
export interface GradeOptions extends SessionOptions {
	/** Parts, tests and runs to run. */
	readonly words: readonly string[];
	readonly grep: string | undefined;
	/** The base seed; undefined: the policy's, else one drawn at random. */
	readonly seed: Seed | undefined;
	/** Undefined if nobody chose one. */
	readonly schedule: Schedule | undefined;
	/** How many schedules of each test; undefined: the policy's number, else one. */
	readonly raceRepeat: number | undefined;
	readonly bail: boolean;
	readonly lastFailed: boolean;
	/** A run to make again, as test@seed. */
	readonly replay: string | undefined;
	readonly untilFail: boolean;
	readonly watch: boolean;
	/** `name` or `name=path` each. */
	readonly reporters: readonly string[];
	/** The folder for the page of each failing test's first failure; "": the usual one. */
	readonly trace: string | undefined;
	readonly shard: Shard | undefined;
	readonly checkDeterminism: boolean;
	/** Shrinks what fails, and tells what mattered. */
	readonly explain: boolean;
	readonly list: boolean;
}

/** What commander gives. */
export type GivenOptions = Partial<Omit<GradeOptions, "words" | "reporters" | "config">> & {
	readonly reporter?: readonly string[];
	readonly config?: string | boolean;
	readonly clock?: "virtual" | "real";
};

export function addGradeOptions(program: Command): Command {
	return program
		.argument("[what...]", "parts (2A 2B 2C 2D), tests (Figure8), runs (Figure8@1f3a), or all")
		.option("-t, --target <target>", "the submission: a file, folder or package, reference, or template")
		.option("-g, --grep <pattern>", "only tests whose part and name match")
		.option("-l, --list", "list the tests, with their points")
		.optionsGroup("Which schedules:")
		.option("-r, --race-repeat <n>", "n schedules of each test, one in eight calm, the rest race", asArgument(toCount))
		.option("-s, --seed <seed>", "the base seed, in hexadecimal (default: drawn at random)", asArgument(toSeed))
		.addOption(new Option("--schedule <name>", "calm (default of a single run), or race").choices(["calm", "race"]))
		.option("--replay <run>", "one run again, exactly as it was: test@seed")
		.option("--last-failed", "the runs again that failed the last time")
		.option("--until-fail", "on and on, until a run fails")
		.option("-w, --watch", "again whenever the submission changes")
		.option("--bail", "stop at the first run that fails")
		.addOption(new Option("--shard <i/n>", "only this share of all runs").argParser(asArgument(parseShard)))
		.option("--explain", "shrink what fails: say which chance decisions mattered")
		.option("--check-determinism", "everything twice, and compare the journals")
		.addOption(new Option("--clock <clock>", "virtual; real shows a run as it happens").choices(["virtual", "real"]))
		.option("--speed <factor>", "virtual seconds in a real one; implies --clock real", asArgument(toSpeed))
		.optionsGroup("Workers and their limits:")
		.option("-j, --jobs <n>", "how many workers (default: the cores)", asArgument(toJobs))
		.addOption(stepTimeoutOption())
		.addOption(timeoutOption())
		.addOption(memoryOption())
		.optionsGroup("Reports and policy:")
		.addOption(reporterOption())
		.option("--trace [=folder]", "a page for the first failure of each test (default: raft-grade-traces)")
		.addOption(configOption())
		.option("--no-config", NO_CONFIG)
		.optionsGroup("Help:")
		.addHelpText("after", HELP);
}

export function toGradeOptions(words: readonly string[], given: GivenOptions): GradeOptions {
	const { reporter, config, clock, ...options } = given;
	const isWatched = clock === "real" || (clock === undefined && options.speed !== undefined);
	const all: GradeOptions = {
		words,
		target: options.target,
		grep: options.grep,
		seed: options.seed,
		schedule: options.schedule,
		raceRepeat: options.raceRepeat,
		bail: options.bail === true,
		lastFailed: options.lastFailed === true,
		replay: options.replay,
		untilFail: options.untilFail === true,
		watch: options.watch === true,
		jobs: options.jobs ?? os.availableParallelism(),
		stepTimeout: options.stepTimeout,
		timeout: options.timeout,
		memory: options.memory,
		reporters: reporter ?? [],
		config: toConfig(config),
		trace: options.trace,
		shard: options.shard,
		checkDeterminism: options.checkDeterminism === true,
		explain: options.explain === true,
		list: options.list === true,
		// Somebody who sets a speed wants to watch.
		speed: isWatched ? (options.speed ?? 1) : undefined,
	};
	refuseContradictions(all);
	return all;
}

/** Ways to run that exclude each other. */
function refuseContradictions(options: GradeOptions): void {
	const ways = {
		"--replay": options.replay !== undefined,
		"--last-failed": options.lastFailed,
		"--until-fail": options.untilFail,
		"--shard": options.shard !== undefined,
		"--check-determinism": options.checkDeterminism,
		"--clock real": options.speed !== undefined,
	};
	const given = Object.entries(ways).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
	const [first, second] = given.filter((name) => name !== "--clock real" || !given.includes("--replay"));
	if (first !== undefined && second !== undefined)
		throw new UsageError(`${first} and ${second} exclude each other: give one of them`);
	const otherWays = given.filter((name) => name !== "--replay" && name !== "--last-failed");
	if (options.watch && otherWays.length > 0) {
		throw new UsageError(`--watch and ${otherWays[0]} exclude each other: give one of them`);
	}
	const run = options.words.find((word) => word.includes("@"));
	if (options.untilFail && run !== undefined) {
		throw new UsageError(`--until-fail tries one seed after the other: name ${run.split("@")[0]} without a seed`);
	}
	if (options.replay !== undefined && options.words.length > 0) {
		throw new UsageError(`--replay ${options.replay} says what to run: leave out ${options.words.join(" ")}`);
	}
}

const HELP = `
Without --target: package.json's raftGrade.target, else src/raft.ts or raft.ts,
else the one module here that exports make().

Examples:
  raft-grade 2A                        the tests of part 2A
  raft-grade 2B --race-repeat 50       fifty schedules of each test: timers
                                       late, messages slow, machines pausing
  raft-grade Figure8@90c67a1b5d3e2f48  that very run again
  raft-grade 2B --watch                again whenever you save
  raft-grade Backup --speed 1          watch it live

Exit code: 0 passed, 1 a test failed, 2 the command or the target is unusable,
3 a fault of raft-grade itself, 130 interrupted.`;
