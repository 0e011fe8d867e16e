import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { countRuns, judge } from "../grading/judge.ts";
import { ReportBuilder } from "../grading/report-builder.ts";
import type { Target } from "../target.ts";
import { installDependencies } from "./dependencies.ts";
import { BrokenSubmission } from "./files/broken-submission.ts";
import type { ClassGrading, FullJob, JobResult } from "./job.ts";
import { layOut } from "./lay-out.ts";

export interface GradeJobOptions {
	/** A folder in which to make folders, as an absolute path. */
	readonly workFolder: string;
	/** The workers' own code. */
	readonly code: string;
	readonly signal: AbortSignal;
	/** Hears how much is done, from 0 to 1. */
	readonly onShare: (share: number) => void;
}

/**
 * Grades one submission as the single command does in the submission's folder: by the same code, and with that folder as the process's own, to which
 * all paths in messages are relative. So a process grades one at a time.
 *
 * @throws WorkerFault for a fault of raft-grade itself.
 */
export async function gradeJob(grading: ClassGrading, job: FullJob, options: GradeJobOptions): Promise<JobResult> {
	const { workFolder, code, signal, onShare } = options;
	const beganMs = performance.now();
	const away = process.cwd();
	await mkdir(workFolder, { recursive: true });
	const work = await realpath(await mkdtemp(path.join(workFolder, "job-")));
	try {
		const all = path.join(work, "submission");
		await mkdir(all);
		await layOut(job.files, all);
		const folder = path.join(all, ...job.root.split("/"));
		const judging = toJudging(grading, { name: job.file, file: path.join(folder, job.file), folder }, code);
		process.chdir(folder);
		const report = await (async () => {
			try {
				if (grading.allowDependencies)
					await installDependencies(job.files, job.root, folder, path.join(work, "install"));
			} catch (error) {
				if (!(error instanceof BrokenSubmission)) throw error;
				return new ReportBuilder(judging).unusable(error.message, 0);
			}
			const runs = countRuns(judging.tests);
			let done = 0;
			return judge(judging, { ran: () => onShare(++done / runs) }, signal);
		})();
		return { report, seconds: (performance.now() - beganMs) / 1000 };
	} finally {
		process.chdir(away);
		await rm(work, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** @param code - the workers' own code, if anything is to be run. */
export function toJudging({ policy, tests, seed, limits }: ClassGrading, target: Target, code = "") {
	return {
		// A worker for each submission: several submissions at once leave no core idle while one of them starts or ends.
		session: { target, policy, limits, jobs: 1, code },
		tests,
		seed,
		// Students run it again in their own folders, without the course's config.
		options: { bail: false, target: undefined, config: undefined, shard: undefined },
	};
}
