import os from "node:os";
import { type Command, Option } from "commander";
import { toSeed } from "../run-name.ts";
import type { GradeOptions } from "./grade.ts";
import { configOption, memoryOption, NO_CONFIG, stepTimeoutOption, timeoutOption, toConfig } from "./shared-options.ts";
import { asArgument, toCount, toFileCount, toJobs, toSize } from "./values.ts";

/** A class to grade and how, as the command line says. */
export interface ClassOptions
	extends Pick<GradeOptions, "words" | "seed" | "schedule" | "raceRepeat" | "jobs" | "config">,
		Pick<GradeOptions, "stepTimeout" | "timeout" | "memory"> {
	/** A folder, or a list of repositories. */
	readonly submissions: string;
	/** The folder for the results. */
	readonly output: string;
	/** Where in each submission the main module lies; undefined: as the policy says, else where submissions say. */
	readonly target: string | undefined;
	/** A branch, tag, commit or date, if submissions are repositories. */
	readonly at: string | undefined;
	/** A table of those who are in the class. */
	readonly roster: string | undefined;
	/** For which program grades.csv is; undefined: for the one that the submissions come from. */
	readonly gradebook: "canvas" | "gradescope" | "plain" | undefined;
	readonly assignment: string;
	readonly allowDependencies: boolean;
	readonly regrade: boolean;
	/** Where workers on other machines listen; undefined: graded on this one. */
	readonly queue: string | undefined;
	/** Whether a page is made of each student's first failure. */
	readonly trace: boolean;
	/** Whether submissions are compared with each other. */
	readonly similar: boolean;
	readonly maxFiles: number | undefined;
	/** MB. */
	readonly maxSize: number | undefined;
}

/** What commander gives to `class`. */
export type GivenClassOptions = Partial<Omit<ClassOptions, "submissions" | "words" | "config">> & {
	readonly config?: string | boolean;
};

export function addClassOptions(command: Command): Command {
	return command
		.summary("grade a class: a gradebook, feedback for each student, a page about all")
		.description("Grades all submissions of a class. Run again, it goes on where it was.")
		.argument("<submissions>", "a folder of folders, archives or modules; or a list of repositories")
		.argument("[what...]", "parts and tests (default: all that the policy has)")
		.option("-o, --output <folder>", "where the results go (default: class-results)")
		.optionsGroup("Submissions:")
		.option("-t, --target <file>", "the main module, within each submission (default: found)")
		.option("--at <ref>", "submissions are repositories: a branch, tag, commit or date")
		.option("--roster <csv>", "who is in the class: names, numbers, sections")
		.option("--allow-dependencies", "install the plain JavaScript packages of a lockfile")
		.option("--max-files <n>", "files in a submission (default: 2000)", asArgument(toFileCount))
		.option("--max-size <MB>", "all files of a submission (default: 32)", asArgument(toSize))
		.option("--trace", "a page that shows each student's first failure")
		.option("--similar", "compare them, for staff: who is alike beyond chance")
		.option("--regrade", "grade again what has been graded")
		.optionsGroup("Which schedules:")
		.option("-r, --race-repeat <n>", "n schedules of each test", asArgument(toCount))
		.option("-s, --seed <seed>", "the same for all (default: drawn once, and kept)", asArgument(toSeed))
		.addOption(new Option("--schedule <name>", "calm, or race").choices(["calm", "race"]))
		.optionsGroup("Workers and their limits:")
		.option("-j, --jobs <n>", "how many submissions at once (default: the cores)", asArgument(toJobs))
		.option("--queue <address>", "have them graded by raft-grade worker on any machine")
		.addOption(stepTimeoutOption())
		.addOption(timeoutOption())
		.addOption(memoryOption())
		.optionsGroup("Gradebook and policy:")
		.addOption(
			new Option("--gradebook <format>", "for whom grades.csv is (default: where submissions come from)").choices([
				"canvas",
				"gradescope",
				"plain",
			]),
		)
		.option("--assignment <name>", "its name in the gradebook (default: Raft)")
		.addOption(configOption())
		.option("--no-config", NO_CONFIG)
		.optionsGroup("Help:")
		.addHelpText("after", CLASS_HELP);
}

export function toClassOptions(submissions: string, words: readonly string[], given: GivenClassOptions): ClassOptions {
	return {
		submissions,
		words,
		output: given.output ?? "class-results",
		target: given.target,
		at: given.at,
		roster: given.roster,
		gradebook: given.gradebook,
		assignment: given.assignment ?? "Raft",
		allowDependencies: given.allowDependencies === true,
		regrade: given.regrade === true,
		queue: given.queue,
		trace: given.trace === true,
		similar: given.similar === true,
		maxFiles: given.maxFiles,
		maxSize: given.maxSize,
		seed: given.seed,
		schedule: given.schedule,
		raceRepeat: given.raceRepeat,
		jobs: given.jobs ?? (given.queue === undefined ? os.availableParallelism() : USUALLY_QUEUED),
		stepTimeout: given.stepTimeout,
		timeout: given.timeout,
		memory: given.memory,
		config: toConfig(given.config),
	};
}

/** With a queue; --jobs says otherwise. More than there are workers, or some have nothing to do. */
const USUALLY_QUEUED = 128;

const CLASS_HELP = `
The results: grades.csv, class.html, feedback/ for students, results/ for staff.
--trace puts pages into feedback/ (and of hidden tests into traces/, for staff);
--similar writes similar.html and similar.csv, for staff.

Examples:
  raft-grade class submissions --race-repeat 20 --roster gradebook.csv
  raft-grade class repos.csv --at 2026-11-20      student,repository lines
  raft-grade class submissions --config raft-grade.config.ts -o lab2
  raft-grade class submissions --queue rediss://redis.example.edu

Exit code: 0 all graded, whatever their grades; 2 the command is unusable,
3 a fault of raft-grade itself, 130 interrupted: run it again to go on.`;
