import { failureSections } from "./failure-sections.ts";
import type { FailureReport, TestReport } from "./schema.ts";
import { seconds } from "./text.ts";
import { untrustedLine } from "./untrusted.ts";

const INDENT = 16;

/** All that went wrong in a test, as plain text for a reader that shows lines as they are: no wrapping, no colours. Whole lines. */
export function failuresText(test: TestReport): string {
	return test.failures.map((failure) => failureText(failure, test)).join("\n");
}

function failureText(failure: FailureReport, test: TestReport): string {
	const sections = failureSections(failure, test).flatMap(({ label, paragraphs }) =>
		paragraphs.map((paragraph, i) => `  ${(i === 0 ? label : "").padEnd(INDENT - 2)}${paragraph}`),
	);
	return [failureHead(failure), ...sections].map((line) => `${line}\n`).join("");
}

/** What happened and when, on one line. */
export function failureHead(failure: FailureReport): string {
	return `${untrustedLine(failure.message)} (${failureTime(failure)})`;
}

/** When it happened. */
export function failureTime({ atMs, contained }: FailureReport): string {
	return contained ? "stopped by the sandbox" : `at ${seconds(atMs)} of virtual time`;
}
