import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { openSession } from "../grading/session.ts";
import { recordWithStory } from "../replay/record.ts";
import { renderPage } from "../replay/render-page.ts";
import { describePlace } from "../report/failure-sections.ts";
import type { FailureReport, GradeReport, TestReport } from "../report/schema.ts";
import { parseRun } from "../run-name.ts";
import { installDependencies } from "./dependencies.ts";
import { toJudging } from "./grade-job.ts";
import type { ClassGrading, FullJob } from "./job.ts";
import { layOut } from "./lay-out.ts";

/** A failure of which a page is made. */
export interface ShownFailure {
	/** test@seed. */
	readonly run: string;
	readonly test: TestReport;
	readonly failure: FailureReport;
}

/** The first failure that a student may see, and the first in a hidden test, for staff. What the sandbox stopped is not let loose again. */
export function shownFailures({ tests }: GradeReport): readonly ShownFailure[] {
	return (["visible", "hidden"] as const).flatMap((visibility) => {
		const failures = tests
			.filter((test) => test.visibility === visibility)
			.flatMap((test) => test.failures.map((failure) => ({ run: failure.runs[0] ?? "", test, failure })));
		return failures.find(({ failure }) => !failure.contained) ?? [];
	});
}

/**
 * Makes the runs of a submission again that are to be shown, and their pages, by the runs' names.
 *
 * @param code - the workers' own code.
 */
export async function failurePages(
	grading: ClassGrading,
	job: FullJob,
	shown: readonly ShownFailure[],
	{ workFolder, code }: { readonly workFolder: string; readonly code: string },
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	await mkdir(workFolder, { recursive: true });
	const work = await realpath(await mkdtemp(path.join(workFolder, "pages-")));
	try {
		const all = path.join(work, "submission");
		await mkdir(all);
		await layOut(job.files, all);
		const folder = path.join(all, ...job.root.split("/"));
		if (grading.allowDependencies) await installDependencies(job.files, job.root, folder, path.join(work, "install"));
		const { session } = toJudging(grading, { name: job.file, file: path.join(folder, job.file), folder }, code);
		const { pool } = await openSession(session, signal);
		const pages = new Map<string, string>();
		try {
			for (const { run, test, failure } of shown) {
				const order = { ...parseRun(run.slice(test.test.length + 1)), test: test.test, purpose: "record" as const };
				const what = { order, name: run, title: test.title, target: job.file };
				const journal = await recordWithStory(pool, what, signal);
				if (journal === undefined || journal.failure === null) continue;
				// Where it is unpacked now is nobody's business.
				const places = failure.places.map(describePlace);
				pages.set(
					run,
					await renderPage({ ...journal, failure: { ...journal.failure, message: failure.message, places } }),
				);
			}
		} finally {
			pool.close();
		}
		return pages;
	} finally {
		await rm(work, { recursive: true, force: true, maxRetries: 3 });
	}
}
