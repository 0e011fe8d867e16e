import { constants } from "node:fs";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";

/** Writes files so that each is there whole or not at all, whatever happens meanwhile. */
export class WholeFiles {
	readonly #scratch: string;
	#written = 0;

	/** @param scratch - a folder of one's own on the same disk, where a file is until it is whole: what a crash leaves half done, it leaves there. */
	constructor(scratch: string) {
		this.#scratch = scratch;
	}

	/** Writes what is not to be lost: after this it stays, even if the power fails. */
	async keep(file: string, content: string | Buffer): Promise<void> {
		await this.#replace(file, content, true);
		await syncFolder(path.dirname(file));
	}

	/** Writes what can be made again at any time; a file that is as it should be is left alone. */
	async show(file: string, content: string): Promise<void> {
		const known = await readFile(file, "utf8").catch(() => undefined);
		if (known !== content) await this.#replace(file, content, false);
	}

	async #replace(file: string, content: string | Buffer, isKept: boolean): Promise<void> {
		await Promise.all([this.#scratch, path.dirname(file)].map((folder) => mkdir(folder, { recursive: true })));
		const temporary = path.join(this.#scratch, `file-${this.#written++}`);
		const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o644);
		try {
			await handle.writeFile(content);
			if (isKept) await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temporary, file);
	}
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
