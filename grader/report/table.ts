import Table from "cli-table3";
import pc from "picocolors";
import type { TestVerdict } from "../grade.ts";
import type { LabOutcome } from "../lab-runner.ts";
import { median } from "../statistics.ts";

const COLUMNS = [
	{ head: "test", width: 26, align: "left" },
	{ head: "result", width: 8, align: "left" },
	{ head: "virtual s", width: 9, align: "right" },
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

/** The line of one test. Of several runs it shows the medians. */
export function tableRow({ test, outcomes, failed }: TestVerdict): string {
	const figure = (of: (outcome: LabOutcome) => number) => median(outcomes.map(of));
	return render([
		test,
		result(outcomes.length - failed.length, outcomes.length),
		(figure(({ figures }) => figures.virtualMs) / 1000).toFixed(1),
		String(figure(({ figures }) => figures.servers)),
		String(figure(({ figures }) => figures.rpcs)),
		String(figure(({ figures }) => figures.bytes)),
		String(figure(({ figures }) => figures.agreements)),
		figure(({ wallMs }) => wallMs).toFixed(0),
	]);
}

/** The last line: sums over all runs. */
export function tableTotal(verdicts: readonly TestVerdict[]): string {
	const passed = verdicts.filter(({ failed }) => failed.length === 0).length;
	const outcomes = verdicts.flatMap((verdict) => verdict.outcomes);
	const sum = (of: (outcome: LabOutcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
	const cells = [
		`${passed} of ${verdicts.length} passed`,
		"",
		(sum(({ figures }) => figures.virtualMs) / 1000).toFixed(1),
		"",
		compact(sum(({ figures }) => figures.rpcs)),
		compact(sum(({ figures }) => figures.bytes)),
		compact(sum(({ figures }) => figures.agreements)),
		sum(({ wallMs }) => wallMs).toFixed(0),
	];
	return render(cells.map((cell) => pc.bold(cell)));
}

function result(passed: number, runs: number): string {
	const isPassed = passed === runs;
	const text = runs === 1 ? (isPassed ? "pass" : "FAIL") : `${passed}/${runs}`;
	return isPassed ? pc.green(text) : pc.red(text);
}

/** A large figure in at most six characters. */
function compact(figure: number): string {
	if (figure < 1e6) return String(figure);
	const [scaled, unit] = figure < 1e9 ? [figure / 1e6, "M"] : [figure / 1e9, "G"];
	return `${scaled.toPrecision(3)}${unit}`;
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
