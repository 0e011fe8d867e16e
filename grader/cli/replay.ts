import { type Command, Option } from "commander";
import { TOPICS } from "../replay/topics.ts";
import { UsageError } from "../usage-error.ts";
import {
	configOption,
	memoryOption,
	NO_CONFIG,
	type SessionOptions,
	stepTimeoutOption,
	timeoutOption,
	toConfig,
} from "./shared-options.ts";
import { asArgument, asOption, toServers, toVirtualMs, toWords } from "./values.ts";

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

/** What commander gives. */
export interface GivenReplayOptions {
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

export function addReplayOptions(command: Command): Command {
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

export function toReplayOptions(run: string, given: GivenReplayOptions): ReplayOptions {
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

const AROUND_MS = 500;

const REPLAY_HELP = `
Without a view: the verdict, as raft-grade <run> gives it.

Examples:
  raft-grade replay Backup@7 --trace           the page; open it in a browser
  raft-grade replay Backup@7 --logs --around   the last moments, side by side
  raft-grade replay Backup@7 --format chrome -o run.json
                                               for https://ui.perfetto.dev

Exit code: 0 the run passed, 1 it failed, otherwise as raft-grade's.`;
