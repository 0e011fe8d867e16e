import { brandOf, isObject } from "./brands.ts";
import { displayWidth } from "./inspect/layout.ts";

/** `console.table`: a value's rows and their properties in a grid; undefined for what has no rows. */
export function tableOf(data: unknown, show: (value: unknown) => string, only?: readonly string[]): string | undefined {
	if (!isObject(data)) return undefined;
	const columns = new Map<string, Map<number, string>>();
	const put = (column: string, row: number, text: string) => {
		const cells = columns.get(column) ?? new Map<number, string>();
		columns.set(column, cells.set(row, text));
	};
	const { heading, rows } = rowsOf(data);
	const values = new Map<number, string>();
	for (const [row, { value }] of rows.entries()) {
		if (!isObject(value) || brandOf(value) === "Function") {
			values.set(row, show(value));
			continue;
		}
		for (const key of only ?? Object.keys(value)) {
			if (Object.hasOwn(value, key)) put(key, row, show(Reflect.get(value, key)));
			else put(key, row, "");
		}
	}
	const names = rows.map(({ name }) => name);
	const all: [string, string[]][] = [[heading, names]];
	for (const [name, cells] of columns) all.push([name, rows.map((_, row) => cells.get(row) ?? "")]);
	if (values.size > 0) all.push(["Values", rows.map((_, row) => values.get(row) ?? "")]);
	return grid(all);
}

interface Row {
	name: string;
	value: unknown;
}

function rowsOf(data: object): { heading: string; rows: Row[] } {
	const heading = "(iteration index)";
	if (data instanceof Map) {
		const rows = [...data].map(([key, value], i) => ({ name: String(i), value: { Key: key, Values: value } }));
		return { heading, rows };
	}
	if (data instanceof Set) return { heading, rows: [...data].map((value, i) => ({ name: String(i), value })) };
	return { heading: "(index)", rows: Object.entries(data).map(([name, value]) => ({ name, value })) };
}

function grid(columns: readonly [heading: string, cells: string[]][]): string {
	const widths = columns.map(([heading, cells]) => Math.max(...[heading, ...cells].map(displayWidth)) + 2);
	const rule = (left: string, middle: string, right: string) =>
		left + widths.map((width) => "─".repeat(width)).join(middle) + right;
	const line = (cells: readonly string[]) => {
		const padded = cells.map((cell, i) => ` ${cell}${" ".repeat((widths[i] as number) - displayWidth(cell) - 1)}`);
		return `│${padded.join("│")}│`;
	};
	const rowCount = columns[0]?.[1].length ?? 0;
	return [
		rule("┌", "┬", "┐"),
		line(columns.map(([heading]) => heading)),
		rule("├", "┼", "┤"),
		...Array.from({ length: rowCount }, (_, row) => line(columns.map(([, cells]) => cells[row] as string))),
		rule("└", "┴", "┘"),
	].join("\n");
}
