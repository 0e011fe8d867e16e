import type { WorkerLimits } from "../worker/worker-process.ts";

/** What a worker may use if nobody says otherwise. */
export const USUAL_LIMITS: WorkerLimits = {
	stepMs: 5_000,
	// Generous: a right solution that saves its whole log at every change may need ten seconds on a slow machine.
	runMs: 120_000,
	memoryMb: 1024,
};
