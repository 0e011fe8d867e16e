import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import type { Policy } from "../policy/policy.ts";
import { findTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import { findInstalled } from "./installed.ts";

/** A policy's own files, as they are to lie in an archive. */
export interface PolicyFiles {
	/** Where the config is, relative to their common folder, with slashes. */
	readonly config: string;
	/** By path relative to their common folder, with slashes. */
	readonly files: ReadonlyMap<string, Uint8Array>;
	/** The packages that they import, but for raft-grade, and their installed versions. */
	readonly packages: ReadonlyMap<string, string>;
}

/** What raft-grade brings along for suites that have none of their own. */
const BROUGHT_ALONG = ["raft-grade", "mocha", "chai"];

/**
 * The config, its suites and its reference, with all that they import by relative path. Files that they only read while they run are not
 * known.
 *
 * @param file - the config, as an absolute path.
 * @throws UsageError if one of them does not compile, or imports a package that is not installed.
 */
export async function policyFiles(file: string, { suites, reference }: Policy): Promise<PolicyFiles> {
	const cwd = path.dirname(file);
	const entries = [
		...(file.endsWith(".json") ? [] : [file]),
		...suites.map((suite) => suite.file),
		...(reference === undefined ? [] : [findTarget(reference, cwd).file]),
	];
	const { inputs, imports } = await closure(entries, cwd);
	// A reference that is a folder says in its package.json which file it is.
	const manifests = reference === undefined ? [] : [path.join(reference, "package.json")];
	const all = [...new Set([file, ...inputs, ...manifests.filter((name) => existsSync(name))])].sort();
	const common = all.map((name) => path.dirname(name)).reduce(commonFolder);
	const inArchive = (name: string) => path.relative(common, name).split(path.sep).join("/");
	const files = new Map(all.map((name) => [inArchive(name), new Uint8Array(readFileSync(name))]));
	// Whether a .js file is a module.
	const type = nearestType(cwd);
	if (!files.has("package.json")) files.set("package.json", Buffer.from(`${JSON.stringify({ type })}\n`));
	return { config: inArchive(file), files, packages: packagesOf(imports, cwd) };
}

/** The files that a module and what it imports consist of, as absolute paths, and the names of packages. */
async function closure(entries: readonly string[], cwd: string): Promise<{ inputs: string[]; imports: string[] }> {
	if (entries.length === 0) return { inputs: [], imports: [] };
	// The bundler names files by their real paths.
	const root = realpathSync(cwd);
	try {
		const { metafile } = await build({
			entryPoints: [...new Set(entries)],
			absWorkingDir: root,
			outdir: path.join(root, "packed"),
			bundle: true,
			write: false,
			metafile: true,
			format: "esm",
			platform: "node",
			packages: "external",
			supported: { "top-level-await": true },
			tsconfigRaw: {},
			logLevel: "silent",
		});
		const found = Object.entries(metafile.inputs);
		return {
			inputs: found.map(([name]) => path.join(cwd, name)),
			imports: found.flatMap(([, { imports }]) => imports.flatMap((each) => (each.external ? [each.path] : []))),
		};
	} catch (error) {
		throw new UsageError(`the policy's files cannot be packed: ${(error as Error).message.replaceAll(/\s+/g, " ")}`);
	}
}

function packagesOf(imports: readonly string[], cwd: string): Map<string, string> {
	const names = imports
		.filter((name) => !isBuiltin(name))
		.map((name) =>
			name
				.split("/")
				.slice(0, name.startsWith("@") ? 2 : 1)
				.join("/"),
		)
		.filter((name) => !BROUGHT_ALONG.includes(name));
	return new Map(
		[...new Set(names)].sort().map((name) => {
			const installed = findInstalled(name, cwd);
			if (installed === undefined)
				throw new UsageError(`the policy's files import ${name}, which is not installed there`);
			return [name, installed];
		}),
	);
}

function commonFolder(a: string, b: string): string {
	let folder = a;
	while (folder !== b && !b.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep))
		folder = path.dirname(folder);
	return folder;
}

function nearestType(from: string): string {
	for (let folder = from; ; folder = path.dirname(folder)) {
		const file = path.join(folder, "package.json");
		if (existsSync(file)) {
			const { type } = JSON.parse(readFileSync(file, "utf8")) as { type?: unknown };
			return type === "module" ? "module" : "commonjs";
		}
		if (folder === path.dirname(folder)) return "commonjs";
	}
}
