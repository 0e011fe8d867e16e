import type { SessionOptions } from "../cli/shared-options.ts";
import type { Policy } from "../policy/policy.ts";
import type { WorkerLimits } from "../worker/worker-process.ts";

/** What a worker may use if nobody says otherwise. */
export const USUAL_LIMITS: WorkerLimits = {
	stepMs: 5_000,
	// Generous: a right solution that saves its whole log at every change may need ten seconds on a slow machine.
	runMs: 120_000,
	memoryMb: 1024,
};

/** What a worker may use: as the command says, else as the policy does, else what is usual. */
export function toWorkerLimits(
	{ stepTimeout, timeout, memory }: Pick<SessionOptions, "stepTimeout" | "timeout" | "memory">,
	{ limits }: Pick<Policy, "limits">,
): WorkerLimits {
	return {
		stepMs: inMs(stepTimeout ?? limits.stepTimeoutS) ?? USUAL_LIMITS.stepMs,
		runMs: inMs(timeout ?? limits.timeoutS) ?? USUAL_LIMITS.runMs,
		memoryMb: memory ?? limits.memoryMb ?? USUAL_LIMITS.memoryMb,
	};
}

function inMs(seconds: number | undefined): number | undefined {
	return seconds === undefined ? undefined : 1000 * seconds;
}
