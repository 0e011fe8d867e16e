import path from "node:path";
import type { SourceText } from "../similarity/compare.ts";
import { MODULE, NOT_OWN } from "../similarity/read-sources.ts";
import type { Gradable } from "./grade-class.ts";
import { type PrepareOptions, withFiles } from "./prepare.ts";

/** The submissions of a class as texts to be compared: the modules in each one's folder. Those that have changed meanwhile are left out. */
export async function similarSources(
	submissions: readonly Gradable[],
	options: PrepareOptions,
): Promise<readonly SourceText[]> {
	const sources: SourceText[] = [];
	for (const one of submissions) {
		const job = await withFiles(one, options);
		if (job === undefined) continue;
		const files = [...job.files].flatMap(([name, content]) => {
			const own = path.posix.relative(job.root, name);
			const isOwn = !own.split("/").some((part) => part.startsWith(".") || NOT_OWN.has(part));
			return isOwn && MODULE.test(own) ? [{ name: own, text: content.toString("utf8") }] : [];
		});
		sources.push({ name: one.submission.slug, files });
	}
	return sources;
}
