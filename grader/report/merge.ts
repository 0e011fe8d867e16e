import { inShard, type Shard } from "../shard.ts";
import { UsageError } from "../usage-error.ts";
import { assembleReport, assembleTest } from "./assemble.ts";
import { groupFailures } from "./group.ts";
import type { FailureReport, GradeReport, TestReport } from "./schema.ts";

/** A shard's report, and how to name it to a person. */
interface Share {
	readonly name: string;
	readonly shard: Shard;
	readonly report: GradeReport;
}

/**
 * Makes one report of those of all shards of a grading: the report that a grading in one go would have given, but for the real time it took, for
 * which it has the longest share's.
 *
 * @remarks Where so many runs of a test fail with one message that not all of them are looked at, those that were not may stand beside those of
 * another place than in a grading in one go. Verdicts and points never depend on that.
 *
 * @param reports - one of each shard, in any order.
 * @param names - how to name them to a person, in the same order; by default by their shards.
 * @throws UsageError if one is missing, doubled or no shard's, or if they are not shards of one grading.
 */
export function mergeReports(reports: readonly GradeReport[], names?: readonly string[]): GradeReport {
	const shares = sharesInOrder(reports, names);
	const [first] = shares;
	for (const share of shares.slice(1)) checkAgreement(first, share);
	const judging = shares.filter(({ report }) => report.status !== "unusable" || report.tests.length > 0);
	for (const share of judging.slice(1)) checkTests(judging[0] ?? first, share);
	checkDealing(judging, first.shard.count);

	const { tool, target, seed, scoring } = first.report;
	const tests = (judging[0]?.report.tests ?? []).map((_, i) =>
		mergeTest(
			judging.map(({ report }) => report.tests[i] as TestReport),
			scoring,
		),
	);
	const unusable = shares.find(({ report }) => report.status === "unusable");
	const head = {
		tool: { ...tool, node: [...new Set(shares.map(({ report }) => report.tool.node))].join(", ") },
		target,
		seed,
		shard: null,
		scoring,
		wallMs: Math.max(...shares.map(({ report }) => report.wallMs)),
		unusable: unusable === undefined ? null : (unusable.report.message ?? "the target could not be used"),
		isInterrupted: shares.some(({ report }) => report.status === "interrupted"),
	};
	return assembleReport(head, tests);
}

function sharesInOrder(
	reports: readonly GradeReport[],
	names: readonly string[] | undefined,
): readonly [Share, ...Share[]] {
	const shares = reports.map((report, i): Share => {
		if (report.shard === null) {
			throw new UsageError(
				`${names?.[i] ?? "a report"} is no shard's: it is of a whole grading, with nothing to merge`,
			);
		}
		return { name: names?.[i] ?? `shard ${show(report.shard)}`, shard: report.shard, report };
	});
	const [first] = shares;
	if (first === undefined) throw new UsageError("there are no reports to merge: name one of each shard");
	const { count } = first.shard;
	const byIndex = new Map<number, Share>();
	for (const share of shares) {
		const { name, shard } = share;
		if (shard.count !== count) {
			throw new UsageError(`${name} is one of ${shard.count} shards, but ${first.name} is one of ${count}`);
		}
		const other = byIndex.get(shard.index);
		if (other !== undefined) throw new UsageError(`shard ${show(shard)} is there twice: ${other.name} and ${name}`);
		byIndex.set(shard.index, share);
	}
	const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
	if (missing.length > 0) {
		const list = missing.slice(0, 5).map((index) => show({ index, count }));
		const more = missing.length > list.length ? ` and ${missing.length - list.length} more` : "";
		throw new UsageError(`shard ${list.join(", ")}${more} ${missing.length === 1 ? "is" : "are"} missing`);
	}
	return shares.toSorted((a, b) => a.shard.index - b.shard.index) as [Share, ...Share[]];
}

/** What all shards must have in common, and how to say so. */
const COMMON: readonly (readonly [string, (report: GradeReport) => string])[] = [
	["version of raft-grade", ({ tool }) => tool.version],
	["submission", ({ target }) => (target.hash === null ? "unknown" : target.hash.slice(0, 12))],
	["submission", ({ target }) => target.hash ?? "unknown"],
	["seed", ({ seed }) => seed],
	["scoring", ({ scoring }) => scoring],
];

function checkAgreement(first: Share, other: Share): void {
	for (const [what, of] of COMMON) {
		const [expected, found] = [of(first.report), of(other.report)];
		if (expected === found) continue;
		throw new UsageError(
			`${other.name} has another ${what} (${found}) than ${first.name} (${expected}): merge shards of one grading only`,
		);
	}
}

function checkTests(first: Share, other: Share): void {
	const [expected, found] = [first.report.tests, other.report.tests];
	const differs = (of: (test: TestReport) => unknown) => found.find((test, i) => of(test) !== of(expected[i] ?? test));
	if (expected.length !== found.length || differs(({ test }) => test) !== undefined) {
		throw new UsageError(`${other.name} is of other tests than ${first.name}: grade all shards with the same ones`);
	}
	const worth = differs(({ points }) => points.possible);
	if (worth !== undefined) {
		throw new UsageError(`${worth.test} is worth other points in ${other.name} than in ${first.name}: use one config`);
	}
	const shown = differs(({ part, title, visibility }) => JSON.stringify([part, title, visibility]));
	if (shown !== undefined) {
		throw new UsageError(
			`${shown.test} has another part, title or visibility in ${other.name} than in ${first.name}: use one config`,
		);
	}
}

/** Runs are dealt out in turn, so how many of each test a shard has is known; where it has others, it was given another number of schedules. */
function checkDealing(shares: readonly Share[], count: number): void {
	// A shard that could not use the target may not know its tests.
	if (shares.length < count) return;
	let runIndex = 0;
	for (const [i, { test }] of shares[0]?.report.tests.entries() ?? []) {
		const all = shares.reduce((sum, { report }) => sum + (report.tests[i]?.planned ?? 0), 0);
		const indices = Array.from({ length: all }, (_, repetition) => runIndex + repetition);
		runIndex += all;
		for (const { name, shard, report } of shares) {
			const dealt = indices.filter((index) => inShard(index, shard)).length;
			const planned = report.tests[i]?.planned;
			if (planned === dealt) continue;
			throw new UsageError(
				`${name} has ${planned} of ${all} runs of ${test}, and should have ${dealt}: grade all shards with one --race-repeat`,
			);
		}
	}
}

function mergeTest(shares: readonly TestReport[], scoring: GradeReport["scoring"]): TestReport {
	const { test, part, title, visibility, points } = shares[0] as TestReport;
	const runs = shares.flatMap((share) => share.runs);
	const repetitions = new Map(runs.map(({ run, repetition }) => [run, repetition]));
	if (new Set(repetitions.values()).size < runs.length) {
		throw new UsageError(`one run of ${test} is in the reports of two shards: merge shards of one grading only`);
	}
	const failures = shares.flatMap((share) =>
		share.failures.map((failure) => ({ ...failure, repetition: repetitionOf(failure, repetitions, test) })),
	);
	return assembleTest(
		{
			test,
			part,
			title,
			visibility,
			possible: points.possible,
			planned: shares.reduce((sum, { planned }) => sum + planned, 0),
			runs,
			failures: groupFailures(failures).map(mergeFailures),
			advice: shares.flatMap(({ advice }) => advice),
		},
		scoring,
	);
}

function repetitionOf({ runs: [first = ""] }: FailureReport, repetitions: ReadonlyMap<string, number>, test: string) {
	const repetition = repetitions.get(first);
	if (repetition === undefined) throw new UsageError(`a failure of ${test} names a run that no report has: ${first}`);
	return repetition;
}

/** The first of a kind speaks for them all. */
function mergeFailures(group: readonly [FailureReport & { repetition: number }, ...FailureReport[]]): FailureReport {
	const { repetition: _, ...first } = group[0];
	return { ...first, runs: group.flatMap(({ runs }) => runs) };
}

function show({ index, count }: Shard): string {
	return `${index}/${count}`;
}
