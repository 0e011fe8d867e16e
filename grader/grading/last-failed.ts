import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { mkdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { GradeReport } from "../report/schema.ts";

/** Of each kind of failure so many runs are remembered. */
const RUNS_PER_KIND = 5;

/**
 * The runs (test@seed) that failed when this target was last graded from here.
 *
 * @returns undefined if nothing is known of it.
 */
export async function readLastFailed(target: string, cwd: string): Promise<readonly string[] | undefined> {
	try {
		const runs: unknown = JSON.parse(await readFile(fileFor(target, cwd), "utf8"));
		return Array.isArray(runs) && runs.every((run) => typeof run === "string") ? runs : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Remembers which runs failed. What was known of a test that was not graded to its end this time stays, and if single runs were made, what was known of
 * all others. Where nothing can be written, nothing is remembered: that is no reason to fail.
 *
 * @param areNamed - whether the runs were named one by one.
 */
export async function rememberFailed(
	target: string,
	cwd: string,
	{ tests }: GradeReport,
	areNamed: boolean,
): Promise<void> {
	const graded = new Set(tests.filter(({ status }) => status !== "incomplete").map(({ test }) => test));
	const made = new Set(tests.flatMap(({ runs }) => runs.map(({ run }) => run)));
	const known = (await readLastFailed(target, cwd)) ?? [];
	const isKnownNoMore = (run: string) => (areNamed ? made.has(run) : graded.has(run.slice(0, run.indexOf("@"))));
	const runs = [
		...tests.flatMap(({ failures }) => failures.flatMap((failure) => failure.runs.slice(0, RUNS_PER_KIND))),
		...known.filter((run) => !isKnownNoMore(run)),
	];
	const file = fileFor(target, cwd);
	try {
		await mkdir(path.dirname(file), { recursive: true });
		// Never through a link that leads elsewhere: the folder may be a submission's.
		if ((await realpath(path.dirname(file))) !== path.resolve(path.dirname(file))) return;
		const temporary = `${file}.${process.pid}`;
		await writeFile(temporary, `${JSON.stringify(runs)}\n`, { flag: "wx" });
		await rename(temporary, file);
	} catch {
		// A read-only folder.
	}
}

/** Where tools keep such things: in the project's node_modules, which nobody commits, or else in the user's cache. */
function fileFor(target: string, cwd: string): string {
	const modules = path.join(cwd, "node_modules");
	const folder = isFolder(modules)
		? path.join(modules, ".cache")
		: (process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"));
	const key = createHash("sha256").update(`${cwd}\n${target}`).digest("hex").slice(0, 16);
	return path.join(folder, "raft-grade", `last-failed-${key}.json`);
}

/** Whether it is a folder, and not a link to one. */
function isFolder(place: string): boolean {
	return lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}
