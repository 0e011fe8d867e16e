import { randomBytes } from "node:crypto";
import os from "node:os";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { parseSeed, type Schedule, type Seed } from "../harness/index.ts";
import type { PackOptions } from "./commands/pack.ts";
import type { SimilarOptions } from "./commands/similar.ts";
import { TOPICS } from "./replay/topics.ts";
import { toSeed } from "./run-name.ts";
import { parseShard, type Shard } from "./shard.ts";
import { UsageError } from "./usage-error.ts";

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

/** Which run to make again, and how to show what happens in it. */
export interface ReplayOptions extends SessionOptions {
	/** test@seed. */
	readonly run: string;
	/** What goes to standard output; undefined: nothing but the verdict, if there is no trace either. */
	readonly view: "logs" | "mermaid" | "json" | "chrome" | undefined;
	/** The page's file; "": one that is named after the run. */
	readonly trace: string | undefined;
	/** Where the view goes instead of standard output. */
	readonly output: string | undefined;
	readonly filter: FilterOptions;
}

/** Which part of a run is shown. */
export interface FilterOptions {
	readonly servers: readonly number[] | undefined;
	readonly topics: readonly string[] | undefined;
	readonly withRepeats: boolean;
	/** Virtual milliseconds. */
	readonly fromMs: number | undefined;
	readonly toMs: number | undefined;
	/** So many virtual milliseconds before and after the failure. */
	readonly aroundMs: number | undefined;
}

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

/** A worker for classes that are graded on many machines, as the command line says. */
export interface WorkerOptions {
	readonly queue: string;
	/** How many submissions at once. */
	readonly jobs: number;
	/** Real seconds. */
	readonly lease: number;
}

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

/** A base seed that nobody chose. It is short: people will type it. */
export function drawSeed(): Seed {
	return parseSeed(randomBytes(4).toString("hex"));
}

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
		.configureHelp({ showGlobalOptions: false })
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
		(run: string, given: GivenReplayOptions) => choose({ command: "replay", options: toReplayOptions(run, given) }),
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
		.argument("<submissions...>", "a folder with a folder, or a module, of each student's")
		.option("-o, --output <folder>", "where similar.html and similar.csv go (default: similarity)")
		.option("--template <place>", "what students began with (default: the template that comes along)")
		.action((folders: string[], { output = "similarity", template }: { output?: string; template?: string }) => {
			choose({ command: "similar", options: { folders, output, template } });
		});
	return program;
}

type GivenPackOptions = Partial<Omit<PackOptions, "words" | "cwd" | "config">> & {
	readonly config?: string | boolean;
};

function addPackOptions(program: Command): Command {
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

/** What commander gives. */
type GivenOptions = Partial<Omit<GradeOptions, "words" | "reporters" | "config">> & {
	readonly reporter?: readonly string[];
	readonly config?: string | boolean;
	readonly clock?: "virtual" | "real";
};

const NO_CONFIG = "no policy, not even one that lies in this folder";

function addGradeOptions(program: Command): Command {
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

/** What commander gives to `class`. */
type GivenClassOptions = Partial<Omit<ClassOptions, "submissions" | "words" | "config">> & {
	readonly config?: string | boolean;
};

function addClassOptions(command: Command): Command {
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
		.option("--step-timeout <s>", "real seconds for code that does not give way (default: 5)", asArgument(toSeconds))
		.option("--timeout <s>", "real seconds for one run (default: 120)", asArgument(toSeconds))
		.option("--memory <MB>", "heap of a worker (default: 1024)", asArgument(toMegabytes))
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

type GivenWorkerOptions = Pick<WorkerOptions, "queue"> & Partial<WorkerOptions>;

const USUAL_LEASE_S = 30;
/** With a queue; --jobs says otherwise. More than there are workers, or some have nothing to do. */
const USUALLY_QUEUED = 128;

function addWorkerOptions(command: Command): Command {
	return command
		.summary("grade for a class that is graded on many machines")
		.description("Takes submissions from a queue and grades them, until Ctrl-C.")
		.requiredOption("--queue <address>", "the Redis that raft-grade class --queue has")
		.option("-j, --jobs <n>", "how many submissions at once (default: the cores)", asArgument(toJobs))
		.option(
			"--lease <s>",
			`others take over if it is silent for so many seconds (default: ${USUAL_LEASE_S})`,
			asArgument(toSeconds),
		)
		.addHelpText("after", WORKER_HELP);
}

const WORKER_HELP = `
The address: redis://[user:password@]host[:port][/database], or rediss:// with
TLS. The password may be in RAFT_GRADE_QUEUE_PASSWORD instead. Whoever can write
to that Redis can have code run here: docs/queue.md.

Exit code: 130 stopped with Ctrl-C, 2 the command is unusable or there is no
such Redis, 3 a fault of raft-grade itself.`;

function toClassOptions(submissions: string, words: readonly string[], given: GivenClassOptions): ClassOptions {
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

function addReplayOptions(command: Command): Command {
	return command
		.argument("<run>", "test@seed, as a failure names it")
		.option("-t, --target <target>", "the submission: a file, folder or package, reference, or template")
		.optionsGroup("Views:")
		.option("--logs", "a column for each server, in a pager")
		.option("--trace [=file]", "a page that shows the run as a diagram: one HTML file")
		.option("--mermaid", "a sequence diagram of a part of the run")
		.addOption(new Option("--format <format>", "all events: json, or chrome for Perfetto").choices(["json", "chrome"]))
		.option("-o, --output <file>", "where the view goes instead of standard output")
		.optionsGroup("Which part of the run:")
		.option("--around [=ms]", "only so long before and after the failure (default: 500)")
		.option("--from <time>", "from here on: virtual ms (1500) or s (1.5s)", asArgument(toVirtualMs))
		.option("--to <time>", "up to here", asArgument(toVirtualMs))
		.option("--servers <list>", "only these servers: 0,2", asArgument(toServers))
		.option("--topics <list>", `only these: ${TOPICS.join(", ")}, or topics of debug lines`, asArgument(toWords))
		.option("--no-heartbeats", "without calls that repeat what their caller has said before")
		.optionsGroup("Limits and policy:")
		.addOption(stepTimeoutOption())
		.addOption(timeoutOption())
		.addOption(memoryOption())
		.addOption(configOption())
		.option("--no-config", NO_CONFIG)
		.optionsGroup("Help:")
		.addHelpText("after", REPLAY_HELP);
}

/** What commander gives. */
interface GivenReplayOptions {
	readonly target?: string;
	readonly logs?: boolean;
	readonly trace?: string;
	readonly mermaid?: boolean;
	readonly format?: "json" | "chrome";
	readonly output?: string;
	readonly around?: string;
	readonly from?: number;
	readonly to?: number;
	readonly servers?: readonly number[];
	readonly topics?: readonly string[];
	readonly heartbeats: boolean;
	readonly stepTimeout?: number;
	readonly timeout?: number;
	readonly memory?: number;
	readonly config?: string | boolean;
}

function toReplayOptions(run: string, given: GivenReplayOptions): ReplayOptions {
	const { logs, mermaid, format, output, from, to, around } = given;
	const views = {
		"--logs": logs === true,
		"--mermaid": mermaid === true,
		[`--format ${format}`]: format !== undefined,
	};
	const [first, second] = Object.entries(views).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
	if (first !== undefined && second !== undefined) {
		throw new UsageError(`${first} and ${second} exclude each other: give one of them`);
	}
	if (output !== undefined && first === undefined) {
		throw new UsageError("--output takes a view: give --logs, --mermaid or --format; --trace=file names its own file");
	}
	if (around !== undefined && (from !== undefined || to !== undefined)) {
		throw new UsageError(`--around and --${from === undefined ? "to" : "from"} exclude each other: give one of them`);
	}
	if (from !== undefined && to !== undefined && from > to) {
		throw new UsageError(`--from ${from} ms is after --to ${to} ms: nothing lies between`);
	}
	return {
		run,
		view: logs === true ? "logs" : mermaid === true ? "mermaid" : format,
		trace: given.trace,
		output,
		filter: {
			servers: given.servers,
			topics: given.topics,
			withRepeats: given.heartbeats,
			fromMs: from,
			toMs: to,
			aroundMs:
				around === undefined ? undefined : around === "" ? AROUND_MS : asOption("--around", toVirtualMs)(around),
		},
		target: given.target,
		jobs: 1,
		stepTimeout: given.stepTimeout,
		timeout: given.timeout,
		memory: given.memory,
		config: toConfig(given.config),
		speed: undefined,
	};
}

function addShrinkOptions(command: Command): Command {
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

/** What commander gives. */
interface GivenShrinkOptions {
	readonly target?: string;
	readonly tries?: number;
	readonly budget?: number;
	readonly jobs?: number;
	readonly format?: "text" | "json";
	readonly config?: string | boolean;
}

function toShrinkOptions(run: string, given: GivenShrinkOptions): ShrinkCommandOptions {
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

const AROUND_MS = 500;

/** Options whose value is optional, and must stand behind an equals sign: else `--trace 2A` would take 2A for a file. */
const OPTIONAL_VALUES: ReadonlySet<string> = new Set(["--trace", "--around"]);

function withoutGreed(args: readonly string[]): string[] {
	// There, --trace takes no value.
	if (args[0] === "class") return [...args];
	const end = args.indexOf("--");
	return args.map((arg, i) => (OPTIONAL_VALUES.has(arg) && (end < 0 || i < end) ? `${arg}=` : arg));
}

function stepTimeoutOption(): Option {
	const about = "real seconds for code that does not give way (default: 5)";
	return new Option("--step-timeout <s>", about).argParser(asArgument(toSeconds));
}

function timeoutOption(): Option {
	return new Option("--timeout <s>", "real seconds for one run (default: 120)").argParser(asArgument(toSeconds));
}

function memoryOption(): Option {
	return new Option("--memory <MB>", "heap of a worker (default: 1024)").argParser(asArgument(toMegabytes));
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

function reporterOption(): Option {
	return new Option(
		"--reporter <name[=path]>",
		"table, spec, json, junit, tap, gradescope, github, markdown; may be given several times",
	).argParser((value: string, given: readonly string[] = []) => [...given, value]);
}

function configOption(): Option {
	return new Option("--config <file>", "a policy (default: raft-grade.config.ts or .json here)");
}

function toGradeOptions(words: readonly string[], given: GivenOptions): GradeOptions {
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

/** Commander says true when there is a --no-config that was not given. */
function toConfig(config: string | boolean | undefined): string | false | undefined {
	return config === true ? undefined : config;
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
Without --target: package.json's raftGrade.target, else src/raft.ts, else raft.ts.

Examples:
  raft-grade 2A                        the tests of part 2A
  raft-grade 2B --race-repeat 50       fifty schedules of each test: timers late,
                                       messages slow, machines pausing
  raft-grade Figure8@90c67a1b5d3e2f48  that very run again
  raft-grade 2B --watch                again whenever you save
  raft-grade Backup --speed 1          watch it live

Exit code: 0 passed, 1 a test failed, 2 the command or the target is unusable,
3 a fault of raft-grade itself, 130 interrupted.`;

const REPLAY_HELP = `
Without a view: the verdict, as raft-grade <run> gives it.

Examples:
  raft-grade replay Backup@7 --trace           the page; open it in a browser
  raft-grade replay Backup@7 --logs --around   the last moments, side by side
  raft-grade replay Backup@7 --format chrome -o run.json
                                               for https://ui.perfetto.dev

Exit code: 0 the run passed, 1 it failed, otherwise as raft-grade's.`;

/** The same for an option that commander does not read itself. */
function asOption<Value>(name: string, read: (text: string) => Value): (text: string) => Value {
	return (text) => {
		try {
			return read(text);
		} catch (error) {
			throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`) : error;
		}
	};
}

/** Virtual time: 1500, 1500ms or 1.5s. */
function toVirtualMs(text: string): number {
	const [, figure, unit] = /^(\d+(?:\.\d+)?) ?(ms|s)?$/.exec(text.trim()) ?? [];
	if (figure === undefined) throw new UsageError(`"${text}" is not a time: give milliseconds (1500) or seconds (1.5s)`);
	return Number(figure) * (unit === "s" ? 1000 : 1);
}

function toServers(text: string): readonly number[] {
	return toWords(text).map((word) => {
		const [, server] = /^S?(\d{1,3})$/i.exec(word) ?? [];
		if (server === undefined) throw new UsageError(`"${word}" is not a server: give numbers, as in 0,2`);
		return Number(server);
	});
}

function toWords(text: string): readonly string[] {
	const words = text.split(/[\s,]+/).filter((word) => word !== "");
	if (words.length === 0) throw new UsageError("the list is empty");
	return words;
}

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
	return toWhole(text, "a number of schedules");
}

function toTries(text: string): number {
	return toWhole(text, "a number of runs");
}

function toJobs(text: string): number {
	return toWhole(text, "a number of workers");
}

function toFileCount(text: string): number {
	return toWhole(text, "a number of files");
}

function toSize(text: string): number {
	return toWhole(text, "a size in MB");
}

function toWhole(text: string, what: string): number {
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= 1) return count;
	throw new UsageError(`"${text}" is not ${what}: give a whole number from 1 on`);
}

function toMegabytes(text: string): number {
	const megabytes = Number(text);
	if (Number.isSafeInteger(megabytes) && megabytes >= 64) return megabytes;
	throw new UsageError(`"${text}" is not an amount of memory: give whole megabytes from 64 on`);
}

function toSeconds(text: string): number {
	return toPositive(text, "a number of seconds");
}

function toMinutes(text: string): number {
	return toPositive(text, "a number of minutes");
}

function toSpeed(text: string): number {
	return toPositive(text, "a speed");
}

function toPositive(text: string, what: string): number {
	const value = Number(text);
	if (value > 0 && Number.isFinite(value)) return value;
	throw new UsageError(`"${text}" is not ${what}: give a positive number, such as 1 or 10`);
}
