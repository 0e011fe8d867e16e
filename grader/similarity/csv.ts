import { csvText } from "../report/csv-text.ts";
import type { SimilarityReport } from "./compare.ts";
import { groupsOf } from "./groups.ts";
import { pageOf } from "./pages.ts";

/** All pairs that are alike beyond chance, for a spreadsheet. */
export function similarCsv({ pairs }: SimilarityReport): string {
	const groups = groupsOf(pairs);
	const rows = pairs.map(({ a, b, share }, i) => [
		a.name,
		b.name,
		share.toFixed(3),
		String(groups.findIndex((group) => group.includes(a.name)) + 1),
		pageOf(i) ?? "",
	]);
	return csvText([["a", "b", "share", "group", "page"], ...rows]);
}
