import path from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { listTests } from "../policy/list-tests.ts";
import { loadPolicy } from "../policy/load.ts";
import { isGradedByDefault, type Policy, type PolicyTest } from "../policy/policy.ts";
import { describePoints, roundPoints } from "../report/points.ts";
import { WIDTH, wrap } from "../report/text.ts";
import { similarNames } from "../similar-names.ts";
import { UsageError } from "../usage-error.ts";

export interface CheckConfigOptions {
	/** The config file; undefined for the usual one in `cwd`. */
	readonly file: string | undefined;
	/** Where paths are relative to, as an absolute path. */
	readonly cwd: string;
}

/**
 * Checks a config file and says in a few lines what it means.
 *
 * @param namesOf - the names of the tests that a suite's file (an absolute path) declares.
 * @throws UsageError if there is no config, it has problems, or a suite and what the config says of it don't fit.
 */
export async function checkConfig(
	{ file, cwd }: CheckConfigOptions,
	output: Output,
	namesOf: (file: string) => Promise<readonly string[]> = listTests,
): Promise<ExitCode> {
	const policy = await loadPolicy(file, cwd);
	if (policy.file === undefined) {
		throw new UsageError("there is no raft-grade.config.ts (or .mts, .js, .mjs, .json) here: name the file to check");
	}
	const name = path.relative(cwd, policy.file) || policy.file;
	await checkSuites(policy, name, cwd, namesOf);
	output.line(`${name} is in order.`);
	output.line("");
	for (const line of table(policy.tests)) output.line(line);
	output.line("");
	for (const line of describePolicy(policy, cwd)) output.line(line);
	return ExitCode.passed;
}

/**
 * A test that is declared and not listed would never be graded; one that is listed and not declared cannot be.
 *
 * @param name - how to name the config to a person.
 * @throws UsageError if there is one.
 */
export async function checkSuites(
	{ suites }: Policy,
	name: string,
	cwd: string,
	namesOf: (file: string) => Promise<readonly string[]> = listTests,
): Promise<void> {
	const problems: string[] = [];
	const declaredIn = new Map<string, string>();
	for (const [i, { file, tests }] of suites.entries()) {
		const suite = path.relative(cwd, file);
		const declared = await namesOf(file);
		for (const test of declared) {
			const other = declaredIn.get(test);
			if (other !== undefined) problems.push(`${suite} declares ${test}, and so does ${other}: rename one of them`);
			declaredIn.set(test, suite);
			if (!tests.includes(test)) {
				problems.push(
					`${suite} declares ${test}, which suites[${i}].tests does not name: add it there, with its points`,
				);
			}
		}
		for (const test of tests.filter((each) => !declared.includes(each))) {
			const similar = similarNames(declared, test);
			const hint = similar.length > 0 ? `did you mean ${similar.join(" or ")}?` : `it declares ${list(declared)}`;
			problems.push(`suites[${i}].tests.${test}: ${suite} declares no such test: ${hint}`);
		}
	}
	if (problems.length > 0) throw new UsageError(problems.map((problem) => `${name}: ${problem}`).join("\n"));
}

function list(names: readonly string[]): string {
	return names.length === 0 ? "none" : names.join(", ");
}

const COLUMNS = [
	{ head: "test", width: 30, align: "left" },
	{ head: "part", width: 12, align: "left" },
	{ head: "points", width: 8, align: "right" },
	{ head: "schedules", width: 12, align: "right" },
	{ head: "  shown", width: 10, align: "left" },
] as const;

const NO_LINES = Object.fromEntries(
	"top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle"
		.split(" ")
		.map((part) => [part, ""]),
);

function table(tests: readonly PolicyTest[]): string[] {
	const table = new Table({
		head: COLUMNS.map(({ head }) => pc.bold(head)),
		chars: NO_LINES,
		colWidths: COLUMNS.map(({ width }) => width),
		colAligns: COLUMNS.map(({ align }) => align),
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
	});
	for (const { test, part, points, repeats, visibility } of tests) {
		table.push([
			test,
			part,
			String(points),
			repeats === undefined ? "1" : String(repeats),
			`  ${visibility === "hidden" ? "hidden" : "yes"}`,
		]);
	}
	const sum = roundPoints(tests.reduce((total, { points }) => total + points, 0));
	table.push([pc.bold(`${tests.length} ${tests.length === 1 ? "test" : "tests"}`), "", pc.bold(String(sum)), "", ""]);
	return table
		.toString()
		.split("\n")
		.map((line) => line.trimEnd());
}

const INDENT = 12;

function describePolicy(
	{ scoring, suites, reference, target, limits, seed, known, tests }: Policy,
	cwd: string,
): string[] {
	const fromHere = (file: string) => path.relative(cwd, file) || file;
	// Part 2X is only graded where a config says so; that it does not is nothing to remark upon.
	const notGraded = known.filter((test) => isGradedByDefault(test) && !tests.includes(test));
	const { stepTimeoutS, timeoutS, memoryMb } = limits;
	const limited = [
		stepTimeoutS === undefined ? [] : `${stepTimeoutS} s for a step`,
		timeoutS === undefined ? [] : `${timeoutS} s for a run`,
		memoryMb === undefined ? [] : `${memoryMb} MB of memory`,
	].flat();
	return [
		...row(
			"scoring",
			scoring === "fraction"
				? "fraction: a test's points are shared out among its schedules"
				: "all-or-nothing: a test's points are for passing all its schedules",
		),
		...suites.flatMap(({ file, part, tests: own }, i) =>
			row(i === 0 ? "suites" : "", `${fromHere(file)}: part ${part}, ${list(own)}`),
		),
		...(notGraded.length === 0 ? [] : row("not graded", list(notGraded.map(({ test }) => test)))),
		...row("reference", reference === undefined ? "the model solution that comes along" : fromHere(reference)),
		...(target === undefined ? [] : row("target", `${target}, in each submission of a class`)),
		...row("limits", limited.length === 0 ? "the usual ones" : `${limited.join(", ")}; else the usual ones`),
		...row("seed", seed ?? "drawn at random for each grading"),
		...describeHidden(tests),
	];
}

function describeHidden(tests: readonly PolicyTest[]): string[] {
	const hidden = tests.filter(({ visibility }) => visibility === "hidden");
	if (hidden.length === 0) return [];
	const sum = (of: readonly PolicyTest[]) => of.reduce((total, { points }) => total + points, 0);
	return row(
		"hidden",
		`${list(hidden.map(({ test }) => test))}: ${describePoints({ earned: sum(hidden), possible: sum(tests) })}`,
	);
}

function row(label: string, text: string): string[] {
	return wrap(text, WIDTH - INDENT).map((line, i) => pc.bold((i === 0 ? label : "").padEnd(INDENT)) + line);
}
