import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { findSimilar } from "../similarity/compare.ts";
import { similarCsv } from "../similarity/csv.ts";
import { similarPages } from "../similarity/pages.ts";
import { readSource, readSubmissions } from "../similarity/read-sources.ts";
import { similarTable } from "../similarity/table.ts";
import { templateSource } from "../similarity/template.ts";
import { UsageError } from "../usage-error.ts";

export interface SimilarOptions {
	/** Folders of submissions. */
	readonly folders: readonly string[];
	/** Where the files go. */
	readonly out: string;
	/** What students were given; undefined for the template that comes along. */
	readonly template: string | undefined;
	/** Where paths are relative to, as an absolute path. */
	readonly cwd: string;
}

/**
 * `raft-grade similar <submissions>`: the pairs of submissions that are alike beyond chance, as a table, similar.csv and similar.html.
 *
 * @throws UsageError if there is nothing to compare, or the files cannot be written.
 */
export async function similar({ folders, out, template, cwd }: SimilarOptions, output: Output): Promise<ExitCode> {
	const submissions = [];
	for (const folder of folders) {
		const prefix = folders.length > 1 ? `${path.basename(path.resolve(cwd, folder))}/` : "";
		submissions.push(...(await readSubmissions(path.resolve(cwd, folder), prefix)));
	}
	if (template !== undefined && !existsSync(path.resolve(cwd, template)))
		throw new UsageError(`--template ${template}: there is no such file or folder`);
	const given = template === undefined ? templateSource() : await readSource("template", path.resolve(cwd, template));
	const report = await findSimilar(submissions, given);
	try {
		const folder = path.resolve(cwd, out);
		// Pages of pairs that are no longer among them.
		await rm(path.join(folder, "similar"), { recursive: true, force: true });
		await mkdir(path.join(folder, "similar"), { recursive: true });
		await writeFile(path.join(folder, "similar.csv"), similarCsv(report));
		for (const [file, text] of similarPages(report)) await writeFile(path.join(folder, file), text);
	} catch (error) {
		throw new UsageError(`--out ${out} cannot be written: ${(error as Error).message}`);
	}
	for (const line of similarTable(report)) output.line(line);
	output.line("");
	output.line(`${path.join(out, "similar.html")} shows them side by side; similar.csv has all pairs`);
	return ExitCode.passed;
}
