import { constants } from "node:fs";
import { open, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import type { FileCollector } from "./submission-files.ts";

/** Collects the files of a folder. No link is followed, and nothing opened that is not a file. */
export async function readFolder(folder: string, into: FileCollector): Promise<void> {
	const folders = [""];
	for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
		const entries = await readdir(path.join(folder, at), { withFileTypes: true }).catch((error: Error) => {
			throw new BrokenSubmission(`${quoteName(at || ".")} cannot be read: ${error.message}`);
		});
		for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
			const name = at === "" ? entry.name : `${at}/${entry.name}`;
			const clean = into.admit(name);
			if (clean === undefined) continue;
			const place = path.join(folder, name);
			if (entry.isDirectory()) folders.push(name);
			else if (entry.isSymbolicLink()) into.link(clean, relativeTarget(await readlink(place), place, folder));
			else if (entry.isFile()) into.add(clean, await readRegularFile(place, into));
			else into.refuse(clean, "a pipe, a socket or a device");
		}
	}
}

/** A link that names a place in the very folder by its absolute path leads nowhere else. */
function relativeTarget(target: string, link: string, folder: string): string {
	if (!path.isAbsolute(target)) return target;
	const inside = path.relative(folder, target);
	return inside.startsWith("..") || path.isAbsolute(inside) ? target : path.relative(path.dirname(link), target);
}

/** Reads a file that was one a moment ago. */
export async function readRegularFile(
	place: string,
	into: Pick<FileCollector, "count" | "room">,
	maxBytes = into.room,
): Promise<Buffer> {
	let handle: Awaited<ReturnType<typeof open>> | undefined;
	try {
		handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
		const found = await handle.stat();
		if (!found.isFile()) throw new BrokenSubmission(`${quoteName(path.basename(place))} is no file`);
		// Said before it is read.
		if (found.size > maxBytes) into.count(found.size);
		const content = await handle.readFile();
		into.count(content.length);
		return content;
	} catch (error) {
		if (error instanceof BrokenSubmission) throw error;
		throw new BrokenSubmission(`${quoteName(path.basename(place))} cannot be read: ${(error as Error).message}`);
	} finally {
		await handle?.close();
	}
}
