import { Argument, type Command } from "commander";
import type { PackOptions } from "../commands/pack.ts";
import { toSeed } from "../run-name.ts";
import { configOption, NO_CONFIG } from "./shared-options.ts";
import { asArgument, toCount, toJobs, toMinutes } from "./values.ts";

export type GivenPackOptions = Partial<Omit<PackOptions, "words" | "cwd" | "config">> & {
	readonly config?: string | boolean;
};

export function addPackOptions(program: Command): Command {
	return program
		.summary("make the autograder that a course uploads to Gradescope")
		.addArgument(new Argument("<platform>", "gradescope").choices(["gradescope"]))
		.argument("[what...]", "parts and tests (default: all that the policy grades)")
		.option("-o, --output <file>", "the archive (default: autograder.zip)")
		.option("-r, --race-repeat <n>", "n schedules of each test", asArgument(toCount))
		.option("-s, --seed <seed>", "of every grading (default: the policy's, or drawn now)", asArgument(toSeed))
		.option("-j, --jobs <n>", "how many workers (default: 2)", asArgument(toJobs))
		.option("--minutes <n>", "a grading is stopped after so long (default: 9)", asArgument(toMinutes))
		.addOption(configOption())
		.option("--no-config", NO_CONFIG);
}
