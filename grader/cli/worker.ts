import type { Command } from "commander";
import { asArgument, toJobs, toSeconds } from "./values.ts";

/** A worker for classes that are graded on many machines, as the command line says. */
export interface WorkerOptions {
	readonly queue: string;
	/** How many submissions at once. */
	readonly jobs: number;
	/** Real seconds. */
	readonly lease: number;
}

export type GivenWorkerOptions = Pick<WorkerOptions, "queue"> & Partial<WorkerOptions>;

export function addWorkerOptions(command: Command): Command {
	return command
		.summary("grade for a class that is graded on many machines")
		.description("Takes submissions from a queue and grades them, until Ctrl-C.")
		.requiredOption("--queue <address>", "the Redis that raft-grade class --queue has")
		.option("-j, --jobs <n>", "how many submissions at once (default: the cores)", asArgument(toJobs))
		.option(
			"--lease <s>",
			`others take over if it is silent for so many seconds (default: ${USUAL_LEASE_S})`,
			asArgument(toSeconds),
		)
		.addHelpText("after", WORKER_HELP);
}

export const USUAL_LEASE_S = 30;

const WORKER_HELP = `
The address: redis://[user:password@]host[:port][/database], or rediss:// with
TLS. The password may be in RAFT_GRADE_QUEUE_PASSWORD instead. Whoever can write
to that Redis can have code run here: docs/queue.md.

Exit code: 130 stopped with Ctrl-C, 2 the command is unusable or there is no
such Redis, 3 a fault of raft-grade itself.`;
