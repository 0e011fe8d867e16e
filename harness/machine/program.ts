import { createHash } from "node:crypto";
import path from "node:path";
import vm from "node:vm";
import { bundleRuntime, bundleSubmission, globalsOf, type SourceEdit } from "./bundle.ts";
import { tuneCompiler } from "./compiler-flags.ts";
import { endlessSite } from "./hangs/endless-site.ts";
import { type Site, slotsFor } from "./hangs/site.ts";
import { StackMapper } from "./stack.ts";
import { TargetError } from "./target-error.ts";

/** A submission, bundled: plain text, which can be handed to another process to be compiled and run there. */
export interface ProgramSource {
	/** The submission's main module, as an absolute path. */
	readonly file: string;
	/** The files it consists of, as absolute paths. */
	readonly inputs: readonly string[];
	/** The script of the runtime that goes into a realm first. */
	readonly runtime: string;
	/** The script of the submission. */
	readonly code: string;
	/** The submission's source map, as JSON. */
	readonly sourceMap: string;
	/** SHA-256 of what the submission does: its script. */
	readonly hash: string;
	/** Present if the script counts how often it goes round its loops; it is then a function of the counters. */
	readonly sites?: readonly Site[] | undefined;
}

/**
 * A submission, compiled once and ready to run in any number of machines.
 */
export interface Program {
	/** The submission's main module, as an absolute path. */
	readonly file: string;
	/** The runtime that goes into a realm first; its value is the runtime's exports. */
	readonly runtime: vm.Script;
	/** The submission; its value is a function of (module, exports, require, …globals). */
	readonly submission: vm.Script;
	/** The globals that the submission takes as parameters, joined by commas. */
	readonly globals: string;
	/** Translates its stack traces. */
	readonly stack: StackMapper;
	/** Present if it counts how often it goes round its loops, so that one that never ends can be found. */
	readonly loops: LoopCounts | undefined;
}

/** How to read the counters of a program that has some. */
export interface LoopCounts {
	/** How many numbers they are. */
	readonly slots: number;
	/** Where it hangs, told as a line of a stack trace; undefined if that cannot be said. */
	endless(counts: ArrayLike<number>): string | undefined;
}

tuneCompiler();

const SCRIPT_NAME = "raft-grade:submission";

/**
 * Bundles a submission.
 *
 * @param file - its main module.
 * @param edits - changes to make to its sources first.
 * @param root - the folder whose files it may import; by default that of its package.
 * @throws TargetError if it does not compile, or imports what a machine hasn't got.
 * @throws RangeError if an edit does not fit.
 */
export async function bundleProgram(
	file: string,
	edits: readonly SourceEdit[] = [],
	root?: string,
): Promise<ProgramSource> {
	const absolute = path.resolve(file);
	runtime ??= bundleRuntime();
	const [runtimeCode, { code, sourceMap, inputs }] = await Promise.all([
		runtime,
		bundleSubmission(absolute, edits, root),
	]);
	const hash = createHash("sha256").update(code).digest("hex");
	return { file: absolute, inputs, runtime: runtimeCode, code, sourceMap, hash };
}

let runtime: Promise<string> | undefined;

/**
 * Compiles a bundled submission.
 *
 * @throws TargetError if it does not compile in strict mode.
 */
export function compileProgram({ file, runtime, code, sourceMap, sites }: ProgramSource): Program {
	const stack = new StackMapper(sourceMap, path.dirname(file), SCRIPT_NAME);
	if (compiledRuntime?.code !== runtime) {
		compiledRuntime = { code: runtime, script: new vm.Script(runtime, { filename: "raft-grade:runtime" }) };
	}
	return {
		file,
		runtime: compiledRuntime.script,
		submission: compile(code, stack),
		globals: globalsOf(code).join(","),
		stack,
		loops: sites && { slots: slotsFor(sites), endless: (counts) => describeSite(endlessSite(counts, sites)) },
	};
}

/** A place in the script, as a stack trace tells it. */
function describeSite(site: Site | undefined): string | undefined {
	return site && `    at ${site.functionName} (${SCRIPT_NAME}:${site.line}:${site.column})`;
}

let compiledRuntime: { readonly code: string; readonly script: vm.Script } | undefined;

/** The same program, with counters by which a step that hangs can be located. As it is, if no counters can be put into it. */
export async function withLoopCounts(source: ProgramSource): Promise<ProgramSource> {
	// The parser is loaded only when there is something to locate.
	const { countLoops } = await import("./hangs/count-loops.ts");
	return { ...source, ...countLoops(source.code) };
}

/** Bundles and compiles a submission: {@link bundleProgram}, then {@link compileProgram}. */
export async function loadProgram(file: string, edits: readonly SourceEdit[] = []): Promise<Program> {
	return compileProgram(await bundleProgram(file, edits));
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
