import Papa from "papaparse";
import { untrustedLine } from "./untrusted.ts";

/** A table for a spreadsheet, as CSV (RFC 4180). What a spreadsheet would take for a formula is given an apostrophe. */
export function csvText(rows: readonly (readonly (string | number | undefined)[])[]): string {
	const cells = rows.map((row) => row.map((cell) => untrustedLine(`${cell ?? ""}`)));
	return `${Papa.unparse(cells, { escapeFormulae: true })}\r\n`;
}
