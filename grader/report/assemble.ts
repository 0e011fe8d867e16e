import { median } from "../statistics.ts";
import { REPORT_FORMAT } from "./format.ts";
import { roundPoints } from "./points.ts";
import type { FailureReport, GradeReport, RunRecord, TestReport } from "./schema.ts";

/** What is known of a test when its runs are over; in any order. */
export interface TestFacts {
	readonly test: string;
	readonly part: string;
	readonly title: string;
	readonly visibility: TestReport["visibility"];
	/** What passing it is worth. */
	readonly possible: number;
	/** How many schedules of it were to be run here: none, if all of them are in other shards. */
	readonly planned: number;
	readonly runs: readonly RunRecord[];
	readonly failures: readonly FailureReport[];
	/** What the runs had to advise; one sentence of each kind is kept. */
	readonly advice: readonly string[];
}

/** What is known of a grading beside its tests. */
export interface ReportHead extends Pick<GradeReport, "tool" | "target" | "seed" | "shard" | "scoring" | "wallMs"> {
	/** Why the target could not be used; null if it could. */
	readonly unusable: string | null;
	/** Whether the grading was stopped before its end by somebody (not by --bail, after a failure). */
	readonly isInterrupted: boolean;
}

/**
 * The report of a test: its verdict and its points.
 *
 * A run that failed fails the test; all planned runs made and passed pass it; anything else leaves it incomplete. So does a share (a shard) in which
 * nothing of it was to be run: such a share neither passes nor fails it, and earns nothing.
 */
export function assembleTest(facts: TestFacts, scoring: GradeReport["scoring"]): TestReport {
	const { test, part, title, visibility, possible, planned } = facts;
	if (facts.runs.length > planned) throw new Error(`${test}: ${facts.runs.length} runs, but ${planned} were planned`);
	const runs = facts.runs.toSorted((a, b) => a.repetition - b.repetition);
	const repetitions = new Map(runs.map(({ run, repetition }) => [run, repetition]));
	const order = (run: string | undefined) => repetitions.get(run ?? "") ?? Number.POSITIVE_INFINITY;
	const passed = runs.filter(({ status }) => status === "passed").length;
	const times = runs.map(({ virtualMs }) => virtualMs);
	return {
		test,
		part,
		title,
		visibility,
		status: passed < runs.length ? "failed" : planned > 0 && passed === planned ? "passed" : "incomplete",
		points: { earned: earn(possible, passed, planned, scoring), possible },
		planned,
		passed,
		virtualMs: times.length === 0 ? null : { median: median(times), worst: Math.max(...times) },
		runs,
		failures: facts.failures
			.map((failure) => ({ ...failure, runs: failure.runs.toSorted((a, b) => order(a) - order(b)) }))
			.sort((a, b) => order(a.runs[0]) - order(b.runs[0])),
		advice: uniteAdvice(facts.advice),
	};
}

/**
 * The report of a grading. In that of a shard, verdict and points are of this share alone: a test of which nothing was to be run here counts for
 * nothing.
 */
export function assembleReport(head: ReportHead, tests: readonly TestReport[]): GradeReport {
	const { tool, target, seed, shard, scoring, wallMs, unusable } = head;
	const judged = tests.filter(({ planned }) => planned > 0);
	const sum = (of: (test: TestReport) => number) => roundPoints(judged.reduce((total, test) => total + of(test), 0));
	return {
		format: REPORT_FORMAT,
		tool,
		target,
		status: statusOf(head, judged),
		message: unusable,
		seed,
		shard,
		scoring,
		wallMs,
		points: { earned: sum(({ points }) => points.earned), possible: sum(({ points }) => points.possible) },
		tests: [...tests],
	};
}

function statusOf({ unusable, isInterrupted }: ReportHead, tests: readonly TestReport[]): GradeReport["status"] {
	if (unusable !== null) return "unusable";
	if (isInterrupted) return "interrupted";
	if (tests.some(({ status }) => status === "failed")) return "failed";
	// Whatever kept a run from being made, nobody has passed a test that wasn't finished.
	return tests.every(({ status }) => status === "passed") ? "passed" : "interrupted";
}

function earn(possible: number, passed: number, planned: number, scoring: GradeReport["scoring"]): number {
	if (planned === 0) return 0;
	if (passed === planned) return possible;
	return scoring === "fraction" ? roundPoints((possible * passed) / planned) : 0;
}

/**
 * One sentence of each kind: they differ in their figures from run to run. Which one must not depend on the order of the runs, nor on how they
 * were dealt out to shards; so it is the first in alphabetical order.
 */
function uniteAdvice(sentences: readonly string[]): string[] {
	const kinds = new Map<string, string>();
	for (const sentence of [...sentences].sort()) {
		const kind = sentence.replaceAll(/\d+/g, "#");
		if (!kinds.has(kind)) kinds.set(kind, sentence);
	}
	return [...kinds.values()];
}
