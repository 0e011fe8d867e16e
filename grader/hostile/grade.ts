import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { GradeReport } from "../report/schema.ts";
import { ROOT, run } from "../testing/command.ts";
import { type Hostile, testsOf } from "./hostile.ts";
import { layOut } from "./lay-out.ts";
import type { Verdicts } from "./verdicts.ts";

/** What must appear nowhere: one lies in the grader's environment, the other in files beside the submission. */
export const SECRETS = ["canary-in-the-environment-7c1e", "canary-in-a-file-40bd"] as const;

/** What a grading by the real command gave. */
export interface Graded extends Verdicts {
	readonly code: number | null;
	/** Files that lie outside of where reports and caches belong, and didn't before. */
	readonly strayFiles: readonly string[];
}

const LIMITS = ["--step-timeout", "0.5", "--memory", "256", "--jobs", "1"];
const REPORTS = ["json", "junit", "markdown"];

/** Grades a hostile submission by the real command, in a folder with secrets beside it. */
export async function gradeHostile(hostile: Hostile): Promise<Graded> {
	const home = await realpath(await mkdtemp(path.join(os.tmpdir(), "raft-grade-hostile-")));
	try {
		const folder = path.join(home, "submission");
		const reports = path.join(home, "reports");
		await Promise.all([reports, path.join(home, "neighbour")].map((place) => mkdir(place)));
		await writeFile(path.join(home, "secret.json"), JSON.stringify({ secret: SECRETS[1] }));
		await writeFile(path.join(home, "neighbour", "raft.ts"), `export const make = 1; // ${SECRETS[1]}`);
		await layOut(hostile, "reference", folder);
		const before = await filesIn(home);
		const reporters = ["table", ...REPORTS.map((name) => `${name}=${path.join(reports, name)}`)];
		const args = [...testsOf(hostile), "-t", ".", "-s", "7", "-r", "2", "--no-config", ...LIMITS];
		const env = { RAFT_GRADE_CANARY: SECRETS[0], XDG_CACHE_HOME: reports, HOME: home };
		const program = path.join(ROOT, "grader/bin.js");
		const { code, stdout, stderr } = await run(
			process.execPath,
			[program, ...args, ...reporters.flatMap((reporter) => ["--reporter", reporter])],
			folder,
			env,
		);
		const texts = await Promise.all(REPORTS.map((name) => readFile(path.join(reports, name), "utf8").catch(() => "")));
		const strayFiles = (await filesIn(home)).filter((file) => !before.includes(file) && !isRemembered(file, reports));
		const said = [stdout, stderr, ...texts].join("\n");
		const [json = ""] = texts;
		// Where the command itself cannot be carried out, there is no report.
		const report = json === "" ? undefined : (JSON.parse(json) as GradeReport);
		return { ...toVerdicts(report, stderr), code, said, strayFiles };
	} finally {
		await rm(home, { recursive: true, force: true });
	}
}

function toVerdicts(report: GradeReport | undefined, stderr: string): Omit<Verdicts, "said"> {
	const tests = report?.tests ?? [];
	return {
		unusable: report === undefined ? stderr : (report.message ?? undefined),
		passed: tests.filter(({ status }) => status === "passed").map(({ test }) => test),
		failures: tests.flatMap(({ test, failures }) => failures.map((failure) => ({ ...failure, test }))),
	};
}

/** Reports, and what raft-grade remembers of the last failures. */
function isRemembered(file: string, reports: string): boolean {
	return file.startsWith(reports) || /submission\/node_modules\/\.cache(?:$|\/raft-grade)/.test(file);
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true, recursive: true });
	return entries.map((entry) => path.join(entry.parentPath, entry.name));
}
