import path from "node:path";
import type { SourceText } from "../similarity/compare.ts";
import { MODULE, NOT_OWN } from "../similarity/read-sources.ts";
import { BrokenSubmission } from "./files/broken-submission.ts";
import { findModule } from "./files/find-module.ts";
import { USUAL_SUBMISSION_LIMITS } from "./files/limits.ts";
import { openSource } from "./files/open-source.ts";
import type { SubmissionFiles } from "./files/submission-files.ts";
import { nameAll, type Submission } from "./find/submission.ts";
import { findSubmissions } from "./find/submissions.ts";
import type { Gradable } from "./grade-class.ts";
import { type PrepareOptions, withFiles } from "./prepare.ts";

/** The submissions of a class that is graded as texts to be compared. Those that have changed meanwhile are left out. */
export async function similarSources(
	submissions: readonly Gradable[],
	options: PrepareOptions,
): Promise<readonly SourceText[]> {
	const sources: SourceText[] = [];
	for (const one of submissions) {
		const job = await withFiles(one, options);
		if (job !== undefined) sources.push({ name: one.submission.slug, files: ownModules(job, job.root) });
	}
	return sources;
}

/**
 * The same of a class that is not graded: whatever `raft-grade class` takes as submissions.
 *
 * @param except - a folder that is not to be looked into.
 * @throws UsageError if there are none.
 */
export async function sourcesIn(spec: string, cwd: string, except: string): Promise<readonly SourceText[]> {
	const { submissions } = await findSubmissions(spec, { at: undefined, cwd, except });
	const sources: SourceText[] = [];
	for (const submission of nameAll(submissions)) sources.push(await sourceOf(submission));
	return sources;
}

async function sourceOf({ slug, source }: Submission): Promise<SourceText> {
	try {
		const files = await openSource(source, USUAL_SUBMISSION_LIMITS);
		return { name: slug, files: ownModules(files, rootOf(files)) };
	} catch (error) {
		if (error instanceof BrokenSubmission) return { name: slug, files: [], unreadable: error.message };
		throw error;
	}
}

/** Where its main module is, there is what counts; of two attempts, say, it's the last. What has no main module can be compared all the same. */
function rootOf(files: SubmissionFiles): string {
	try {
		return findModule(files, undefined).root;
	} catch (error) {
		if (error instanceof BrokenSubmission) return "";
		throw error;
	}
}

/** The modules in a folder of a submission's files. */
function ownModules({ files }: Pick<SubmissionFiles, "files">, root: string): SourceText["files"] {
	return [...files].flatMap(([name, content]) => {
		const own = path.posix.relative(root, name);
		const isOwn = !own.split("/").some((part) => part.startsWith(".") || NOT_OWN.has(part));
		return isOwn && MODULE.test(own) ? [{ name: own, text: content.toString("utf8") }] : [];
	});
}
