import path from "node:path";
import { recordRuns } from "../replay/record.ts";
import { renderPage } from "../replay/render-page.ts";
import { TRACE_FOLDER, tracePath } from "../replay/trace-path.ts";
import { ReportFile } from "../report/report-file.ts";
import { runName } from "../run-name.ts";
import type { Pool } from "../worker/pool.ts";
import type { ExplainedRun } from "./explaining.ts";
import type { PlannedTest } from "./plan.ts";

/** Where pages go. */
export interface TraceOptions {
	/** As the user named it; "" for the usual one. */
	readonly folder: string;
	readonly cwd: string;
	readonly target: string;
}

/**
 * Writes the page of each failing test's first failure. Those of hidden tests go to a folder of their own, so that the others can be handed out. What
 * the sandbox stopped is not let loose again.
 *
 * @returns the pages' files by the runs' names.
 * @throws UsageError for a file that cannot be written.
 */
export async function writeTraces(
	pool: Pool,
	tests: readonly PlannedTest[],
	explained: ReadonlyMap<string, readonly ExplainedRun[]>,
	{ folder, cwd, target }: TraceOptions,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	const root = folder === "" ? TRACE_FOLDER : folder;
	const runs = tests.flatMap((test) => {
		const [first] = [...(explained.get(test.test) ?? [])]
			.filter(({ failure }) => !failure.isContained)
			.sort((a, b) => a.run.repetition - b.run.repetition);
		if (first === undefined) return [];
		const name = runName(test.test, first.run);
		const page = tracePath(name, test.visibility === "hidden" ? path.join(root, "hidden") : root);
		return [
			{ order: first.run, name, title: test.title, target, story: first.story, page, file: new ReportFile(page, cwd) },
		];
	});
	const pages = new Map<string, string>();
	const writing: Promise<void>[] = [];
	const write = async ({ name, page, file }: (typeof runs)[number], html: Promise<string>) => {
		file.write(await html);
		pages.set(name, page);
	};
	await recordRuns(
		pool,
		runs,
		(run, recording) => writing.push(write(run, renderPage(recording.toJournal(run.story)))),
		signal,
	);
	await Promise.all(writing);
	return pages;
}
