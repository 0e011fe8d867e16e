import { existsSync } from "node:fs";
import path from "node:path";
import { sourcesIn } from "../class/similar-sources.ts";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { findSimilar, type SourceText } from "../similarity/compare.ts";
import { readSource } from "../similarity/read-sources.ts";
import { similarTable } from "../similarity/table.ts";
import { templateSource } from "../similarity/template.ts";
import { writeSimilarity } from "../similarity/write-report.ts";
import { UsageError } from "../usage-error.ts";
import { whyNot } from "../why-not.ts";

export interface SimilarOptions {
	/** Folders of submissions, as `raft-grade class` takes them. */
	readonly folders: readonly string[];
	/** Where the files go. */
	readonly output: string;
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
export async function similar(
	{ folders, output: folderName, template, cwd }: SimilarOptions,
	output: Output,
): Promise<ExitCode> {
	const submissions: SourceText[] = [];
	for (const folder of folders) {
		const prefix = folders.length > 1 ? `${path.basename(path.resolve(cwd, folder))}/` : "";
		const sources = await sourcesIn(folder, cwd, path.resolve(cwd, folderName));
		submissions.push(...sources.map((source) => ({ ...source, name: prefix + source.name })));
	}
	if (template !== undefined && !existsSync(path.resolve(cwd, template)))
		throw new UsageError(`--template ${template}: there is no such file or folder`);
	const given = template === undefined ? templateSource() : await readSource("template", path.resolve(cwd, template));
	const report = await findSimilar(submissions, given);
	try {
		await writeSimilarity(report, path.resolve(cwd, folderName));
	} catch (error) {
		throw new UsageError(`--output ${folderName} cannot be written: ${whyNot(error)}`);
	}
	for (const line of similarTable(report)) output.line(line);
	output.line("");
	output.line(`${path.join(folderName, "similar.html")} shows them side by side; similar.csv has all pairs`);
	return ExitCode.passed;
}
