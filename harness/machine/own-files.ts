import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";
import { oneLine } from "../printable.ts";
import { TargetError } from "./target-error.ts";

/** A source file is never larger; a bundle of many of them may be. */
const FILE_MAX_BYTES = 8 * 2 ** 20;

/**
 * Keeps a submission to its own files, and the packages that are installed for it. Any other file of the host's
 * (somebody else's submission, the environment under /proc) could be imported too, as JSON or as text.
 *
 * @param folder - where its own files are.
 */
export function ownFiles(folder: string): Plugin {
	return {
		name: "own-files",
		setup(build) {
			build.onLoad({ filter: /^/, namespace: "file" }, async ({ path: file }) => {
				// The bundler says that it isn't there. It may have thought so because of a file whose name differs in case.
				if (!existsSync(file)) return undefined;
				const [root, real, found] = await Promise.all([realpath(folder), realpath(file), stat(file)]);
				if (!isWithin(root, real) && !isInstalledFor(root, real))
					return refusal(file, "lies outside of the submission's folder");
				if (!found.isFile()) return refusal(file, "is no file");
				if (found.size > FILE_MAX_BYTES) return refusal(file, `is too large: ${Math.ceil(found.size / 2 ** 20)} MB`);
				if (!/\.[mc]?[jt]sx?$/.test(file)) return undefined;
				return withOwnSourceMap(file, await readFile(file, "utf8"));
			});
		},
	};
}

/** What the bundler itself reads on its way to a module, whether it is imported or not. */
const READ_ANYWAY = /^(?:package\.json|\.pnp\..*)$/;
/** In a folder with more than so much in it (somebody's home, perhaps) the rest is not looked at. */
const ENTRIES_MAX = 50_000;

/**
 * Refuses a folder in which a package.json is no file, but a pipe or a link to a device: reading it could take for ever, and the bundler does.
 *
 * @throws TargetError naming it.
 */
export async function refuseEndlessFiles(folder: string): Promise<void> {
	const folders = [folder];
	let left = ENTRIES_MAX;
	for (let at = folders.pop(); at !== undefined && left > 0; at = folders.pop()) {
		for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
			left--;
			const place = path.join(at, entry.name);
			if (entry.isDirectory() && entry.name !== ".git") folders.push(place);
			else if (!entry.isFile() && READ_ANYWAY.test(entry.name) && !(await leadsToFileOrFolder(place))) {
				throw new TargetError(`${oneLine(place)} is neither a file nor a folder: take it away`);
			}
		}
	}
}

async function leadsToFileOrFolder(link: string): Promise<boolean> {
	try {
		const found = await stat(link);
		return found.isFile() || found.isDirectory();
	} catch {
		// It leads nowhere.
		return true;
	}
}

/** The nearest folder with a package.json, here or further up, or else the folder itself. */
export function packageFolder(folder: string): string {
	for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
		if (existsSync(path.join(at, "package.json"))) return at;
	}
	return folder;
}

/** A source map that a module names is followed only if it stands in the module, or lies beside it: it could be any file of the host's. */
async function withOwnSourceMap(
	file: string,
	text: string,
): Promise<{ contents: string; loader: "default" } | undefined> {
	const names = [...text.matchAll(SOURCE_MAP)].map(([, , name = ""]) => name);
	const areOwn = await Promise.all(names.map(async (name) => name.startsWith("data:") || (await isBeside(file, name))));
	if (areOwn.every((isOwn) => isOwn)) return undefined;
	return { contents: text.replaceAll(SOURCE_MAP, "$1 sourceMappingURL "), loader: "default" };
}

const SOURCE_MAP = /([#@])\s*sourceMappingURL=(\S*)/g;

async function isBeside(file: string, name: string): Promise<boolean> {
	if (!/^[\w.-]+$/.test(name)) return false;
	try {
		const [real, folder] = await Promise.all([
			realpath(path.join(path.dirname(file), name)),
			realpath(path.dirname(file)),
		]);
		return path.dirname(real) === folder && (await stat(real)).isFile();
	} catch {
		return false;
	}
}

function refusal(file: string, why: string): { errors: { text: string }[] } {
	return { errors: [{ text: `${file} ${why}` }] };
}

function isWithin(folder: string, file: string): boolean {
	return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** Whether the file belongs to a package in a node_modules folder in which Node would look for it. */
function isInstalledFor(folder: string, file: string): boolean {
	const [above, ...below] = file.split(`${path.sep}node_modules${path.sep}`);
	return below.length > 0 && (above === "" || isWithin(above as string, folder));
}
