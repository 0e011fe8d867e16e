import type { ShrinkCommandOptions } from "../cli/shrink.ts";
import { ExitCode } from "../exit-code.ts";
import { chosenTarget, toSession } from "../grading/asked-session.ts";
import { interruptible } from "../grading/interruption.ts";
import { openSession } from "../grading/session.ts";
import type { Output } from "../output.ts";
import { loadPolicy } from "../policy/load.ts";
import { replayCommand } from "../report/replay-command.ts";
import { untrustedLine } from "../report/untrusted.ts";
import { runName } from "../run-name.ts";
import { selectRun } from "../selection.ts";
import { showShrinking } from "../shrinking/progress.ts";
import { shrinkAndTell, USUAL_SECONDS, USUAL_TRIES } from "../shrinking/shrink.ts";
import { storyJson, storyLines } from "../shrinking/story.ts";
import { NoSubmissionError } from "../target.ts";
import { UsageError } from "../usage-error.ts";

/**
 * `raft-grade shrink <test>@<seed>`: finds a small set of a failing run's chance decisions with which it still fails, and tells it.
 *
 * @throws UsageError for what names no run, or one that cannot be shrunk.
 */
export async function shrinkRun(options: ShrinkCommandOptions, output: Output): Promise<ExitCode> {
	const cwd = process.cwd();
	const policy = await loadPolicy(options.config, cwd);
	const { test, ...run } = selectRun(options.run, policy.known);
	const target = chosenTarget(options, policy, cwd);
	if (target instanceof NoSubmissionError) throw target;
	const session = toSession(options, policy, target);
	const name = runName(test.test, run);
	return interruptible(async (signal) => {
		// Once it is open, what interrupts the search must not close it: what was found takes one more run to be told.
		const opening = new AbortController();
		const giveUp = () => opening.abort();
		signal.addEventListener("abort", giveUp);
		const { pool } = await openSession(session, opening.signal).finally(() =>
			signal.removeEventListener("abort", giveUp),
		);
		const enough = AbortSignal.any([signal, AbortSignal.timeout(1000 * (options.budget ?? USUAL_SECONDS))]);
		const progress = showShrinking();
		try {
			const tries = options.tries ?? USUAL_TRIES;
			const shrunk = await shrinkAndTell(pool, {
				test: test.test,
				run,
				tries,
				signal: enough,
				onProgress: progress.tell,
			});
			progress.stop();
			if (shrunk.kind === "contained") {
				const why = untrustedLine(shrunk.failure.message);
				throw new UsageError(`${name} never came to an end, so it cannot be shrunk: ${why}`);
			}
			if (shrunk.kind === "stopped") {
				if (signal.aborted) return ExitCode.interrupted;
				throw new UsageError(`${name} takes too long to be shrunk: give it more time with --budget <seconds>`);
			}
			if (shrunk.kind === "passed") {
				output.line(`${name} passes: there is nothing to shrink`);
				return ExitCode.passed;
			}
			const story = {
				...shrunk,
				test: test.test,
				original: name,
				replay: replayCommand(runName(test.test, shrunk), options),
				wasInterrupted: signal.aborted,
			};
			if (options.format === "json") output.write(storyJson(story));
			else for (const line of storyLines(story)) output.line(line);
			return signal.aborted ? ExitCode.interrupted : ExitCode.failed;
		} finally {
			progress.stop();
			pool.close();
		}
	});
}
