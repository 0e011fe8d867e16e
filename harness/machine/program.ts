import path from "node:path";
import vm from "node:vm";
import { type Bundle, bundleRuntime, bundleSubmission, globalsOf, type SourceEdit } from "./bundle.ts";
import { tuneCompiler } from "./compiler-flags.ts";
import { StackMapper } from "./stack.ts";
import { TargetError } from "./target-error.ts";

/**
 * A submission, compiled once and ready to run in any number of machines.
 */
export interface Program {
	/** The submission's main module, as an absolute path. */
	readonly file: string;
	/** The files it consists of, as absolute paths. */
	readonly inputs: readonly string[];
	/** The runtime that goes into a realm first; its value is the runtime's exports. */
	readonly runtime: vm.Script;
	/** The submission; its value is a function of (module, exports, require, …globals). */
	readonly submission: vm.Script;
	/** The globals that the submission takes as parameters, joined by commas. */
	readonly globals: string;
	/** Translates its stack traces. */
	readonly stack: StackMapper;
}

tuneCompiler();

const SCRIPT_NAME = "raft-grade:submission";

let runtime: Promise<vm.Script> | undefined;

/**
 * Compiles a submission.
 *
 * @param file - its main module.
 * @param edits - changes to make to its sources first.
 * @throws TargetError if it does not compile, or imports what a machine hasn't got.
 * @throws RangeError if an edit does not fit.
 */
export async function loadProgram(file: string, edits: readonly SourceEdit[] = []): Promise<Program> {
	const absolute = path.resolve(file);
	runtime ??= bundleRuntime().then((code) => new vm.Script(code, { filename: "raft-grade:runtime" }));
	const [runtimeScript, bundle] = await Promise.all([runtime, bundleSubmission(absolute, edits)]);
	return toProgram(absolute, runtimeScript, bundle);
}

function toProgram(file: string, runtimeScript: vm.Script, bundle: Bundle): Program {
	const stack = new StackMapper(bundle.sourceMap, path.dirname(file), SCRIPT_NAME);
	return {
		file,
		inputs: bundle.inputs,
		runtime: runtimeScript,
		submission: compile(bundle.code, stack),
		globals: globalsOf(bundle.code).join(","),
		stack,
	};
}

/** Compiles the bundle: what the bundler lets pass can still be wrong in strict mode, in which all of a machine's code runs. */
function compile(code: string, stack: StackMapper): vm.Script {
	try {
		return new vm.Script(code, { filename: SCRIPT_NAME });
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		const [first = ""] = (error.stack ?? "").split("\n");
		const [place] = stack.places(`    at ${first}:1`);
		const where = place === undefined ? "" : `${path.relative(process.cwd(), place.file)}:${place.line}: `;
		throw new TargetError(`${where}${error.message}`);
	}
}
