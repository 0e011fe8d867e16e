import { lstat, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../usage-error.ts";
import type { SourceText } from "./compare.ts";

/** What is a module, by its name. */
export const MODULE = /(?<!\.d)\.[mc]?[jt]s$/;
/** What is not a student's own work. */
export const NOT_OWN = new Set(["node_modules", "dist", "build", "coverage"]);

/** Of a submission no more is read: it is no solution of this lab. */
const FILES_MAX = 200;
const FILE_MAX_BYTES = 2 ** 20;

/**
 * Reads a folder of submissions: each folder in it is one, and each module. Links are not followed: they may lead to anybody's files.
 *
 * @param prefix - goes before each name.
 * @throws UsageError if there is no such folder, or no submission in it.
 */
export async function readSubmissions(folder: string, prefix = ""): Promise<SourceText[]> {
	const found = await stat(folder).catch(() => undefined);
	if (found === undefined) throw new UsageError(`there is no folder ${folder}`);
	if (!found.isDirectory())
		throw new UsageError(`${folder} is no folder: name one that has a folder for each submission`);
	const entries = (await readdir(folder, { withFileTypes: true })).sort((x, y) => (x.name < y.name ? -1 : 1));
	const submissions: SourceText[] = [];
	for (const entry of entries) {
		if (entry.name.startsWith(".") || NOT_OWN.has(entry.name)) continue;
		const place = path.join(folder, entry.name);
		if (entry.isDirectory()) submissions.push(await readSource(prefix + entry.name, place));
		else if (entry.isFile() && MODULE.test(entry.name)) submissions.push(await readSource(prefix + entry.name, place));
	}
	if (submissions.length === 0)
		throw new UsageError(`there is no submission in ${folder}: each is a folder in it, or a module`);
	return submissions;
}

/** Reads one: a module, or all modules in a folder. What cannot be read is left out. */
export async function readSource(name: string, place: string): Promise<SourceText> {
	const files: { name: string; text: string }[] = [];
	const folders = [place];
	for (let at = folders.pop(); at !== undefined && files.length < FILES_MAX; at = folders.pop()) {
		const found = await lstat(at);
		if (found.isFile()) {
			if (MODULE.test(at) && found.size <= FILE_MAX_BYTES)
				files.push({ name: path.relative(place, at) || path.basename(at), text: await readFile(at, "utf8") });
		} else if (found.isDirectory()) {
			const names = (await readdir(at)).filter((entry) => !entry.startsWith(".") && !NOT_OWN.has(entry));
			for (const entry of names.sort().reverse()) folders.push(path.join(at, entry));
		}
	}
	return { name, files };
}
