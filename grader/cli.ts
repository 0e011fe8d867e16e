import { randomBytes } from "node:crypto";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { parseSeed, type Schedule, type Seed } from "../harness/index.ts";
import { toSeed } from "./selection.ts";
import { UsageError } from "./usage-error.ts";

/** The command line, read and checked. */
export interface CliOptions {
	/** Parts, tests and runs to run. */
	readonly words: readonly string[];
	readonly target: string | undefined;
	readonly grep: string | undefined;
	readonly seed: Seed;
	/** Undefined if nobody chose one. */
	readonly schedule: Schedule | undefined;
	/** How many schedules of each test. */
	readonly raceRepeat: number;
	readonly checkDeterminism: boolean;
	readonly list: boolean;
	/** Virtual time as fast as it goes, or tied to the wall clock and shown as it happens. */
	readonly clock: "virtual" | "real";
	/** How many virtual seconds pass in a real one. */
	readonly speed: number;
}

/**
 * Reads the command line.
 *
 * @returns the options, or undefined when all there was to do was to print help or the version.
 * @throws UsageError for an unknown option or a value that isn't one.
 */
export function readCommandLine(args: readonly string[], version: string): CliOptions | undefined {
	const command = build(version);
	try {
		command.parse(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return undefined;
		throw new UsageError(error.message.replace(/^error: /, "").replaceAll("\n", " "));
	}
	const { seed, speed, ...options } = command.opts<
		Omit<CliOptions, "words" | "clock"> & { clock?: CliOptions["clock"] }
	>();
	return {
		...options,
		words: command.args,
		target: options.target,
		grep: options.grep,
		schedule: options.schedule,
		checkDeterminism: options.checkDeterminism === true,
		list: options.list === true,
		seed: seed ?? drawSeed(),
		raceRepeat: options.raceRepeat ?? 1,
		speed: speed ?? 1,
		// Somebody who sets a speed wants to watch.
		clock: options.clock ?? (speed === undefined ? "virtual" : "real"),
	};
}

function build(version: string): Command {
	return new Command("raft-grade")
		.description("Runs the Raft lab's tests against a submission, in a deterministic simulation.")
		.argument("[what...]", "parts (2A 2B 2C 2D), tests (Figure8), runs (Figure8@1f3a), or all")
		.option("-t, --target <target>", "the submission: a file, folder or package, reference, or template")
		.option("-g, --grep <pattern>", "only tests whose part and name match")
		.option("-s, --seed <seed>", "the base seed, in hexadecimal (default: drawn at random)", asArgument(toSeed))
		.addOption(new Option("--schedule <name>", "calm (default), or race").choices(["calm", "race"]))
		.option("-r, --race-repeat <n>", "n schedules of each test, one in eight calm, the rest race", asArgument(toCount))
		.option("--check-determinism", "run everything twice and compare the journals")
		.option("-l, --list", "list the tests, with their points")
		.addOption(new Option("--clock <clock>", "virtual; real shows a run as it happens").choices(["virtual", "real"]))
		.option("--speed <factor>", "virtual seconds in a real one; implies --clock real", asArgument(toSpeed))
		.version(version, "-V, --version")
		.addHelpText("after", HELP)
		.configureOutput({ outputError: () => {} })
		.exitOverride();
}

const HELP = `
Without --target: package.json's raftGrade.target, else src/raft.ts, else raft.ts.

Examples:
  raft-grade 2A                        the tests of part 2A
  raft-grade Figure8 --seed 7          one test, with a base seed
  raft-grade Figure8@90c67a1b5d3e2f48  that very run again
  raft-grade 2B --race-repeat 50       fifty schedules of each test: timers late,
                                       messages slow, machines pausing
  raft-grade Backup --speed 1          watch it live

Exit code: 0 passed, 1 a test failed, 2 the command or the target is unusable,
3 a fault of raft-grade itself.`;

/** Turns our errors about a value into commander's, which name the option. */
function asArgument<Value>(read: (text: string) => Value): (text: string) => Value {
	return (text) => {
		try {
			return read(text);
		} catch (error) {
			throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
		}
	};
}

function toCount(text: string): number {
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= 1) return count;
	throw new UsageError(`"${text}" is not a number of schedules: give a whole number from 1 on`);
}

function toSpeed(text: string): number {
	const speed = Number(text);
	if (speed > 0 && Number.isFinite(speed)) return speed;
	throw new UsageError(`"${text}" is not a speed: give a positive number, such as 1 or 10`);
}

/** A base seed that nobody chose. It is short: people will type it. */
function drawSeed(): Seed {
	return parseSeed(randomBytes(4).toString("hex"));
}
