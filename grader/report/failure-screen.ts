import pc from "picocolors";
import { failureSections, type Section } from "./failure-sections.ts";
import type { FailureReport, TestReport } from "./schema.ts";
import { seconds, WIDTH, wrap } from "./text.ts";
import { untrustedLine } from "./untrusted.ts";

const INDENT = 16;

/** All failures, each on a screen: what happened, where to read, what usually causes it, how to see it again, and what came last. */
export function failureScreens(tests: readonly TestReport[]): string[] {
	const said = new Map<string, string>();
	return tests.flatMap((test) =>
		test.failures.map((failure) => {
			const sections = failureSections(failure, test).map((section) => saidOnce(section, test.test, said));
			return screen(failure, test, sections);
		}),
	);
}

/** Many tests fail for one cause: causes that stand further up are not told again. */
function saidOnce(section: Section, test: string, said: Map<string, string>): Section {
	if (section.label !== "usual causes") return section;
	const text = section.paragraphs.join("\n");
	const before = said.get(text);
	if (before !== undefined) return { ...section, paragraphs: [`as for ${before} above`] };
	said.set(text, test);
	return section;
}

function screen(failure: FailureReport, test: TestReport, sections: readonly Section[]): string {
	const title = `FAIL ${test.test} (${test.part}, ${test.points.possible} points)`;
	const when = failure.contained ? "stopped by the sandbox" : `at ${seconds(failure.atMs)} of virtual time`;
	const lines = sections.flatMap(({ label, paragraphs }) =>
		// Paragraphs stand under a label to the left of the first.
		paragraphs.flatMap(hanging).map((line, i) => pc.bold((i === 0 ? `  ${label}` : "").padEnd(INDENT)) + line),
	);
	return [
		`${pc.red(pc.bold(title))} ${when}`,
		...wrap(untrustedLine(failure.message), WIDTH - 2).map((line) => `  ${line}`),
		...lines,
	].join("\n");
}

/** What follows a hyphen stands under the first word. */
function hanging(paragraph: string): string[] {
	const indent = paragraph.startsWith("- ") ? "  " : "";
	return wrap(paragraph, WIDTH - INDENT - indent.length).map((line, i) => (i === 0 ? line : indent + line));
}
