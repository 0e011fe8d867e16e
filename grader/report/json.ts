import { jsonText } from "./json-text.ts";
import type { Reporter } from "./reporter.ts";

/** The report itself, for programs: docs/schemas/report-1.schema.json describes it. */
export function jsonReporter(): Reporter {
	return { end: (report) => `${jsonText(report, "\t")}\n` };
}
