import { connect } from "../class/queue/connection.ts";
import { serveQueue } from "../class/queue/queue-worker.ts";
import { readRedisAddress } from "../class/queue/redis-address.ts";
import type { WorkerOptions } from "../cli/worker.ts";
import { ExitCode } from "../exit-code.ts";
import { interruptible } from "../grading/interruption.ts";
import type { Output } from "../output.ts";
import { untrustedLine } from "../report/untrusted.ts";

/** `raft-grade worker`: grades what others put on a queue, until it is stopped. */
export async function workForQueue({ queue, jobs, lease }: WorkerOptions, output: Output): Promise<ExitCode> {
	const connection = await connect(readRedisAddress(queue));
	return interruptible(async (signal) => {
		const line = (text: string) => output.line(untrustedLine(text));
		await serveQueue(connection, { jobs, leaseMs: lease * 1000, signal, line });
		return ExitCode.interrupted;
	});
}
