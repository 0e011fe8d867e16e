import { Option } from "commander";
import { asArgument, toMegabytes, toSeconds } from "./values.ts";

/** What to run, and within which limits. */
export interface SessionOptions {
	readonly target: string | undefined;
	/** How many workers. */
	readonly jobs: number;
	/** Real seconds; undefined: the policy's limit, else the usual one. */
	readonly stepTimeout: number | undefined;
	/** Real seconds; undefined: the policy's limit, else the usual one. */
	readonly timeout: number | undefined;
	/** MB; undefined: the policy's limit, else the usual one. */
	readonly memory: number | undefined;
	/** A policy's file; false: none, not even one that lies here; undefined: one that lies here, if there is one. */
	readonly config: string | false | undefined;
	/** Virtual seconds in a real one, for watching a run live; undefined: as fast as it goes. */
	readonly speed: number | undefined;
}

/** What --no-config is for. */
export const NO_CONFIG = "no policy, not even one that lies in this folder";

/** --config, which policy holds. */
export function configOption(): Option {
	return new Option("--config <file>", "a policy (default: raft-grade.config.ts or .json here)");
}

/** Commander says true when there is a --no-config that was not given. */
export function toConfig(config: string | boolean | undefined): string | false | undefined {
	return config === true ? undefined : config;
}

/** --reporter, which may be given several times. */
export function reporterOption(): Option {
	return new Option(
		"--reporter <name[=path]>",
		"table, spec, json, junit, tap, gradescope, github, markdown; may be given several times",
	).argParser((value: string, given: readonly string[] = []) => [...given, value]);
}

/** --step-timeout, in real seconds. */
export function stepTimeoutOption(): Option {
	const about = "real seconds for code that does not give way (default: 5)";
	return new Option("--step-timeout <s>", about).argParser(asArgument(toSeconds));
}

/** --timeout, in real seconds. */
export function timeoutOption(): Option {
	return new Option("--timeout <s>", "real seconds for one run (default: 120)").argParser(asArgument(toSeconds));
}

/** --memory, in MB. */
export function memoryOption(): Option {
	return new Option("--memory <MB>", "heap of a worker (default: 1024)").argParser(asArgument(toMegabytes));
}
