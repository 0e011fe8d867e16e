import { scheduleOf } from "../../harness/index.ts";
import { causes } from "../../labs/catalog/causes.ts";
import { invariantEntries } from "../../labs/catalog/invariants.ts";
import { entryOf } from "../../labs/catalog.ts";
import { asTold } from "../narrative/as-told.ts";
import { readVersion } from "../package-root.ts";
import { assembleReport, assembleTest } from "../report/assemble.ts";
import { groupFailures } from "../report/group.ts";
import { replayCommand } from "../report/replay-command.ts";
import type { FailureReport, GradeReport, RunRecord, TestReport } from "../report/schema.ts";
import { runName } from "../run-name.ts";
import { type ExplainedRun, toReportPlace } from "./explaining.ts";
import type { Judging } from "./judge.ts";
import type { RunResult, TestResult } from "./make-runs.ts";
import type { PlannedTest } from "./plan.ts";

/** Puts a report together from what came of the runs. */
export class ReportBuilder {
	/** Set when the target has been bundled. */
	targetHash: string | null = null;
	/** The pages that were written, by the runs' names. */
	#traces: ReadonlyMap<string, string> = new Map();
	readonly #grading: Judging;

	constructor(grading: Judging) {
		this.#grading = grading;
	}

	/** A test whose runs are over, its failures not explained yet. */
	test(result: TestResult): TestReport {
		const failed = result.results.flatMap((run) => {
			const { failure } = run.outcome;
			return failure === undefined ? [] : [{ ...run, failure, lastEvents: [] }];
		});
		return this.#assemble(result, failed);
	}

	/** Everything. */
	report(
		results: readonly TestResult[],
		explained: ReadonlyMap<string, readonly ExplainedRun[]>,
		wallMs: number,
		isInterrupted: boolean,
		traces: ReadonlyMap<string, string> = new Map(),
	): GradeReport {
		this.#traces = traces;
		const tests = results.map((result) => this.#assemble(result, explained.get(result.test.test) ?? []));
		return assembleReport({ ...this.#head(wallMs), isInterrupted, unusable: null }, tests);
	}

	/** The target could not be loaded. */
	unusable(message: string, wallMs: number): GradeReport {
		const tests = this.#grading.tests.map((test) => this.#assemble({ test, results: [] }, []));
		return assembleReport({ ...this.#head(wallMs), isInterrupted: false, unusable: message }, tests);
	}

	#head(wallMs: number) {
		const { session, seed, options } = this.#grading;
		return {
			tool: { name: "raft-grade" as const, version: readVersion(), node: process.version },
			target: { name: session.target.name, hash: this.targetHash },
			seed,
			shard: options.shard ?? null,
			scoring: session.policy.scoring,
			wallMs: Math.round(wallMs),
		};
	}

	#assemble({ test, results }: TestResult, failed: readonly ExplainedRun[]): TestReport {
		return assembleTest(
			{
				test: test.test,
				part: test.part,
				title: test.title,
				visibility: test.visibility,
				possible: test.points,
				planned: test.runs.length,
				runs: results.map(toRecord),
				failures: groupFailures(failed.map((run) => this.#toFailure(test, run))).map(toReport),
				advice: [...new Set(results.flatMap(({ outcome }) => outcome.warnings))],
			},
			this.#grading.session.policy.scoring,
		);
	}

	#toFailure({ test, entry }: PlannedTest, { run, failure, lastEvents, story, likely = [] }: ExplainedRun) {
		const { check, message, atMs, details, isContained } = failure;
		const trace = this.#traces.get(runName(test, run));
		// What is known of a violated invariant says more than what is known of the test in which it happened to be violated.
		const { paper, causes: usual } = invariantEntries[check] ?? entry;
		// Of a test of its own, a course knows best.
		const isOwn = invariantEntries[check] === undefined && entryOf(test) === undefined;
		const ranked = likely.map((cause) => causes[cause]);
		return {
			run: runName(test, run),
			runs: [],
			repetition: run.repetition,
			check,
			message,
			atMs,
			expected: details.expected ?? null,
			actual: details.actual ?? null,
			places: (details.places ?? []).map(toReportPlace),
			contained: isContained,
			replay: replayCommand(runName(test, run), this.#grading.options),
			// What usually makes a test fail says nothing of a run that did not end.
			paper: isContained ? "" : paper,
			// Nor of a fault of its own, unless the run speaks for something.
			causes: isContained ? [] : isOwn || (ranked.length === 0 && !check.startsWith("fault-")) ? [...usual] : ranked,
			lastEvents: [...lastEvents],
			...(story === undefined || story.steps.length === 0 ? {} : { story: asTold(story) }),
			...(trace === undefined ? {} : { trace }),
		};
	}
}

/** Of failures of one kind, the first speaks for all. */
function toReport<Failure extends FailureReport & { run: string; repetition: number }>(
	group: readonly [Failure, ...Failure[]],
): FailureReport {
	const { run: _, repetition: __, ...failure } = group[0];
	return { ...failure, runs: group.map(({ run }) => run) };
}

function toRecord({ run, outcome }: RunResult): RunRecord {
	const { figures, failure, wallMs } = outcome;
	return {
		run: runName(run.test, run),
		repetition: run.repetition,
		schedule: scheduleOf(run.seed),
		status: failure === undefined ? "passed" : "failed",
		virtualMs: figures.virtualMs,
		wallMs: Math.round(wallMs),
		servers: figures.servers,
		rpcs: figures.rpcs,
		bytes: figures.bytes,
		agreements: figures.agreements,
	};
}
