import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { GradeReport } from "../report/schema.ts";
import { ROOT, run } from "../testing/command.ts";
import { type Hostile, TESTS } from "./hostile.ts";
import { layOut } from "./lay-out.ts";

/** What must appear nowhere: one lies in the grader's environment, the other in files beside the submission. */
export const SECRETS = ["canary-in-the-environment-7c1e", "canary-in-a-file-40bd"] as const;

/** What a grading gave. */
export interface Graded {
	readonly code: number | null;
	/** All that was printed, and all reports. */
	readonly said: string;
	readonly report: GradeReport | undefined;
	/** Files that lie outside of where reports and caches belong, and didn't before. */
	readonly strayFiles: readonly string[];
}

const LIMITS = ["--step-timeout", "0.5", "--memory", "256", "--jobs", "1"];
const REPORTS = ["json", "junit", "markdown"];

/** Grades a hostile submission by the real command, in a folder with secrets beside it. */
export async function gradeHostile(hostile: Hostile, solution: "reference" | "stub"): Promise<Graded> {
	const home = await realpath(await mkdtemp(path.join(os.tmpdir(), "raft-grade-hostile-")));
	try {
		const folder = path.join(home, "submission");
		const reports = path.join(home, "reports");
		await Promise.all([reports, path.join(home, "neighbour")].map((place) => mkdir(place)));
		await writeFile(path.join(home, "secret.json"), JSON.stringify({ secret: SECRETS[1] }));
		await writeFile(path.join(home, "neighbour", "raft.ts"), `export const make = 1; // ${SECRETS[1]}`);
		await layOut(hostile, solution, folder);
		const before = await filesIn(home);
		const reporters = ["table", ...REPORTS.map((name) => `${name}=${path.join(reports, name)}`)];
		const args = [...(hostile.tests ?? TESTS), "-t", ".", "-s", "7", "-r", "2", "--no-config", ...LIMITS];
		const env = { RAFT_GRADE_CANARY: SECRETS[0], XDG_CACHE_HOME: reports, HOME: home };
		const program = path.join(ROOT, "grader/bin.js");
		const { code, stdout, stderr } = await run(
			process.execPath,
			[program, ...args, ...reporters.flatMap((reporter) => ["--reporter", reporter])],
			folder,
			env,
		);
		const texts = await Promise.all(REPORTS.map((name) => readFile(path.join(reports, name), "utf8").catch(() => "")));
		const strayFiles = (await filesIn(home)).filter((file) => !before.includes(file) && !file.startsWith(reports));
		const json = texts[0] === undefined || texts[0] === "" ? undefined : (JSON.parse(texts[0]) as GradeReport);
		return { code, said: [stdout, stderr, ...texts].join("\n"), report: json, strayFiles };
	} finally {
		await rm(home, { recursive: true, force: true });
	}
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true, recursive: true });
	return entries.map((entry) => path.join(entry.parentPath, entry.name));
}
