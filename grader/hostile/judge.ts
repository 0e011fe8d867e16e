import { mkdtemp, realpath, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { bundleProgram, parseSeed, TargetError } from "../../harness/index.ts";
import { seedOf } from "../grading/plan.ts";
import { workerCode } from "../worker/code.ts";
import type { Purpose, RunOrder, RunOutcome } from "../worker/messages.ts";
import { Pool } from "../worker/pool.ts";
import { type Hostile, testsOf } from "./hostile.ts";
import { layOut } from "./lay-out.ts";
import type { Verdicts } from "./verdicts.ts";

const LIMITS = { stepMs: 500, runMs: 60_000, memoryMb: 256 };
let code: Promise<string> | undefined;

/**
 * Judges a hostile submission in workers of this process's own, and has its failures explained: as the command does, but quicker, and one
 * after the other by the same program.
 *
 * @param schedules - how many of each test.
 * @throws WorkerFault for a fault of raft-grade itself.
 */
export async function judgeHostile(
	hostile: Hostile,
	solution: "reference" | "stub",
	schedules: number,
): Promise<Verdicts> {
	code ??= workerCode([]);
	const workers = await code;
	const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "raft-grade-hostile-")));
	let pool: Pool | undefined;
	try {
		await layOut(hostile, solution, folder);
		const source = await bundleProgram(path.join(folder, "raft.ts"), [], folder);
		pool = new Pool({ jobs: 1, code: workers, source, limits: LIMITS });
		await pool.ready();
		const judged = await makeRuns(pool, ordersFor(testsOf(hostile), schedules, "judge"));
		const failed = judged.filter(({ outcome }) => outcome.failure?.isContained === false);
		const explained = await makeRuns(
			pool,
			failed.map(({ order }) => ({ ...order, purpose: "explain" as const })),
		);
		return toVerdicts(testsOf(hostile), judged, explained);
	} catch (error) {
		if (!(error instanceof TargetError)) throw error;
		return { unusable: error.message, passed: [], failures: [], said: error.message };
	} finally {
		pool?.close();
		await rm(folder, { recursive: true, force: true });
	}
}

interface Made {
	readonly order: RunOrder;
	readonly outcome: RunOutcome;
}

async function makeRuns(pool: Pool, orders: readonly RunOrder[]): Promise<readonly Made[]> {
	const made: Made[] = [];
	await pool.run(orders, (order, outcome) => made.push({ order, outcome }));
	return made;
}

function ordersFor(tests: readonly string[], schedules: number, purpose: Purpose): RunOrder[] {
	return tests.flatMap((test) =>
		Array.from({ length: schedules }, (_, n) => ({ test, seed: seedOf(test, n, undefined, parseSeed("7")), purpose })),
	);
}

function toVerdicts(tests: readonly string[], judged: readonly Made[], explained: readonly Made[]): Verdicts {
	const failures = judged.flatMap(({ order: { test }, outcome: { failure } }) =>
		failure === undefined ? [] : [{ test, message: failure.message, contained: failure.isContained }],
	);
	return {
		unusable: undefined,
		passed: tests.filter((name) => failures.every(({ test }) => test !== name)),
		failures,
		said: JSON.stringify([judged, explained]),
	};
}
