import { createHash } from "node:crypto";
import type { Seed } from "../../harness/index.ts";
import { bundleRuntime } from "../../harness/machine/bundle.ts";
import type { PlannedTest } from "../grading/plan.ts";
import { readVersion } from "../package-root.ts";
import type { Policy } from "../policy/policy.ts";
import type { GradeReport } from "../report/schema.ts";
import { workerCode } from "../worker/code.ts";
import type { WorkerLimits } from "../worker/worker-process.ts";
import type { SubmissionFiles } from "./files/submission-files.ts";

/** What all submissions of a class are graded by: the same for everybody. Plain data. */
export interface ClassGrading {
	readonly policy: Policy;
	readonly tests: readonly PlannedTest[];
	readonly seed: Seed;
	readonly limits: WorkerLimits;
	/** Whether the packages in a submission's lockfile are installed. */
	readonly allowDependencies: boolean;
}

/** A submission that is to be graded. */
export interface Job {
	/** What its result is kept under: {@link keyOf}. */
	readonly key: string;
	/** The SHA-256 of its files: see contentHash. */
	readonly content: string;
	/** The folder that is the submission's own, relative to all of its files. */
	readonly root: string;
	/** Its main module, relative to that folder. */
	readonly file: string;
}

/** A job and what it is about. */
export interface FullJob extends Job {
	readonly files: SubmissionFiles["files"];
}

/** What came of a job. */
export interface JobResult {
	readonly report: GradeReport;
	/** Real seconds, from its files to the report. */
	readonly seconds: number;
}

/** Carries out jobs: on this machine, or elsewhere. */
export interface Graders {
	/** How many jobs it takes at once. */
	readonly capacity: number;
	/**
	 * @param onShare - hears how much of the job is done, from 0 to 1.
	 * @throws GraderFault if raft-grade itself is at fault, UsageError if the course is: then no other submission can be graded either.
	 */
	grade(job: FullJob, onShare: (share: number) => void): Promise<JobResult>;
	/** Hears that a job's result is kept: nothing of it is needed any more. */
	onKept?(key: string): void;
	/** Ends everything, jobs under way too. */
	close(): Promise<void>;
}

/** A fault of raft-grade's own; the other jobs can still be carried out. */
export class GraderFault extends Error {
	override name = "GraderFault";
}

/**
 * Names everything that a result depends on besides the submission: raft-grade, the labs, the policy, the runs.
 *
 * @param known - the workers' code for that policy, if it is known already.
 */
export async function gradingKey(
	{ policy, tests, limits, allowDependencies }: ClassGrading,
	known?: string,
): Promise<string> {
	const [code, runtime] = await Promise.all([
		known ?? workerCode(policy.suites.map(({ file }) => file)),
		bundleRuntime(),
	]);
	const hashes = [code, runtime].map((text) => createHash("sha256").update(text).digest("hex"));
	return digest({ version: readVersion(), hashes, scoring: policy.scoring, tests, limits, allowDependencies });
}

/** What a result is kept under: the same submission, graded by the same rules, gets the same. */
export function keyOf(grading: string, content: string, root: string, file: string): string {
	return digest({ grading, content, root, file });
}

function digest(value: unknown): string {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
