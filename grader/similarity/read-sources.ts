import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { SourceText } from "./compare.ts";

/** What is a module, by its name. */
export const MODULE = /(?<!\.d)\.[mc]?[jt]s$/;
/** What is not a student's own work. */
export const NOT_OWN = new Set(["node_modules", "dist", "build", "coverage"]);

/** Of a submission no more is read: it is no solution of this lab. */
const FILES_MAX = 200;
const FILE_MAX_BYTES = 2 ** 20;

/** Reads a module, or all modules in a folder. Links are not followed: they may lead to anybody's files. */
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
