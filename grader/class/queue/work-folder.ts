import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { isRunning } from "../is-running.ts";

const PREFIX = "raft-grade-worker-";

/**
 * Makes the folder in which a worker unpacks submissions. Its name says whose it is: workers that were killed leave theirs behind, and the next one on
 * this machine removes them.
 *
 * @param parent - where.
 */
export async function makeWorkFolder(parent: string): Promise<string> {
	const own = `${PREFIX}${os.hostname()}-`;
	for (const name of await readdir(parent)) {
		const [, pid] = /^(\d+)-\w+$/.exec(name.startsWith(own) ? name.slice(own.length) : "") ?? [];
		if (pid === undefined || isRunning(Number(pid))) continue;
		// Another user's cannot be removed, and need not be.
		await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => {});
	}
	return mkdtemp(path.join(parent, `${own}${process.pid}-`));
}
