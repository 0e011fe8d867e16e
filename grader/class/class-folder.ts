import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parseSeed, type Seed } from "../../harness/index.ts";
import { drawSeed } from "../draw-seed.ts";
import { readVersion } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";
import { whyNot } from "../why-not.ts";
import { takeLock } from "./lock.ts";
import { WholeFiles } from "./whole-files.ts";

const record = z.object({ format: z.literal(1), version: z.string(), seed: z.string() });
/** What makes a folder one for the results of a class. */
const RECORD = "class.json";

/** Whether a folder is one for the results of a class. */
export function isClassFolder(folder: string): boolean {
	return existsSync(path.join(folder, ".raft-grade")) && existsSync(path.join(folder, RECORD));
}

/** The folder for the results of a class, held by this process alone. */
export interface ClassFolder {
	readonly folder: string;
	/** Where results are kept until the class is graded anew: whoever deletes it loses them. */
	readonly results: string;
	/** For what is unpacked; it is emptied whenever somebody begins. */
	readonly work: string;
	/** The seed of the gradings in it so far. */
	readonly recordedSeed: Seed | undefined;
	/** Writes all files in it. */
	readonly files: WholeFiles;
	/** Gives the folder back. */
	close(): Promise<void>;
}

/**
 * Takes a folder for the results of a class, and makes it if it isn't there.
 *
 * @param shown - how to name it to a person.
 * @throws UsageError if somebody else works in it, it holds something else, or it cannot be written.
 */
export async function openClassFolder(folder: string, shown: string): Promise<ClassFolder> {
	const own = path.join(folder, ".raft-grade");
	if (existsSync(folder) && !statSync(folder).isDirectory())
		throw new UsageError(`--output ${shown} is a file: name a folder`);
	if (existsSync(folder) && !existsSync(own) && readdirSync(folder).length > 0)
		throw new UsageError(`${shown} is not empty, and not from an earlier grading: name another folder with --output`);
	const lock = await takeLock(path.join(own, "lock"), shown).catch((error: unknown) => {
		if (error instanceof UsageError) throw error;
		throw new UsageError(`--output ${shown} cannot be written: ${whyNot(error)}`);
	});
	const work = path.join(own, "work");
	await rm(work, { recursive: true, force: true, maxRetries: 3 });
	return {
		folder,
		results: path.join(own, "results"),
		work,
		files: new WholeFiles(path.join(work, "files")),
		recordedSeed: await readSeed(path.join(folder, RECORD)),
		close: async () => {
			await rm(work, { recursive: true, force: true, maxRetries: 3 });
			await lock.release();
		},
	};
}

/**
 * The seed for everybody: the one that was asked for, else the one that this class has had so far, else one that is drawn now. It is recorded before
 * anything is graded with it.
 */
export async function settleSeed({ folder, files, recordedSeed }: ClassFolder, asked: Seed | undefined): Promise<Seed> {
	const seed = asked ?? recordedSeed ?? drawSeed();
	const value = { format: 1, version: readVersion(), seed } satisfies z.infer<typeof record>;
	await files.keep(path.join(folder, RECORD), `${JSON.stringify(value, undefined, "\t")}\n`);
	return seed;
}

/** A name that no other folder has: on a queue that others use too, it marks what is this one's. It is drawn once, and kept. */
export async function settleName({ folder, files }: ClassFolder): Promise<string> {
	const file = path.join(folder, ".raft-grade/name");
	const known = await readFile(file, "utf8").catch(() => "");
	if (/^[0-9a-f]{16}$/.test(known)) return known;
	const drawn = randomBytes(8).toString("hex");
	await files.keep(file, drawn);
	return drawn;
}

async function readSeed(file: string): Promise<Seed | undefined> {
	try {
		return parseSeed(record.parse(JSON.parse(await readFile(file, "utf8"))).seed);
	} catch {
		return undefined;
	}
}
