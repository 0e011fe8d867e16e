import { TargetError } from "../harness/index.ts";
import { type CommandLine, readCommandLine } from "./cli.ts";
import { ExitCode } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { readVersion } from "./package-root.ts";
import { untrustedLine } from "./report/untrusted.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The program.
 *
 * @param args - the command line, without node and the script.
 * @returns the process's exit code.
 */
export async function main(args: readonly string[], output: Output): Promise<ExitCode> {
	try {
		const line = readCommandLine(args, readVersion());
		return line === undefined ? ExitCode.passed : await carryOut(line, output);
	} catch (error) {
		if (error instanceof UsageError || error instanceof TargetError) {
			// A config file may have several problems: a line for each.
			for (const line of error.message.split("\n")) output.error(`raft-grade: ${untrustedLine(line)}`);
			return ExitCode.unusable;
		}
		output.error(
			`raft-grade: a fault of raft-grade itself, please report it: ${(error as Error).stack ?? String(error)}`,
		);
		return ExitCode.fault;
	}
}

/** The doctor lets the submission run only where submissions do: in a worker. */
async function runDoctor(target: string | undefined, cwd: string, output: Output): Promise<ExitCode> {
	const [{ doctor }, { tryTarget }] = await Promise.all([
		import("./commands/doctor.ts"),
		import("./grading/try-target.ts"),
	]);
	return doctor({ target, cwd, tryTarget }, output);
}

/** Each command's code is loaded only when it is wanted. */
async function carryOut(line: CommandLine, output: Output): Promise<ExitCode> {
	const cwd = process.cwd();
	switch (line.command) {
		case "grade":
			return (await import("./commands/grade.ts")).grade(line.options, output);
		case "class":
			return (await import("./commands/class.ts")).gradeClassFolder(line.options, output);
		case "worker":
			return (await import("./commands/worker.ts")).workForQueue(line.options, output);
		case "grading-process":
			return (await import("./class/grading-process.ts")).serveGrading();
		case "replay":
			return (await import("./commands/replay.ts")).replay(line.options, output);
		case "shrink":
			return (await import("./commands/shrink.ts")).shrinkRun(line.options, output);
		case "init":
			return (await import("./commands/init.ts")).initProject({ folder: line.folder, cwd }, output);
		case "doctor":
			return runDoctor(line.target, cwd, output);
		case "explain": {
			const { loadPolicy } = await import("./policy/load.ts");
			const policy = await loadPolicy(line.config, cwd);
			return (await import("./commands/explain.ts")).explainTest({ test: line.test, policy }, output);
		}
		case "check-config":
			return (await import("./commands/check-config.ts")).checkConfig({ file: line.file, cwd }, output);
		case "merge":
			return (await import("./commands/merge.ts")).merge({ files: line.files, reporters: line.reporters, cwd }, output);
		case "pack":
			return (await import("./commands/pack.ts")).packGradescope({ ...line.options, cwd }, output);
		case "similar":
			return (await import("./commands/similar.ts")).similar({ ...line.options, cwd }, output);
	}
}
