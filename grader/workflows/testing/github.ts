import { existsSync } from "node:fs";
import { cp, mkdir, readdir, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { folderWith } from "../../testing/command.ts";

/** What stands in for GitHub: repositories are folders, and so are artifacts. */
export class GitHub {
	/** Every checkout, in the order made. */
	readonly checkouts: { readonly repository: string; readonly ref: string | undefined; readonly path: string }[] = [];
	readonly artifacts: string;
	/** In front of the PATH of every step, so that a test can replace a program. */
	readonly programs: string;
	readonly #repositories: Readonly<Record<string, string>>;

	private constructor(repositories: Readonly<Record<string, string>>, artifacts: string, programs: string) {
		this.#repositories = repositories;
		this.artifacts = artifacts;
		this.programs = programs;
	}

	/**
	 * @param repositories - their folders, by owner/name.
	 * @param programs - a folder to put in front of the PATH.
	 */
	static async with(repositories: Readonly<Record<string, string>>, programs?: string): Promise<GitHub> {
		return new GitHub(repositories, await folderWith({}), programs ?? (await folderWith({})));
	}

	/** The folder of a repository. */
	folderOf(repository: string): string {
		const folder = this.#repositories[repository];
		if (folder === undefined) throw new Error(`there is no repository "${repository}"`);
		return folder;
	}

	async checkOut(repository: string, ref: string | undefined, workspace: string, to: string): Promise<void> {
		this.checkouts.push({ repository, ref, path: to });
		const source = this.folderOf(repository);
		const target = path.join(workspace, to);
		await mkdir(path.dirname(target), { recursive: true });
		// What is installed need not be copied, nor installed again.
		if (existsSync(path.join(source, "node_modules"))) await symlink(source, target);
		else await cp(source, target, { recursive: true });
	}

	async upload(name: string, file: string): Promise<void> {
		const folder = path.join(this.artifacts, name);
		await mkdir(folder, { recursive: true });
		// Of a folder, what is in it.
		if ((await stat(file)).isDirectory()) await cp(file, folder, { recursive: true });
		else await cp(file, path.join(folder, path.basename(file)));
	}

	/** Puts the files of all artifacts with this prefix into one folder. */
	async download(prefix: string, to: string): Promise<void> {
		await mkdir(to, { recursive: true });
		for (const name of await readdir(this.artifacts)) {
			if (name.startsWith(prefix)) await cp(path.join(this.artifacts, name), to, { recursive: true });
		}
	}
}
