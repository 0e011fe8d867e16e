import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SubmissionFiles } from "./files/submission-files.ts";

/** npm and git would take orders from these. */
const NOT_LAID_OUT = /(?:^|\/)\.(?:npmrc|gitattributes|gitmodules|yarnrc(?:\.yml)?)$/;

/**
 * Writes a submission's files into a folder that is empty. Their paths have been looked at when they were collected: none leads out of it.
 */
export async function layOut(files: SubmissionFiles["files"], folder: string): Promise<void> {
	const made = new Set<string>();
	for (const [name, content] of files) {
		if (NOT_LAID_OUT.test(name)) continue;
		const place = path.join(folder, ...name.split("/"));
		if (!place.startsWith(folder + path.sep)) throw new Error(`${name} would have been written outside of ${folder}`);
		const parent = path.dirname(place);
		if (!made.has(parent)) await mkdir(parent, { recursive: true });
		made.add(parent);
		// Never through something that is there already.
		await writeFile(place, content, { flag: "wx", mode: 0o600 });
	}
}
