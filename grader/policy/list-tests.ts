import path from "node:path";
import type * as esbuild from "esbuild";
import Mocha from "mocha";
import { PACKAGE_ROOT } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";

/** What suites import by the package's name: they get the modules of the raft-grade that runs, wherever the suite lies. */
const OWN_MODULES: Readonly<Record<string, string>> = {
	"raft-grade": "../../harness/submission",
	"raft-grade/harness": "../../harness/index",
	"raft-grade/labs": "../../labs/index",
};

/**
 * The names of the tests that a suite declares, in order. The suite's module is loaded for that, in this process: it is course staff's own code.
 *
 * @param file - an absolute path.
 * @throws UsageError if it does not compile, or throws while it is loaded.
 */
export async function listTests(file: string): Promise<string[]> {
	const code = await bundle(file);
	const mocha = new Mocha();
	const names: string[] = [];
	await withGlobals(vocabulary(mocha, file), async () => {
		try {
			// A module is loaded once per address; the comment makes this one's its own.
			await import(`data:text/javascript,${encodeURIComponent(`${code}\n// ${loads++}`)}`);
		} catch (error) {
			throw new UsageError(`cannot load ${fromHere(file)}: ${(error as Error).message}`);
		}
	});
	mocha.suite.eachTest((test) => {
		names.push(test.title);
	});
	return names;
}

let loads = 0;

/** The suite and what it imports in one module, but for raft-grade itself. */
async function bundle(file: string): Promise<string> {
	const { build } = await import("esbuild");
	try {
		const { outputFiles } = await build({
			entryPoints: [file],
			bundle: true,
			write: false,
			platform: "node",
			format: "esm",
			target: "node20",
			logLevel: "silent",
			plugins: [ownModules],
			// Suites without packages of their own find Mocha and Chai here.
			nodePaths: [path.join(PACKAGE_ROOT, "node_modules"), path.dirname(PACKAGE_ROOT)],
		});
		return outputFiles[0]?.text ?? "";
	} catch (error) {
		throw new UsageError(describeFailure(error as esbuild.BuildFailure, file));
	}
}

const ownModules: esbuild.Plugin = {
	name: "own-modules",
	setup(build) {
		build.onResolve({ filter: /^raft-grade(?:\/|$)/ }, ({ path: name }) => {
			const place = OWN_MODULES[name];
			if (place === undefined) return undefined;
			return { path: new URL(`${place}${path.extname(import.meta.url)}`, import.meta.url).href, external: true };
		});
	},
};

function describeFailure(failure: esbuild.BuildFailure, file: string): string {
	const [first] = failure.errors ?? [];
	if (first === undefined) return `cannot load ${fromHere(file)}: ${failure.message}`;
	const { location } = first;
	const where =
		location === null ? fromHere(file) : `${fromHere(location.file)}:${location.line}:${location.column + 1}`;
	return `${where}: ${first.text}`;
}

/** What Mocha gives to a suite's file: describe, it, before, … */
function vocabulary(mocha: Mocha, file: string): Readonly<Record<string, unknown>> {
	const words: Record<string, unknown> = {};
	mocha.suite.emit("pre-require", words, file, mocha);
	return words;
}

/** Makes some values global for a while. */
async function withGlobals(values: Readonly<Record<string, unknown>>, work: () => Promise<void>): Promise<void> {
	const all = globalThis as unknown as Record<string, unknown>;
	const before = Object.keys(values).map((name) => [name, Object.hasOwn(all, name), all[name]] as const);
	Object.assign(all, values);
	try {
		await work();
	} finally {
		for (const [name, wasThere, value] of before) {
			if (wasThere) all[name] = value;
			else delete all[name];
		}
	}
}

function fromHere(file: string): string {
	return path.relative(process.cwd(), path.resolve(file)) || file;
}
