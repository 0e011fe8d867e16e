import os from "node:os";
import { Command, CommanderError } from "commander";
import { addClassOptions, type ClassOptions, type GivenClassOptions, toClassOptions } from "./cli/class.ts";
import { addGradeOptions, type GivenOptions, type GradeOptions, toGradeOptions } from "./cli/grade.ts";
import { withoutGreed } from "./cli/optional-values.ts";
import { addPackOptions, type GivenPackOptions } from "./cli/pack.ts";
import { addReplayOptions, type GivenReplayOptions, type ReplayOptions, toReplayOptions } from "./cli/replay.ts";
import { configOption, NO_CONFIG, reporterOption, toConfig } from "./cli/shared-options.ts";
import { addShrinkOptions, type GivenShrinkOptions, type ShrinkCommandOptions, toShrinkOptions } from "./cli/shrink.ts";
import { addWorkerOptions, type GivenWorkerOptions, USUAL_LEASE_S, type WorkerOptions } from "./cli/worker.ts";
import type { PackOptions } from "./commands/pack.ts";
import type { SimilarOptions } from "./commands/similar.ts";
import { UsageError } from "./usage-error.ts";

/** The command line, read and checked. */
export type CommandLine =
	| { readonly command: "grade"; readonly options: GradeOptions }
	| { readonly command: "class"; readonly options: ClassOptions }
	| { readonly command: "worker"; readonly options: WorkerOptions }
	/** Not for people: what `class` starts. */
	| { readonly command: "grading-process" }
	| { readonly command: "replay"; readonly options: ReplayOptions }
	| { readonly command: "shrink"; readonly options: ShrinkCommandOptions }
	| { readonly command: "init"; readonly folder: string }
	| { readonly command: "doctor"; readonly target: string | undefined }
	| {
			readonly command: "explain";
			readonly test: string | undefined;
			readonly config: string | false | undefined;
	  }
	| { readonly command: "check-config"; readonly file: string | undefined }
	| { readonly command: "merge"; readonly files: readonly string[]; readonly reporters: readonly string[] }
	| { readonly command: "pack"; readonly options: Omit<PackOptions, "cwd"> }
	| { readonly command: "similar"; readonly options: Omit<SimilarOptions, "cwd"> };

/**
 * Reads the command line.
 *
 * @returns what to do, or undefined when all there was to do was to print help or the version.
 * @throws UsageError for an unknown option or a value that isn't one.
 */
export function readCommandLine(args: readonly string[], version: string): CommandLine | undefined {
	let chosen: CommandLine | undefined;
	const command = build(version, (line) => {
		chosen = line;
	});
	try {
		command.parse(withoutGreed(args), { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return undefined;
		throw new UsageError(error.message.replace(/^error: /, "").replaceAll("\n", " "));
	}
	return chosen;
}

function build(version: string, choose: (line: CommandLine) => void): Command {
	const program = new Command("raft-grade")
		.description("Runs the Raft lab's tests against a submission, in a deterministic simulation.")
		.version(version, "-V, --version")
		.helpCommand(false)
		.enablePositionalOptions()
		.configureHelp({ showGlobalOptions: false, minWidthToWrap: 20 })
		.configureOutput({ outputError: () => {} })
		.exitOverride();
	addGradeOptions(program).action((words: string[], given: GivenOptions) => {
		choose({ command: "grade", options: toGradeOptions(words, given) });
	});
	addClassOptions(program.command("class")).action((submissions: string, words: string[], given: GivenClassOptions) => {
		choose({ command: "class", options: toClassOptions(submissions, words, given) });
	});
	addWorkerOptions(program.command("worker")).action(({ queue, jobs, lease }: GivenWorkerOptions) => {
		choose({
			command: "worker",
			options: { queue, jobs: jobs ?? os.availableParallelism(), lease: lease ?? USUAL_LEASE_S },
		});
	});
	program.command("grading-process", { hidden: true }).action(() => choose({ command: "grading-process" }));
	addReplayOptions(program.command("replay").summary("show what happened in a run: logs, a page, a diagram")).action(
		(run: string, given: GivenReplayOptions) => {
			const options = toReplayOptions(run, given);
			const { view, trace, target, stepTimeout, timeout, memory, config } = options;
			if (view !== undefined || trace !== undefined) choose({ command: "replay", options });
			else {
				// Nothing is to be shown but what came of it: that is what a grading of this one run says.
				const grading = toGradeOptions([], { replay: run, target, stepTimeout, timeout, memory });
				choose({ command: "grade", options: { ...grading, config } });
			}
		},
	);
	addShrinkOptions(program.command("shrink").summary("find the few chance decisions that made a run fail")).action(
		(run: string, given: GivenShrinkOptions) => choose({ command: "shrink", options: toShrinkOptions(run, given) }),
	);
	program
		.command("init")
		.summary("lay down what a student starts from")
		.argument("<folder>", "a new folder, or . for this one")
		.action((folder: string) => choose({ command: "init", folder }));
	program
		.command("doctor")
		.summary("say what is wrong with a set-up")
		.option("-t, --target <target>", "the submission")
		.action(({ target }: GivenOptions) => choose({ command: "doctor", target }));
	program
		.command("explain")
		.summary("tell a test's story, and why submissions usually fail it")
		.argument("[test]", "a test, or the name of a check")
		.addOption(configOption())
		.option("--no-config", NO_CONFIG)
		.action((test: string | undefined, { config }: GivenOptions) => {
			choose({ command: "explain", test, config: toConfig(config) });
		});
	program
		.command("check-config")
		.summary("read a policy, and say what it means")
		.argument("[file]", "raft-grade.config.ts or .json (default: the one in this folder)")
		.action((file: string | undefined) => choose({ command: "check-config", file }));
	program
		.command("merge")
		.summary("put the JSON reports of all shards together")
		.argument("<reports...>", "JSON reports")
		.addOption(reporterOption())
		.action((files: string[], { reporter }: GivenOptions) => {
			choose({ command: "merge", files, reporters: reporter ?? [] });
		});
	addPackOptions(program.command("pack")).action((_platform: string, words: string[], given: GivenPackOptions) => {
		const { output = "autograder.zip", raceRepeat, seed, jobs = 2, minutes = 9 } = given;
		const config = toConfig(given.config);
		choose({ command: "pack", options: { words, output, config, raceRepeat, seed, jobs, minutes } });
	});
	program
		.command("similar")
		.summary("find submissions that are alike beyond chance")
		.argument("<submissions...>", "a folder of submissions, as raft-grade class takes it")
		.option("-o, --output <folder>", "where similar.html and similar.csv go (default: similarity)")
		.option("--template <place>", "what students began with (default: the template that comes along)")
		.action((folders: string[], { output = "similarity", template }: { output?: string; template?: string }) => {
			choose({ command: "similar", options: { folders, output, template } });
		});
	return program;
}
