import { readFile } from "node:fs/promises";
import Papa from "papaparse";
import { UsageError } from "../../usage-error.ts";
import { whyNot } from "../../why-not.ts";

/** A row of a table, by the names of its columns, in lower case. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads a table of comma-separated values (semicolons and tabs do, too), whose first line names the columns.
 *
 * @throws UsageError if it cannot be read, or is none.
 */
export async function readCsv(file: string, shown: string): Promise<readonly Row[]> {
	const content = await readFile(file, "utf8").catch((error: unknown) => {
		throw new UsageError(`${shown} cannot be read: ${whyNot(error)}`);
	});
	const text = content.replace(/^\uFEFF/, "");
	const { data, errors } = Papa.parse<Record<string, string>>(text, {
		header: true,
		skipEmptyLines: "greedy",
		transformHeader: (name) => name.trim().toLowerCase(),
		transform: (value) => value.trim(),
	});
	const error = errors.find(({ type }) => type === "Quotes");
	if (error !== undefined) throw new UsageError(`${shown}, row ${(error.row ?? 0) + 2}: ${error.message}`);
	return data;
}

/** The first of these columns that has something in it. */
export function column(row: Row, ...names: readonly string[]): string | undefined {
	return names.map((name) => row[name]).find((value) => value !== undefined && value !== "");
}
