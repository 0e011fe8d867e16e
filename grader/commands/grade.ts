import type { GradeOptions } from "../cli/grade.ts";
import { drawSeed } from "../draw-seed.ts";
import { ExitCode } from "../exit-code.ts";
import { chosenTarget, toSession } from "../grading/asked-session.ts";
import { interruptible } from "../grading/interruption.ts";
import { readLastFailed } from "../grading/last-failed.ts";
import { type Grading, gradeOnce, reportUnusable } from "../grading/once.ts";
import { planRuns } from "../grading/plan.ts";
import type { Session } from "../grading/session.ts";
import type { Output } from "../output.ts";
import { loadPolicy } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { TRACE_FOLDER } from "../replay/trace-path.ts";
import { checkFolder } from "../report/report-file.ts";
import { parseReporters } from "../report/reporter-option.ts";
import { selectTests } from "../selection.ts";
import { NoSubmissionError } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import { listTests } from "./list.ts";

/** `raft-grade [what...]`: grades a submission, once or in one of the other ways in which somebody wants to have it run. */
export async function grade(options: GradeOptions, output: Output): Promise<ExitCode> {
	const cwd = process.cwd();
	const policy = await loadPolicy(options.config, cwd);
	const choose = (words: readonly string[]) => selectTests(words, options.grep, policy.known, policy.tests);
	if (options.list) {
		const chosen = choose(options.words).map(({ test }) => test);
		listTests(chosen, policy, output);
		return ExitCode.passed;
	}
	// What is wrong with the command is said before anything is started.
	parseReporters(options.reporters);
	if (options.trace !== undefined) checkFolder(options.trace === "" ? TRACE_FOLDER : options.trace, cwd);
	if (options.shard !== undefined && (options.seed ?? policy.seed) === undefined)
		throw new UsageError(
			"--shard: all shards must have one seed, or their reports can't be merged: name one with --seed",
		);
	const target = chosenTarget(options, policy, cwd);
	if (target instanceof NoSubmissionError) return tellOfNone(target, { options, policy, cwd }, output);
	const session = toSession(options, policy, target);
	const words = await wordsFor(options, session, cwd);
	if (words.length === 0 && options.lastFailed) {
		output.line("nothing failed the last time");
		return ExitCode.passed;
	}
	for (const run of await cutShort(words, session.target.file, cwd)) {
		output.error(`raft-grade: a short seed is a seed of its own; the run that failed the last time is ${run}`);
	}
	const seed = options.seed ?? policy.seed ?? drawSeed();
	const { schedule, shard, raceRepeat: repeats } = options;
	const tests = planRuns(choose(words), { baseSeed: seed, schedule, repeats, shard });
	return inTheWayAsked({ session, tests, seed, options }, output);
}

/** Each way's code is loaded only when it is wanted. */
async function inTheWayAsked(grading: Grading, output: Output): Promise<ExitCode> {
	const { options } = grading;
	if (options.checkDeterminism) return (await import("../grading/determinism.ts")).checkDeterminism(grading, output);
	if (options.untilFail) return (await import("../grading/until-fail.ts")).runUntilFail(grading, output);
	if (options.speed !== undefined) return (await import("../grading/live.ts")).runLive(grading, output);
	if (options.watch) return (await import("../grading/watch.ts")).gradeOnChange(grading, output);
	return interruptible(async (signal) => ExitCode[(await gradeOnce(grading, output, signal)).status]);
}

/** A grading of nothing. Whoever asked for a report's file, as a grader of many does, finds one. */
async function tellOfNone(
	problem: NoSubmissionError,
	{ options, policy, cwd }: { options: GradeOptions; policy: Policy; cwd: string },
	output: Output,
): Promise<ExitCode> {
	const isPlain = !options.lastFailed && !options.untilFail && !options.watch && !options.checkDeterminism;
	if (!isPlain || options.speed !== undefined) throw problem;
	const session = toSession(options, policy, { name: options.target ?? ".", file: cwd, folder: cwd });
	const seed = options.seed ?? policy.seed ?? drawSeed();
	const { schedule, shard, raceRepeat: repeats } = options;
	const selected = selectTests(options.words, options.grep, policy.known, policy.tests);
	const tests = planRuns(selected, { baseSeed: seed, schedule, repeats, shard });
	return ExitCode[(await reportUnusable({ session, tests, seed, options }, problem.message, output)).status];
}

/** Runs that failed the last time and were perhaps meant by names that are only the beginnings of theirs, as with git's hashes. */
async function cutShort(words: readonly string[], target: string, cwd: string): Promise<readonly string[]> {
	const short = words.filter((word) => /@[0-9a-f]{3,15}$/.test(word));
	if (short.length === 0) return [];
	const failed = (await readLastFailed(target, cwd)) ?? [];
	return failed.filter((run) => short.some((word) => run.startsWith(word) && run !== word));
}

/** What to run. Of the runs that failed the last time, there may be none. */
async function wordsFor(options: GradeOptions, { target, policy }: Session, cwd: string): Promise<readonly string[]> {
	const { replay, words, lastFailed } = options;
	if (replay !== undefined) {
		if (/^[^@]+@[^@]+$/.test(replay)) return [replay];
		throw new UsageError(`--replay ${replay}: name a run as test@seed, for example Figure8@90c67a1b5d3e2f48`);
	}
	if (!lastFailed) return words;
	const failed = await readLastFailed(target.file, cwd);
	if (failed === undefined) {
		const what = `--last-failed: ${target.name} has not been graded from this folder yet`;
		throw new UsageError(`${what}: grade it without --last-failed first`);
	}
	const chosen = selectTests(words, undefined, policy.known).map(({ test }) => test.test);
	return failed.filter((run) => chosen.includes(run.split("@")[0] ?? ""));
}
