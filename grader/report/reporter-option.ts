import path from "node:path";
import { similarNames } from "../similar-names.ts";
import { UsageError } from "../usage-error.ts";
import { isReporterName, type ReporterName, reporterNames } from "./reporters.ts";

/** A report that somebody asked for. */
export interface ReporterChoice {
	readonly name: ReporterName;
	/** The file it goes to, as typed; undefined for standard output. */
	readonly path: string | undefined;
}

const USAGE = "give --reporter name or --reporter name=file";

/**
 * Reads the values of `--reporter`: each holds one or more `name` or `name=path`, with commas between.
 *
 * @returns the reports in the order asked for. If all of them go to files, the table comes first: a person still sees something.
 * @throws UsageError for a name that isn't one, a path that is missing, two reports on standard output, or two in one file.
 */
export function parseReporters(values: readonly string[]): readonly ReporterChoice[] {
	const asked = values.flatMap((value) => value.split(",")).map(parseReporter);
	const shown = asked.filter((choice) => choice.path === undefined);
	if (shown.length > 1) {
		const names = shown.map(({ name }) => name);
		throw new UsageError(
			`--reporter: ${names.join(" and ")} would both write to standard output: give all but one a file, such as ${names.at(-1)}=report.txt`,
		);
	}
	const seen = new Set<string>();
	for (const { path: file } of asked) {
		if (file === undefined) continue;
		const resolved = path.resolve(file);
		if (seen.has(resolved)) throw new UsageError(`--reporter: two reports would go to ${file}: give each its own file`);
		seen.add(resolved);
	}
	return shown.length === 0 ? [{ name: "table", path: undefined }, ...asked] : asked;
}

function parseReporter(text: string): ReporterChoice {
	const at = text.indexOf("=");
	const name = (at === -1 ? text : text.slice(0, at)).trim();
	const file = at === -1 ? undefined : text.slice(at + 1).trim();
	if (name === "") throw new UsageError(`--reporter: a name is missing: ${USAGE}; the names are ${listNames()}`);
	if (!isReporterName(name)) {
		const similar = similarNames(reporterNames, name);
		const hint = similar.length > 0 ? `did you mean ${similar.join(" or ")}?` : `the names are ${listNames()}`;
		throw new UsageError(`--reporter: there is no reporter "${name}": ${hint}`);
	}
	if (file === "") throw new UsageError(`--reporter ${name}=: the file's name is missing: ${USAGE}`);
	return { name, path: file };
}

function listNames(): string {
	return reporterNames.join(", ");
}
