import { bundleProgram, type ProgramSource } from "../../harness/index.ts";
import type { Policy } from "../policy/policy.ts";
import type { Target } from "../target.ts";
import { workerCode } from "../worker/code.ts";
import { Pool } from "../worker/pool.ts";
import type { WorkerLimits } from "../worker/worker-process.ts";

/** What gradings of one target have in common. */
export interface Session {
	readonly target: Target;
	readonly policy: Policy;
	readonly limits: WorkerLimits;
	readonly jobs: number;
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
 * @throws TargetError if the target cannot be used.
 */
export async function openSession(
	{ target, policy, limits, jobs }: Session,
	signal?: AbortSignal,
): Promise<OpenSession> {
	const suites = policy.suites.map(({ file }) => file);
	const [source, code] = await Promise.all([bundleProgram(target.file, [], target.folder), workerCode(suites)]);
	const pool = new Pool({ jobs, code, source, limits });
	if (signal?.aborted === true) pool.close();
	signal?.addEventListener("abort", () => pool.close(), { once: true });
	try {
		await pool.ready();
		return { pool, source };
	} catch (error) {
		pool.close();
		throw error;
	}
}
