import { TargetError } from "../../harness/index.ts";
import { DEFAULT_POLICY } from "../policy/policy.ts";
import type { Target } from "../target.ts";
import { USUAL_LIMITS } from "./limits.ts";
import { openSession } from "./session.ts";

/** Loads a submission in a worker and starts three servers of it. Returns what went wrong, in a sentence, or undefined. */
export async function tryTarget(target: Target): Promise<string | undefined> {
	try {
		const { pool } = await openSession({ target, policy: DEFAULT_POLICY, limits: USUAL_LIMITS, jobs: 1 });
		pool.close();
		return undefined;
	} catch (error) {
		if (error instanceof TargetError) return error.message;
		throw error;
	}
}
