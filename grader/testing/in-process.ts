import { readFileSync } from "node:fs";
import path from "node:path";
import type { ExitCode } from "../exit-code.ts";
import { type GradeReport, gradeReport } from "../report/schema.ts";
import { heard } from "./heard.ts";

/** What a command wrote, without colours, and how it ended. */
export interface InProcessResult {
	readonly code: ExitCode;
	/** All it wrote. */
	readonly text: string;
	/** What of it went to standard error. */
	readonly errors: string;
}

/**
 * Runs raft-grade in this process, as if in a folder: quicker than a process of its own. The folder is the process's until it is done, so one
 * at a time.
 */
export async function commandIn(folder: string, args: readonly string[]): Promise<InProcessResult> {
	const before = process.cwd();
	process.chdir(folder);
	try {
		const [all, errors] = [heard(), heard()];
		const error = (line: string) => {
			all.error(line);
			errors.error(line);
		};
		// Imported as it imports its commands: a module that is required and imported is there twice, and so are its classes.
		const { main } = await import("../main.ts");
		const code = await main(args, { ...all, error });
		return { code, text: all.text(), errors: errors.text() };
	} finally {
		process.chdir(before);
	}
}

/** What {@link reportOf} gives. */
export interface ReportedResult extends InProcessResult {
	readonly report: GradeReport;
}

/** Grades in a folder, in this process. Returns the JSON report too. */
export async function reportOf(folder: string, args: readonly string[]): Promise<ReportedResult> {
	const result = await commandIn(folder, [...args, "--reporter", "json=report.json"]);
	return { ...result, report: readReport(path.join(folder, "report.json")) };
}

/** Reads a JSON report. */
export function readReport(file: string): GradeReport {
	return gradeReport.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** A report without what may differ from one grading to the next: real time. */
export function withoutTimes(report: GradeReport): GradeReport {
	const tests = report.tests.map((test) => ({ ...test, runs: test.runs.map((run) => ({ ...run, wallMs: 0 })) }));
	return { ...report, wallMs: 0, tests };
}
