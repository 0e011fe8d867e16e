import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SimilarityReport } from "./compare.ts";
import { similarCsv } from "./csv.ts";
import { similarPages } from "./pages.ts";

/** Writes similar.csv, similar.html and the pages of the pairs into a folder, in the place of those of an earlier time. */
export async function writeSimilarity(report: SimilarityReport, folder: string): Promise<void> {
	await rm(path.join(folder, "similar"), { recursive: true, force: true });
	await mkdir(path.join(folder, "similar"), { recursive: true });
	await writeFile(path.join(folder, "similar.csv"), similarCsv(report));
	for (const [file, text] of similarPages(report)) await writeFile(path.join(folder, file), text);
}
