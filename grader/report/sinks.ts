import { stripVTControlCharacters } from "node:util";
import { ReportFile, SharedFile } from "./report-file.ts";
import type { AppendedFile, Reporter, ReporterContext, ReportHeader } from "./reporter.ts";
import type { ReporterChoice } from "./reporter-option.ts";
import { makeReporter } from "./reporters.ts";
import type { GradeReport, TestReport } from "./schema.ts";

/** Several reports of one grading, each on its way to where it was asked to go. */
export interface Reports {
	begin(header: ReportHeader): void;
	test(test: TestReport): void;
	/**
	 * Writes all files.
	 *
	 * @throws UsageError if one of them cannot be written after all; the others are.
	 */
	end(report: GradeReport): void;
}

/**
 * Makes the reporters, and finds out whether all files can be written.
 *
 * @param write - takes what goes to standard output, as it comes.
 * @throws UsageError naming a file that cannot be written.
 */
export async function openReports(
	choices: readonly ReporterChoice[],
	context: ReporterContext,
	write: (text: string) => void,
): Promise<Reports> {
	const sinks: Sink[] = [];
	for (const { name, path } of choices) {
		const reporter = await makeReporter(name, context);
		sinks.push(
			path === undefined ? new Stream(reporter, write) : new File(reporter, new ReportFile(path, context.cwd)),
		);
		for (const appended of reporter.appends ?? []) sinks.push(new Appended(appended, new SharedFile(appended.path)));
	}
	return {
		begin: (header) => {
			for (const sink of sinks) sink.begin(header);
		},
		test: (test) => {
			for (const sink of sinks) sink.test(test);
		},
		end: (report) => endAll(sinks, report),
	};
}

function endAll(sinks: readonly Sink[], report: GradeReport): void {
	const errors: unknown[] = [];
	for (const sink of sinks) {
		try {
			sink.end(report);
		} catch (error) {
			errors.push(error);
		}
	}
	if (errors.length > 0) throw errors[0];
}

type Sink = Reports;

/** Standard output: as it comes. */
class Stream implements Sink {
	constructor(
		readonly reporter: Reporter,
		readonly write: (text: string) => void,
	) {}

	begin(header: ReportHeader): void {
		this.#write(this.reporter.begin?.(header));
	}

	test(test: TestReport): void {
		this.#write(this.reporter.test?.(test));
	}

	end(report: GradeReport): void {
		this.#write(this.reporter.end(report));
	}

	#write(text: string | undefined): void {
		if (text !== undefined && text !== "") this.write(text);
	}
}

/** A file: whole, at the end. */
class File implements Sink {
	readonly #texts: string[] = [];

	constructor(
		readonly reporter: Reporter,
		readonly file: ReportFile,
	) {}

	begin(header: ReportHeader): void {
		this.#texts.push(this.reporter.begin?.(header) ?? "");
	}

	test(test: TestReport): void {
		this.#texts.push(this.reporter.test?.(test) ?? "");
	}

	end(report: GradeReport): void {
		this.#texts.push(this.reporter.end(report));
		// Colours are for terminals; that standard output is one says nothing of a file.
		this.file.write(stripVTControlCharacters(this.#texts.join("")));
	}
}

/** A file of the CI system's. */
class Appended implements Sink {
	constructor(
		readonly source: AppendedFile,
		readonly file: SharedFile,
	) {}

	begin(): void {}

	test(): void {}

	end(report: GradeReport): void {
		this.file.append(this.source.text(report));
	}
}
