import Table from "cli-table3";
import pc from "picocolors";
import { median } from "../statistics.ts";
import { failureScreens } from "./failure-screen.ts";
import { hiddenTests } from "./hidden.ts";
import { describeSubject, type Reporter, type ReportHeader } from "./reporter.ts";
import type { GradeReport, RunRecord, TestReport } from "./schema.ts";
import { WIDTH, wrap } from "./text.ts";
import { untrustedLine } from "./untrusted.ts";

interface Column {
	readonly head: string;
	readonly width: number;
	readonly align: "left" | "right";
	readonly cell: (test: TestReport) => string;
}

const seconds = (ms: number | undefined) => (ms === undefined || Number.isNaN(ms) ? "" : (ms / 1000).toFixed(1));
const middle = (test: TestReport, of: (run: RunRecord) => number) => median(test.runs.map(of));
const whole = (figure: number) => (Number.isNaN(figure) ? "" : figure.toFixed(0));

const NAME: Column = { head: "test", width: 26, align: "left", cell: ({ test }) => test };
const RESULT: Column = { head: "result", width: 8, align: "left", cell: result };
const COST: Column = { head: "ms", width: 7, align: "right", cell: (test) => whole(middle(test, (run) => run.wallMs)) };
const RPCS: Column = { head: "RPCs", width: 7, align: "right", cell: (test) => whole(middle(test, (run) => run.rpcs)) };
const BYTES: Column = {
	head: "bytes",
	width: 9,
	align: "right",
	cell: (test) => whole(middle(test, (run) => run.bytes)),
};

/** One run of each test. */
const SINGLE: readonly Column[] = [
	NAME,
	RESULT,
	{ head: "virtual s", width: 9, align: "right", cell: (test) => seconds(test.virtualMs?.median) },
	{ head: "servers", width: 8, align: "right", cell: (test) => whole(middle(test, (run) => run.servers)) },
	RPCS,
	BYTES,
	{ head: "agreed", width: 7, align: "right", cell: (test) => whole(middle(test, (run) => run.agreements)) },
	{ ...COST, width: 6 },
];

/** Several: figures are medians over the runs. */
const REPEATED: readonly Column[] = [
	NAME,
	{ ...RESULT, head: "passed", width: 11 },
	{ head: "virtual s", width: 9, align: "right", cell: (test) => seconds(test.virtualMs?.median) },
	{ head: "worst", width: 8, align: "right", cell: (test) => seconds(test.virtualMs?.worst) },
	RPCS,
	{ ...BYTES, width: 10 },
	{ ...COST, width: 8 },
];

/** The terminal's report: a line a test as soon as it is over, then the sums, then each kind of failure on a screen. */
export class TableReporter implements Reporter {
	#columns: readonly Column[] = SINGLE;

	begin(header: ReportHeader): string {
		const { schedules, tests, runs } = header;
		if (runs > tests) this.#columns = REPEATED;
		const columns = render(
			this.#columns,
			this.#columns.map((column) => pc.bold(column.head)),
		);
		const what = describeSubject(header);
		const between = what.length + schedules.length + 2 <= WIDTH ? ", " : "\n";
		return `${what}${between}${schedules}\n\n${columns}\n`;
	}

	test(test: TestReport): string {
		const row = render(
			this.#columns,
			this.#columns.map(({ cell }) => cell(test)),
		);
		const [failure] = test.failures;
		const isRepeated = this.#columns === REPEATED;
		const first = isRepeated && failure !== undefined ? [pc.red(`  first: ${untrustedLine(failure.replay)}`)] : [];
		const [advice] = test.advice;
		const notes =
			advice === undefined
				? first
				: [
						...first,
						...wrap(`advice: ${untrustedLine(advice)}`, WIDTH - 4).map((line, i) =>
							pc.yellow(`${i === 0 ? "  " : "    "}${line}`),
						),
					];
		return [row, ...notes].map((line) => `${line}\n`).join("");
	}

	end(report: GradeReport): string {
		// Why a target is unusable is said on standard error.
		if (report.status === "unusable") return "";
		const screens = failureScreens(report.tests).map((screen) => `\n${screen}\n`);
		return [this.#totals(report), interruption(report), ...screens].join("");
	}

	/** Sums over all runs. */
	#totals(report: GradeReport): string {
		const { tests, points } = report;
		const passed = tests.filter(({ status }) => status === "passed").length;
		const runs = tests.flatMap((test) => test.runs);
		const sum = (of: (run: RunRecord) => number) => runs.reduce((total, run) => total + of(run), 0);
		const sums: Readonly<Record<string, string>> = {
			test: `${passed} of ${tests.length} passed`,
			result: "",
			"virtual s": seconds(sum((run) => run.virtualMs)),
			RPCs: compact(sum((run) => run.rpcs)),
			bytes: compact(sum((run) => run.bytes)),
			agreed: compact(sum((run) => run.agreements)),
			ms: whole(sum((run) => run.wallMs)),
		};
		const row = render(
			this.#columns,
			this.#columns.map(({ head }) => pc.bold(sums[head] ?? "")),
		);
		// It stands on the screen of whoever runs this, who may show it to somebody.
		const hidden = hiddenTests(report).map(({ test }) => test);
		const note = hidden.length === 0 ? [] : wrap(`hidden from students: ${hidden.join(", ")}`, WIDTH);
		return [row, pc.bold(`${points.earned} of ${points.possible} points`), ...note.map((line) => pc.dim(line))]
			.map((line) => `${line}\n`)
			.join("");
	}
}

function interruption({ status, tests }: GradeReport): string {
	if (status !== "interrupted") return "";
	const made = tests.reduce((total, { runs }) => total + runs.length, 0);
	const planned = tests.reduce((total, test) => total + test.planned, 0);
	return pc.yellow(`interrupted: ${made} of ${planned} runs were made\n`);
}

function result({ status, planned, passed, runs }: TestReport): string {
	if (status === "incomplete") return pc.yellow(planned === 1 ? "-" : `${passed}/${planned}`);
	const isPassed = status === "passed";
	const text = planned === 1 ? (isPassed ? "pass" : "FAIL") : `${passed}/${planned}`;
	// Some may not have been made.
	const isCut = !isPassed && planned > 1 && runs.length < planned;
	return isPassed ? pc.green(text) : pc.red(isCut ? `${text} …` : text);
}

/** A large figure in at most six characters. */
function compact(figure: number): string {
	if (figure < 1e6) return String(figure);
	const [scaled, unit] = figure < 1e9 ? [figure / 1e6, "M"] : [figure / 1e9, "G"];
	return `${scaled.toPrecision(3)}${unit}`;
}

const NO_LINES = Object.fromEntries(
	(
		"top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid " +
		"middle"
	)
		.split(" ")
		.map((name) => [name, ""]),
);

/** One row at a time, so that each test's line is there as soon as the test is over. */
function render(columns: readonly Column[], cells: readonly string[]): string {
	const table = new Table({
		chars: NO_LINES,
		colWidths: columns.map(({ width }) => width),
		colAligns: columns.map(({ align }) => align),
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
	});
	table.push([...cells]);
	return table.toString();
}
