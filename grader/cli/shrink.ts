import os from "node:os";
import { type Command, Option } from "commander";
import { configOption, NO_CONFIG, type SessionOptions, toConfig } from "./shared-options.ts";
import { asArgument, toJobs, toSeconds, toTries } from "./values.ts";

/** Which run to shrink, and how long to try. */
export interface ShrinkCommandOptions extends SessionOptions {
	/** test@seed. */
	readonly run: string;
	/** How many runs may be made; undefined: the usual number. */
	readonly tries: number | undefined;
	/** Real seconds after which it is over; undefined: the usual number. */
	readonly budget: number | undefined;
	readonly format: "text" | "json";
}

/** What commander gives. */
export interface GivenShrinkOptions {
	readonly target?: string;
	readonly tries?: number;
	readonly budget?: number;
	readonly jobs?: number;
	readonly format?: "text" | "json";
	readonly config?: string | boolean;
}

export function addShrinkOptions(command: Command): Command {
	return command
		.argument("<run>", "test@seed, as a failure names it")
		.option("-t, --target <target>", "the submission: a file, folder or package, reference, or template")
		.option("--tries <n>", "how many runs to make at most (default: 300)", asArgument(toTries))
		.option("--budget <s>", "real seconds after which it is over (default: 60)", asArgument(toSeconds))
		.option("-j, --jobs <n>", "how many workers (default: the cores)", asArgument(toJobs))
		.addOption(new Option("--format <format>", "text, or json").choices(["text", "json"]))
		.addOption(configOption())
		.option("--no-config", NO_CONFIG)
		.addHelpText("after", SHRINK_HELP);
}

export function toShrinkOptions(run: string, given: GivenShrinkOptions): ShrinkCommandOptions {
	return {
		run,
		target: given.target,
		tries: given.tries,
		budget: given.budget,
		format: given.format ?? "text",
		jobs: given.jobs ?? os.availableParallelism(),
		stepTimeout: undefined,
		timeout: undefined,
		memory: undefined,
		config: toConfig(given.config),
		speed: undefined,
	};
}

const SHRINK_HELP = `
Every decision by chance in a run (a loss, a delay, a pause, an order) has a
default that harms nobody. Finds a small set of them with which the same check
still fails, all others at their defaults, tells what they did, and names the
run that is left: it can be run again like any other.

What is found depends on --tries alone, not on the cores or on how fast they
are; --budget is a safety net, and the answer says if it was needed.

Exit code: 1 the run fails, 0 it passes: there is nothing to shrink, 2 the
command or the target is unusable, 130 interrupted: the best so far is told.`;
