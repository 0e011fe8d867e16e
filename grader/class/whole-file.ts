import { constants } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";

let written = 0;

/** Writes a file so that it is there whole or not at all, whatever happens meanwhile; after this it stays, even if the power fails. */
export async function writeWhole(file: string, content: string | Buffer): Promise<void> {
	const folder = path.dirname(file);
	await mkdir(folder, { recursive: true });
	const temporary = path.join(folder, `.${path.basename(file).slice(0, 60)}.${process.pid}-${written++}.tmp`);
	try {
		const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
		try {
			await handle.writeFile(content);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temporary, file);
	} finally {
		await rm(temporary, { force: true });
	}
	await syncFolder(folder);
}

/** Writes what can be made again at any time; a file that is as it should be is left alone. */
export async function writeIfChanged(file: string, content: string): Promise<void> {
	const known = await readFile(file, "utf8").catch(() => undefined);
	if (known !== content) await writeWhole(file, content);
}

/** A name in a folder is kept by the folder. Some systems cannot be told so, and see to it themselves. */
async function syncFolder(folder: string): Promise<void> {
	if (process.platform === "win32") return;
	const handle = await open(folder, constants.O_RDONLY);
	try {
		await handle.sync();
	} catch {
		// A network file system, perhaps.
	} finally {
		await handle.close();
	}
}
