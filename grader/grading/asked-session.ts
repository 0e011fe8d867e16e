import type { SessionOptions } from "../cli/shared-options.ts";
import type { Policy } from "../policy/policy.ts";
import { findTarget, NoSubmissionError, type Target } from "../target.ts";
import { toWorkerLimits } from "./limits.ts";
import type { Session } from "./session.ts";

/** The target that a command line asks for, or why there is none. */
export function chosenTarget(
	{ target }: Pick<SessionOptions, "target">,
	{ reference }: Policy,
	cwd: string,
): Target | NoSubmissionError {
	try {
		const isOwnReference = target === "reference" && reference !== undefined;
		return isOwnReference ? { ...findTarget(reference, cwd), name: "reference" } : findTarget(target, cwd);
	} catch (error) {
		if (error instanceof NoSubmissionError) return error;
		throw error;
	}
}

/** A session with the target, the policy and the limits that a command line asks for. */
export function toSession(options: SessionOptions, policy: Policy, target: Target): Session {
	return {
		target,
		policy,
		limits: toWorkerLimits(options, policy),
		// Several runs at once could not be followed.
		jobs: options.speed === undefined ? options.jobs : 1,
	};
}
