import pc from "picocolors";
import { failureSections } from "./failure-sections.ts";
import type { FailureReport, TestReport } from "./schema.ts";
import { seconds, WIDTH, wrap } from "./text.ts";
import { untrustedLine } from "./untrusted.ts";

const INDENT = 16;

/** A failure, on one screen: what happened, where to read, what usually causes it, how to see it again, and what came last. */
export function failureScreen(failure: FailureReport, test: TestReport): string {
	const title = `FAIL ${test.test} (${test.part}, ${test.points.possible} points)`;
	const when = failure.contained ? "stopped by the sandbox" : `at ${seconds(failure.atMs)} of virtual time`;
	const sections = failureSections(failure, test).flatMap(({ label, paragraphs }) => {
		const lines = paragraphs.flatMap(hanging);
		// Paragraphs stand under a label to the left of the first.
		return lines.map((line, i) => pc.bold((i === 0 ? `  ${label}` : "").padEnd(INDENT)) + line);
	});
	return [
		`${pc.red(pc.bold(title))} ${when}`,
		...wrap(untrustedLine(failure.message), WIDTH - 2).map((line) => `  ${line}`),
		...sections,
	].join("\n");
}

/** What follows a hyphen stands under the first word. */
function hanging(paragraph: string): string[] {
	const indent = paragraph.startsWith("- ") ? "  " : "";
	return wrap(paragraph, WIDTH - INDENT - indent.length).map((line, i) => (i === 0 ? line : indent + line));
}
