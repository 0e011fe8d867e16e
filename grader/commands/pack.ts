import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import pc from "picocolors";
import type { Seed } from "../../harness/index.ts";
import { drawSeed } from "../draw-seed.ts";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { gradescopeArchive } from "../pack/gradescope.ts";
import { policyFiles } from "../pack/policy-files.ts";
import { loadPolicy } from "../policy/load.ts";
import { roundPoints } from "../report/points.ts";
import { WIDTH, wrap } from "../report/text.ts";
import { selectTests } from "../selection.ts";
import { UsageError } from "../usage-error.ts";
import { whyNot } from "../why-not.ts";
import { checkSuites } from "./check-config.ts";

export interface PackOptions {
	/** Parts and tests; none for all. */
	readonly words: readonly string[];
	/** The archive to write, relative to `cwd`. */
	readonly output: string;
	readonly config: string | false | undefined;
	readonly raceRepeat: number | undefined;
	readonly seed: Seed | undefined;
	readonly jobs: number;
	/** Real minutes that a grading may take. */
	readonly minutes: number;
	/** An absolute path. */
	readonly cwd: string;
}

/**
 * `raft-grade pack gradescope`: makes the archive that a course uploads as its autograder.
 *
 * @throws UsageError for a policy with problems, an unknown test, or a file that cannot be written.
 */
export async function packGradescope(options: PackOptions, output: Output): Promise<ExitCode> {
	const { words, raceRepeat, jobs, minutes, cwd } = options;
	const policy = await loadPolicy(options.config, cwd);
	const selected = selectTests(words, undefined, policy.known, policy.tests);
	if (selected.some(({ seed }) => seed !== undefined))
		throw new UsageError("pack: name parts and tests without seeds: --seed is for all of them");
	const name = policy.file === undefined ? undefined : path.relative(cwd, policy.file);
	if (name !== undefined) await checkSuites(policy, name, cwd);
	const files = policy.file === undefined ? undefined : await policyFiles(policy.file, policy);
	const seed = options.seed ?? policy.seed ?? drawSeed();
	const archive = await gradescopeArchive({ words, policy: files, raceRepeat, seed, jobs, limitS: 60 * minutes });
	try {
		const file = path.resolve(cwd, options.output);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, archive);
	} catch (error) {
		throw new UsageError(`${options.output} cannot be written: ${whyNot(error)}`);
	}

	const tests = selected.map(({ test }) => test);
	const schedules = tests.reduce((sum, { repeats }) => sum + (raceRepeat ?? repeats ?? 1), 0);
	const points = roundPoints(tests.reduce((sum, test) => sum + test.points, 0));
	const isDrawn = options.seed === undefined && policy.seed === undefined;
	output.line(pc.bold(`${options.output}, ${(archive.length / 2 ** 20).toFixed(1)} MB, for Gradescope`));
	output.line("");
	const row = (label: string, text: string) => {
		for (const [i, line] of wrap(text, WIDTH - INDENT).entries())
			output.line(pc.bold((i === 0 ? label : "").padEnd(INDENT)) + line);
	};
	row("grades", `${tests.length} tests, ${schedules} schedules, ${points} points`);
	row("seed", `${seed}${isDrawn ? ", drawn just now" : ""}: the same for all submissions`);
	row("policy", files === undefined ? "none" : `${name}, and ${files.files.size - 1} files that belong to it`);
	row("stops", `after ${minutes} minutes, with what is graded by then; set Gradescope's own timeout above that`);
	row("needs", `${jobs} ${jobs === 1 ? "worker" : "workers"}: give the container as many cores, and 1 GB for each`);
	output.line("");
	output.line("Upload it under Configure Autograder, with Ubuntu 22.04 as the base image.");
	return ExitCode.passed;
}

const INDENT = 12;
