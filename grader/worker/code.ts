import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** Modules of ours that suites import by the package's name: they must get those that are in the worker, not others. */
const OWN_MODULES: Readonly<Record<string, string>> = {
	"raft-grade": "harness/submission",
	"raft-grade/harness": "harness/index",
	"raft-grade/labs": "labs/index",
};

/**
 * The code of a worker: all that a worker runs but the submission, in one script, so that a worker needs to read no file.
 *
 * @param extraSuites - suites beside the labs' own, as absolute paths.
 * @throws an error of esbuild's if one of those does not compile.
 */
export async function workerCode(extraSuites: readonly string[]): Promise<string> {
	const built = fileURLToPath(new URL("./worker.bundle.js", import.meta.url));
	if (extraSuites.length === 0 && existsSync(built)) return readFile(built, "utf8");
	return bundleWorker(extraSuites);
}

/** How the code of a worker is bundled. */
export const WORKER_BUNDLE = {
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node20",
	minifySyntax: true,
	charset: "utf8",
	logLevel: "silent",
	// Only bundling needs it, and a worker does not bundle.
	external: ["esbuild"],
	banner: {
		js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire("file:///worker/");',
	},
} as const satisfies BuildOptions;

/** Bundles the code of a worker. */
export async function bundleWorker(extraSuites: readonly string[]): Promise<string> {
	const esbuild = await import("esbuild");
	const ending = path.extname(import.meta.url);
	const own = (name: string) => fileURLToPath(new URL(`../../${name}${ending}`, import.meta.url));
	const suites = extraSuites.map(
		(file) => `{ name: ${JSON.stringify(file)}, load: () => import(${JSON.stringify(file)}) }`,
	);
	const { outputFiles } = await esbuild.build({
		stdin: {
			contents: `
				import { ALL_SUITES } from ${JSON.stringify(own("labs/suites"))};
				import { work } from ${JSON.stringify(own("grader/worker/work"))};
				await work([...ALL_SUITES, ${suites.join(", ")}]);
			`,
			resolveDir: path.dirname(own("package")),
			loader: "ts",
		},
		...WORKER_BUNDLE,
		// Not where the command runs: a tsconfig.json there is none of ours.
		absWorkingDir: path.dirname(own("package")),
		write: false,
		plugins: [
			{
				name: "own-modules",
				setup(build) {
					build.onResolve({ filter: /^raft-grade($|\/)/ }, ({ path: name }) => {
						const place = OWN_MODULES[name];
						return place === undefined ? undefined : { path: own(place) };
					});
				},
			},
		],
		// Suites that lie elsewhere find Mocha and Chai here if they have none of their own.
		nodePaths: [path.dirname(path.dirname(createRequire(import.meta.url).resolve("chai")))],
	});
	return outputFiles[0]?.text ?? "";
}
