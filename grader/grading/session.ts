import path from "node:path";
import { bundleProgram, type ProgramSource } from "../../harness/index.ts";
import type { Policy } from "../policy/policy.ts";
import type { Target } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import { workerCode } from "../worker/code.ts";
import { Pool } from "../worker/pool.ts";
import type { WorkerLimits } from "../worker/worker-process.ts";

/** What gradings of one target have in common. */
export interface Session {
	readonly target: Target;
	readonly policy: Policy;
	readonly limits: WorkerLimits;
	readonly jobs: number;
	/** The workers' code for this policy, if it is known already. */
	readonly code?: string;
}

/** A pool of workers that have been given the target, and the target as it was bundled for them. */
export interface OpenSession {
	readonly pool: Pool;
	readonly source: ProgramSource;
}

/**
 * Bundles the target as it now is, starts workers, and waits until one of them has loaded it.
 *
 * @param signal - closes the pool, even before it is open.
 * @throws TargetError if the target cannot be used, UsageError if a suite of the policy's lacks a test that the policy names.
 */
export async function openSession(
	{ target, policy, limits, jobs, code: known }: Session,
	signal?: AbortSignal,
): Promise<OpenSession> {
	const suites = policy.suites.map(({ file }) => file);
	const [source, code] = await Promise.all([
		bundleProgram(target.file, [], target.folder),
		known ?? workerCode(suites),
	]);
	const pool = new Pool({ jobs, code, source, limits });
	if (signal?.aborted === true) pool.close();
	signal?.addEventListener("abort", () => pool.close(), { once: true });
	try {
		const tests = await pool.ready();
		if (signal?.aborted !== true) refuseUndeclared(policy, tests);
		return { pool, source };
	} catch (error) {
		pool.close();
		throw error;
	}
}

/** Names a suite as the config does. */
function refuseUndeclared({ suites, file: config = "." }: Policy, declared: readonly string[]): void {
	for (const { file, tests } of suites) {
		const missing = tests.find((test) => !declared.includes(test));
		if (missing === undefined) continue;
		const where = path.relative(path.dirname(config), file);
		throw new UsageError(
			`${where} declares no test ${missing}, which the config names: raft-grade check-config says more`,
		);
	}
}
