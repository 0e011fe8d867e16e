import { randomUUID } from "node:crypto";
import { constants, existsSync, readFileSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { UsageError } from "../usage-error.ts";
import { isRunning } from "./is-running.ts";

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
			if (await takeOver(file, found, { ready, shown })) break;
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

/**
 * Puts one's own lock in the place of a dead process's. Whoever wants to has to hold a lock on that, for which the same goes: otherwise one could replace
 * the lock of another who was quicker.
 *
 * @returns whether it was still there.
 */
async function takeOver(
	file: string,
	dead: Holder | undefined,
	{ ready, shown }: { readonly ready: string; readonly shown: string },
): Promise<boolean> {
	const turn = await takeLock(`${file}.${dead?.token ?? "broken"}`, shown);
	try {
		const found = await readHolder(file);
		if (found?.token !== dead?.token || !existsSync(file)) return false;
		await rename(ready, file);
		return true;
	} finally {
		await turn.release();
	}
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
	return isRunning(pid) && startOf(pid) === started;
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
