import { BrokenSubmission } from "./files/broken-submission.ts";
import { type FoundModule, findModule } from "./files/find-module.ts";
import type { SubmissionLimits } from "./files/limits.ts";
import { openSource } from "./files/open-source.ts";
import { contentHash, type SubmissionFiles } from "./files/submission-files.ts";
import type { Submission } from "./find/submission.ts";
import { type FullJob, type Job, keyOf } from "./job.ts";

/** How submissions are read. */
export interface PrepareOptions {
	readonly limits: SubmissionLimits;
	/** Where the course says that the main module is. */
	readonly expected: string | undefined;
	/** What results depend on besides the submission: see gradingKey. */
	readonly gradingKey: string;
}

/** A submission that has been looked into. Its files are not kept: there may be hundreds. */
export type Prepared = { readonly submission: Submission; readonly notes: readonly string[] } & (
	| { readonly job: Job; readonly module: FoundModule }
	/** It cannot be graded: a sentence for its student. */
	| { readonly job: undefined; readonly broken: string }
);

/** Looks into a submission, and finds out what is to be graded. */
export async function prepare(submission: Submission, options: PrepareOptions): Promise<Prepared> {
	let notes: readonly string[] = [];
	try {
		const files = await openSource(submission.source, options.limits);
		notes = files.notes;
		const module = findModule(files, options.expected);
		return { submission, notes, module, job: toJob(files, module, options) };
	} catch (error) {
		if (error instanceof BrokenSubmission) return { submission, notes, job: undefined, broken: error.message };
		throw error;
	}
}

function toJob(files: SubmissionFiles, { root, file }: FoundModule, { gradingKey }: PrepareOptions): Job {
	const content = contentHash(files);
	return { key: keyOf(gradingKey, content, root, file), content, root, file };
}

/**
 * Reads a submission's files again, to have it graded.
 *
 * @returns undefined if they are not what they were.
 */
export async function withFiles(
	{ submission, job }: Prepared & { readonly job: Job },
	{ limits }: PrepareOptions,
): Promise<FullJob | undefined> {
	try {
		const files = await openSource(submission.source, limits);
		return contentHash(files) === job.content ? { ...job, files: files.files } : undefined;
	} catch (error) {
		if (error instanceof BrokenSubmission) return undefined;
		throw error;
	}
}
