import { randomUUID } from "node:crypto";
import { constants, readFileSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { UsageError } from "../usage-error.ts";

const holder = z.object({ token: z.string(), pid: z.int(), host: z.string(), started: z.string() });
type Holder = z.infer<typeof holder>;

/** A folder's lock, held. */
export interface Lock {
	release(): Promise<void>;
}

/**
 * Takes a folder for oneself. A lock whose process is no more is taken over; so is one that a crash has left half written.
 *
 * @param file - the lock's file.
 * @param shown - how to name the folder to a person.
 * @throws UsageError if somebody else has it.
 */
export async function takeLock(file: string, shown: string): Promise<Lock> {
	await mkdir(path.dirname(file), { recursive: true });
	const own: Holder = { token: randomUUID(), pid: process.pid, host: os.hostname(), started: startOf(process.pid) };
	const ready = `${file}.${own.token}`;
	await writeFile(ready, JSON.stringify(own));
	try {
		for (;;) {
			if (await linkIfFree(ready, file)) break;
			const found = await readHolder(file);
			if (found !== undefined && isAlive(found)) refuse(found, file, shown);
			await takeAway(file, found, own.token);
		}
	} finally {
		await rm(ready, { force: true });
	}
	return {
		release: async () => {
			if ((await readHolder(file))?.token === own.token) await rm(file, { force: true });
		},
	};
}

/** What file systems say that have no links. */
const WITHOUT_LINKS: readonly string[] = ["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"];

/** A link is made at once, with all that the file holds, and by one process only. */
async function linkIfFree(ready: string, file: string): Promise<boolean> {
	try {
		await link(ready, file);
		return true;
	} catch (error) {
		const { code = "" } = error as NodeJS.ErrnoException;
		if (code === "EEXIST") return false;
		if (!WITHOUT_LINKS.includes(code)) throw error;
	}
	try {
		await copyFile(ready, file, constants.COPYFILE_EXCL);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

/** Takes a dead process's lock away; if it has become a living one's meanwhile, gives it back. */
async function takeAway(file: string, dead: Holder | undefined, token: string): Promise<void> {
	const aside = `${file}.stale-${token}`;
	try {
		await rename(file, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	const taken = await readHolder(aside);
	if (taken !== undefined && taken.token !== dead?.token) await linkIfFree(aside, file);
	await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
	try {
		return holder.parse(JSON.parse(await readFile(file, "utf8")));
	} catch {
		return undefined;
	}
}

function refuse({ pid, host }: Holder, file: string, shown: string): never {
	const who = host === os.hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
	throw new UsageError(
		`${shown} is in use by ${who}: wait for it, give another --output, or, if it is no more, delete ${file}`,
	);
}

function isAlive({ pid, host, started }: Holder): boolean {
	// Of another machine's processes nothing is known.
	if (host !== os.hostname()) return true;
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
	}
	return startOf(pid) === started;
}

/** When a process began: another may have got its number since. Empty where that cannot be found out. */
function startOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
	} catch {
		return "";
	}
}
