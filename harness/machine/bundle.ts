import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type * as esbuild from "esbuild";
import { oneLine } from "../printable.ts";
import { ownFiles, packageFolder, refuseEndlessFiles } from "./own-files.ts";
import { AVAILABLE_MODULES } from "./realm/node/available.ts";
import { TargetError } from "./target-error.ts";

/** One script made of a module and all it imports. */
export interface Bundle {
	/** The text of a script whose value is a function. */
	readonly code: string;
	/** The source map, version 3, as JSON. */
	readonly sourceMap: string;
	/** The files that went into it, as absolute paths. */
	readonly inputs: readonly string[];
}

/**
 * The globals that scripts in a realm get as parameters: looking one up on the global object of a realm is slow (on
 * Node 20 some 50 times slower than a local), and hot code does it all the time.
 */
const PARAMETER_NAMES = (
	"Array ArrayBuffer BigInt Boolean DataView Date Error Float64Array Infinity JSON Map Math NaN Number Object Promise " +
	"Proxy RangeError Reflect RegExp Set String Symbol TypeError Uint8Array Uint16Array Uint32Array WeakMap WeakSet " +
	"isFinite isNaN parseFloat parseInt undefined " +
	"AbortController AbortSignal Buffer Event EventTarget TextDecoder TextEncoder clearImmediate clearInterval clearTimeout " +
	"console performance process queueMicrotask setImmediate setInterval setTimeout structuredClone"
).split(" ");

/** What comes before and after a bundle's code; the code begins on a line of its own, {@link CODE_FIRST_LINE}. */
function wrap(parameters: readonly string[], code: string): string {
	return `(function(${parameters.join(",")}){"use strict";\n${code}\n})`;
}

/** The line of a script on which the bundle's code begins, counted from 0. */
export const CODE_FIRST_LINE = 1;

/** The bundler is loaded when there is something to bundle: a process that only runs what has been bundled hasn't got it. */
function bundler(): Promise<typeof esbuild> {
	return import("esbuild");
}

/** Bundles the runtime that goes into every realm. The script's value is what the runtime exposes. */
export async function bundleRuntime(): Promise<string> {
	const built = new URL("./runtime.bundle.js", import.meta.url);
	if (existsSync(built)) return readFile(built, "utf8");
	const { build } = await bundler();
	const entry = fileURLToPath(new URL("./realm/runtime.ts", import.meta.url));
	const { outputFiles } = await build({
		...COMMON,
		tsconfigRaw: {},
		// Else what is bundled would say where the command runs: it is to be the same everywhere.
		absWorkingDir: path.dirname(entry),
		entryPoints: [entry],
		minifySyntax: true,
		plugins: [onDemand],
	});
	const code = `var runtime;function expose(door){runtime=door}\n${outputFiles[0]?.text ?? ""}\nreturn runtime;`;
	const intrinsics = namesUsed(code).filter((name) => name in globalThis && !NODE_GLOBALS.has(name));
	return `${wrap(intrinsics, code)}(${intrinsics.join(",")})`;
}

const NODE_GLOBALS = new Set(PARAMETER_NAMES.slice(PARAMETER_NAMES.indexOf("AbortController")));

/**
 * Makes what a machine has of Node a bundle in the bundle, which runs when it is first called. As part of the runtime, it would make hundreds of
 * functions in every new realm, most of which need none of them.
 */
const onDemand: esbuild.Plugin = {
	name: "on-demand",
	setup(build) {
		build.onLoad({ filter: /[\\/]realm[\\/]node[\\/]index\.ts$/ }, async ({ path: entry }) => {
			const { outputFiles } = await build.esbuild.build({
				...COMMON,
				tsconfigRaw: {},
				absWorkingDir: path.dirname(entry),
				entryPoints: [entry],
				minifySyntax: true,
				format: "esm",
			});
			// As functions, not as a module's exports: what makes these looks through an object that a submission may have added to by then.
			const [text = "", exported] = (outputFiles[0]?.text ?? "").split(/^export \{([^}]*)\};\s*$/m);
			if (exported?.includes("createNodeModules") !== true || text.includes("__export("))
				throw new Error("what a machine has of Node must be one function that needs no module");
			const contents = `export function createNodeModules(...args) {\n${text}\nreturn createNodeModules(...args);\n}`;
			return { contents, loader: "js" };
		});
	},
};

/** A change to a source file on its way into a bundle. */
export interface SourceEdit {
	/** The file, relative to the folder of the main module. */
	readonly file: string;
	/** What to replace; it must stand there exactly once, so that an edit cannot quietly come to nothing. */
	readonly find: string;
	readonly replace: string;
}

/**
 * Bundles a submission: TypeScript or JavaScript, what it imports by relative path, and packages that are plain
 * JavaScript. The script's value is a function of (module, exports, require, …{@link globalsOf}).
 *
 * @param file - the submission's main module.
 * @param edits - changes to its sources: how a known mistake is put into a right solution.
 * @param ownFolder - the folder whose files it may import; by default that of its package.
 * @param limitMs - real milliseconds that it may take.
 * @throws TargetError if it does not compile, or imports what a machine hasn't got.
 * @throws RangeError if an edit does not fit.
 */
export async function bundleSubmission(
	file: string,
	edits: readonly SourceEdit[] = [],
	ownFolder?: string,
	limitMs: number = BUNDLING_MAX_MS,
): Promise<Bundle> {
	const root = path.dirname(file);
	const folder = ownFolder ?? packageFolder(root);
	await refuseEndlessFiles(folder);
	let result: esbuild.BuildResult<{ write: false; metafile: true }>;
	try {
		const { build } = await bundler();
		const building = build({
			...COMMON,
			absWorkingDir: root,
			// The same for everybody. A tsconfig.json of the submission's could make the bundler read any file.
			tsconfigRaw: {},
			entryPoints: [file],
			outfile: path.join(root, "submission.js"),
			sourcemap: "external",
			sourcesContent: false,
			metafile: true,
			plugins: [ownFiles(folder), machineModules, ...(edits.length === 0 ? [] : [await editSources(root, edits)])],
		});
		result = await within(limitMs, building);
	} catch (error) {
		if (isBuildFailure(error)) throw new TargetError(describeFailure(error, root));
		if (error instanceof Error && /needed by esbuild|esbuild for another platform/.test(error.message))
			throw new TargetError(NO_BUNDLER);
		throw error;
	}
	const text = (ending: string) => result.outputFiles.find((output) => output.path.endsWith(ending))?.text ?? "";
	// A first line that is meant for a shell.
	const body = text(".js").replace(/^#!/, "//");
	const parameters = ["module", "exports", "require", ...globalsOf(body)];
	return {
		code: wrap(parameters, body),
		sourceMap: text(".map"),
		inputs: Object.keys(result.metafile.inputs).map((input) => path.resolve(root, input)),
	};
}

const NO_BUNDLER =
	"esbuild's program for this machine is missing: run npm install here again, without --omit=optional (npx raft-grade doctor tells more)";

/** Real milliseconds. The largest of submissions takes a second. */
const BUNDLING_MAX_MS = 30_000;

/** Waits for the bundler, but not for ever: an import of a name that is put together at run time makes it look through whole folders. */
async function within<Result>(limitMs: number, building: Promise<Result>): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new TargetError(`bundling it took more than ${limitMs / 1000} s and was stopped: what does it import?`));
			// What it was doing fails now, and nobody waits for that any more.
			building.catch(() => {});
			void bundler().then(({ stop }) => stop());
		}, limitMs);
	});
	try {
		return await Promise.race([building, tooLong]);
	} finally {
		clearTimeout(timer);
	}
}

/** The globals that a bundle's script takes as parameters after (module, exports, require), in order. */
export function globalsOf(code: string): readonly string[] {
	// A bundle may declare a name of its own at its top level; as a parameter it would clash with a lexical declaration.
	return namesUsed(code).filter((name) => !new RegExp(`^(?:let|const|class)\\s+${name}\\b`, "m").test(code));
}

function namesUsed(code: string): readonly string[] {
	return PARAMETER_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
}

const COMMON = {
	bundle: true,
	write: false,
	format: "cjs",
	platform: "neutral",
	target: "node20",
	mainFields: ["module", "main"],
	conditions: ["import", "default"],
	// A bare import() in a realm rejects with an error object of the host's; as a require() it fails inside.
	supported: { "dynamic-import": false },
	charset: "utf8",
	logLevel: "silent",
} as const satisfies esbuild.BuildOptions;

/** Node's modules: those that a machine has are left to its require(); the others are refused where they are imported. */
const machineModules: esbuild.Plugin = {
	name: "machine-modules",
	setup(build) {
		build.onResolve({ filter: /^raft-grade$/ }, () => ({ path: "raft-grade", external: true }));
		build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) => {
			if (kind === "entry-point" || !isBuiltin(name)) return undefined;
			const bare = name.replace(/^node:/, "");
			if (AVAILABLE_MODULES.includes(bare)) return { path: bare, external: true };
			return { errors: [{ text: `${name} is not available on a simulated machine` }] };
		});
	},
};

/** Makes the edits, and sees to it that each of them fits. */
async function editSources(root: string, edits: readonly SourceEdit[]): Promise<esbuild.Plugin> {
	const edited = new Map<string, string>();
	for (const { file, find, replace } of edits) {
		const absolute = path.resolve(root, file);
		const text = edited.get(absolute) ?? (await readFile(absolute, "utf8"));
		const times = text.split(find).length - 1;
		if (times !== 1)
			throw new RangeError(`an edit of ${file} does not fit: its text stands there ${times} times, not once`);
		edited.set(
			absolute,
			text.replace(find, () => replace),
		);
	}
	return {
		name: "edit-sources",
		setup(build) {
			build.onLoad({ filter: /\.[mc]?[jt]s$/ }, ({ path: file }) => {
				const contents = edited.get(file);
				return contents === undefined ? undefined : { contents, loader: file.endsWith("js") ? "js" : "ts" };
			});
		},
	};
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
	return error instanceof Error && Array.isArray((error as Partial<esbuild.BuildFailure>).errors);
}

const TOP_LEVEL_AWAIT = "await is not possible at the top level of a module: do such work in make() or later";

/** The first error, as `file:line:column: what is wrong`, and how many more there are. */
function describeFailure(failure: esbuild.BuildFailure, root: string): string {
	const [first] = failure.errors;
	if (first === undefined) return failure.message;
	const { location } = first;
	const place =
		location === null
			? ""
			: `${path.relative(process.cwd(), path.resolve(root, location.file))}:${location.line}:${location.column + 1}: `;
	const more = failure.errors.length - 1;
	const text = first.text.startsWith("Top-level await") ? TOP_LEVEL_AWAIT : first.text;
	return oneLine(`${place}${text}${more > 0 ? ` (and ${more} more)` : ""}`);
}
