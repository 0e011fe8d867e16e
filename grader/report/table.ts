import Table from "cli-table3";
import pc from "picocolors";
import type { LabOutcome } from "../lab-runner.ts";

const COLUMNS = [
	{ head: "test", width: 26, align: "left" },
	{ head: "result", width: 7, align: "left" },
	{ head: "virtual s", width: 10, align: "right" },
	{ head: "servers", width: 8, align: "right" },
	{ head: "RPCs", width: 7, align: "right" },
	{ head: "bytes", width: 9, align: "right" },
	{ head: "agreed", width: 7, align: "right" },
	{ head: "ms", width: 6, align: "right" },
] as const;

const NO_LINES = Object.fromEntries(
	(
		"top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid " +
		"middle"
	)
		.split(" ")
		.map((name) => [name, ""]),
);

/** The table's first line. */
export function tableHead(): string {
	return render(COLUMNS.map(({ head }) => pc.bold(head)));
}

/** The line of one run. */
export function tableRow({ test, failure, figures, wallMs }: LabOutcome): string {
	return render([
		test,
		failure === undefined ? pc.green("pass") : pc.red("FAIL"),
		(figures.virtualMs / 1000).toFixed(1),
		String(figures.servers),
		String(figures.rpcs),
		String(figures.bytes),
		String(figures.agreements),
		wallMs.toFixed(0),
	]);
}

/** The last line: sums over all runs. */
export function tableTotal(outcomes: readonly LabOutcome[]): string {
	const passed = outcomes.filter(({ failure }) => failure === undefined).length;
	const sum = (figure: (outcome: LabOutcome) => number) =>
		outcomes.reduce((total, outcome) => total + figure(outcome), 0);
	const cells = [
		`${passed} of ${outcomes.length} passed`,
		"",
		(sum(({ figures }) => figures.virtualMs) / 1000).toFixed(1),
		"",
		String(sum(({ figures }) => figures.rpcs)),
		String(sum(({ figures }) => figures.bytes)),
		String(sum(({ figures }) => figures.agreements)),
		sum(({ wallMs }) => wallMs).toFixed(0),
	];
	return render(cells.map((cell) => pc.bold(cell)));
}

/** One row at a time, so that each test's line is there as soon as the test is over. */
function render(cells: readonly string[]): string {
	const table = new Table({
		chars: NO_LINES,
		colWidths: COLUMNS.map(({ width }) => width),
		colAligns: COLUMNS.map(({ align }) => align),
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
	});
	table.push([...cells]);
	return table.toString();
}
