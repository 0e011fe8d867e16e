import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { tracePath } from "../replay/trace-path.ts";
import type { GradeReport } from "../report/schema.ts";
import type { ShownFailure } from "./failure-pages.ts";
import type { WholeFiles } from "./whole-files.ts";

const record = z.object({
	/** The result that the pages belong to. */
	key: z.string(),
	/** Files in the results' folder, by the names of the runs that they show. */
	pages: z.record(z.string(), z.string()),
});

/** The pages of a student's failures, by the runs' names. */
export type Pages = Readonly<Record<string, string>>;

/**
 * The pages of failures in the results of a class: what students may see lies with their feedback, what is of hidden tests in `traces/`. It is
 * remembered of which result they are, so that none of them stays when that is another: its test may be hidden by now.
 */
export class KeptPages {
	readonly #folder: string;
	readonly #files: WholeFiles;

	/** @param folder - the folder for the results of the class. */
	constructor(folder: string, files: WholeFiles) {
		this.#folder = folder;
		this.#files = files;
	}

	/** The pages of a student's result. Those of another result of theirs are deleted. */
	async of(slug: string, key: string | undefined): Promise<Pages | undefined> {
		const known = await this.#read(slug);
		if (known === undefined || known.key === key) return known?.pages;
		for (const page of Object.values(known.pages)) await rm(path.join(this.#folder, page), { force: true });
		await rm(this.#record(slug), { force: true });
		return undefined;
	}

	async put(
		slug: string,
		key: string,
		shown: readonly ShownFailure[],
		pages: ReadonlyMap<string, string>,
	): Promise<void> {
		const places: Record<string, string> = {};
		for (const { run, test } of shown) {
			if (pages.has(run))
				places[run] = tracePath(run, path.join(test.visibility === "hidden" ? "traces" : "feedback", slug));
		}
		// Remembered first: nothing lies there that nobody knows of.
		await this.#files.keep(this.#record(slug), JSON.stringify({ key, pages: places }));
		for (const [run, place] of Object.entries(places))
			await this.#files.show(path.join(this.#folder, place), pages.get(run) ?? "");
	}

	async #read(slug: string): Promise<z.infer<typeof record> | undefined> {
		try {
			return record.parse(JSON.parse(await readFile(this.#record(slug), "utf8")));
		} catch {
			return undefined;
		}
	}

	#record(slug: string): string {
		return path.join(this.#folder, ".raft-grade/pages", `${slug}.json`);
	}
}

/** A report that names the pages of its failures. */
export function withPages(report: GradeReport, pages: Pages | undefined): GradeReport {
	if (pages === undefined || Object.keys(pages).length === 0) return report;
	const tests = report.tests.map((test) => ({
		...test,
		failures: test.failures.map((failure) => {
			const trace = Object.hasOwn(pages, failure.runs[0] ?? "") ? pages[failure.runs[0] ?? ""] : undefined;
			return trace === undefined ? failure : { ...failure, trace };
		}),
	}));
	return { ...report, tests };
}
