import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of raft-grade's own folder: the nearest above this module whose package.json has that name. */
export const PACKAGE_ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** raft-grade's version, as its package.json has it. */
export function readVersion(): string {
	return String(readManifest(PACKAGE_ROOT).version);
}

function findRoot(from: string): string {
	for (let folder = from; ; folder = path.dirname(folder)) {
		if (readManifest(folder).name === "raft-grade") return folder;
		if (folder === path.dirname(folder)) {
			throw new Error(`no folder above ${from} is raft-grade's: its package.json is missing from this installation`);
		}
	}
}

/** A folder's package.json, as far as it can be read: one further down may be broken, and is none of ours. */
function readManifest(folder: string): { name?: unknown; version?: unknown } {
	const file = path.join(folder, "package.json");
	if (!existsSync(file)) return {};
	try {
		return JSON.parse(readFileSync(file, "utf8")) ?? {};
	} catch {
		return {};
	}
}
