import { readFileSync } from "node:fs";
import path from "node:path";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { REPORT_FORMAT } from "../report/format.ts";
import { mergeReports } from "../report/merge.ts";
import { parseReporters } from "../report/reporter-option.ts";
import { type GradeReport, gradeReport } from "../report/schema.ts";
import { openReports } from "../report/sinks.ts";
import { describeIssues } from "../schema-issues.ts";
import { UsageError } from "../usage-error.ts";

export interface MergeOptions {
	/** The JSON reports, one of each shard, in any order. */
	readonly files: readonly string[];
	/** The values of --reporter, as typed. */
	readonly reporters: readonly string[];
	/** Where paths are relative to, as an absolute path. */
	readonly cwd: string;
}

/**
 * Merges the reports of all shards of a grading, and reports as if it had been made in one go.
 *
 * @returns the exit code of that grading.
 * @throws UsageError for a file that is no report, reports that are not the shards of one grading, or a reporter that cannot write.
 */
export async function merge({ files, reporters, cwd }: MergeOptions, output: Output): Promise<ExitCode> {
	const report = mergeReports(
		files.map((file) => readReport(file, cwd)),
		files,
	);
	const { target, seed, tests } = report;
	const reports = await openReports(parseReporters(reporters), { env: process.env, cwd }, (text) => output.write(text));
	if (report.status !== "unusable") {
		reports.begin({
			target: target.name,
			seed,
			tests: tests.length,
			runs: tests.reduce((sum, { planned }) => sum + planned, 0),
			schedules: `merged from ${files.length} ${files.length === 1 ? "shard" : "shards"}`,
		});
		for (const test of tests) reports.test(test);
	}
	reports.end(report);
	if (report.message !== null) output.error(`raft-grade: ${report.message}`);
	return ExitCode[report.status];
}

/**
 * Reads a JSON report.
 *
 * @throws UsageError if the file is not there, is no report, is of another format, or is broken.
 */
function readReport(file: string, cwd: string): GradeReport {
	const value = parse(readText(file, cwd), file);
	const format =
		typeof value === "object" && value !== null && "tool" in value && "format" in value ? value.format : undefined;
	if (format === undefined) {
		throw new UsageError(`${file} is no report of raft-grade's: name files that --reporter json=file wrote`);
	}
	if (format !== REPORT_FORMAT) {
		throw new UsageError(
			`${file} is a report of format ${JSON.stringify(format)}, and this raft-grade reads format ${REPORT_FORMAT}: merge with the version that wrote it`,
		);
	}
	const checked = gradeReport.safeParse(value);
	if (checked.success) return checked.data;
	const [first, ...more] = describeIssues(checked.error, value);
	const others = more.length > 0 ? ` (and ${more.length} more problems)` : "";
	throw new UsageError(`${file} is a broken report: ${first}${others}; let raft-grade write it again`);
}

function readText(file: string, cwd: string): string {
	try {
		return readFileSync(path.resolve(cwd, file), "utf8");
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") throw new UsageError(`there is no report ${file}`);
		if (code === "EISDIR")
			throw new UsageError(`${file} is a folder: name the report files in it, such as ${file}/*.json`);
		throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
	}
}

function parse(text: string, file: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new UsageError(
			`${file} is not valid JSON, perhaps cut short: ${(error as Error).message.replaceAll(/\s+/g, " ")}`,
		);
	}
}
