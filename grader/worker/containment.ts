import type { RunFailure, RunOutcome } from "./messages.ts";
import type { Death, WorkerLimits } from "./worker-process.ts";

/** The verdict on a run that the sandbox had to stop, twice: its process died of it, and did so again when it was alone there. */
export function containedOutcome(death: Death, limits: WorkerLimits, wallMs: number): RunOutcome {
	const failure: RunFailure = {
		check: `contained-${death.kind}`,
		message: describeDeath(death, limits),
		atMs: 0,
		details: {},
		isContained: true,
	};
	const figures = { virtualMs: 0, servers: 0, rpcs: 0, bytes: 0, agreements: 0, elections: 0 };
	return { failure, figures, warnings: [], wallMs };
}

/** What became of a worker, for the student. */
export function describeDeath(death: Death, { stepMs, runMs, memoryMb }: WorkerLimits): string {
	switch (death.kind) {
		case "silent":
			return `the code never comes to rest: it ran for more than ${stepMs / 1000} s of real time without giving way`;
		case "slow":
			return `the run took more than ${runMs / 1000} s of real time and was stopped`;
		case "memory":
			return `the run used more than the ${memoryMb} MB of memory that it may use, and was stopped`;
		case "exit":
			return `the run took its process down (it ${death.how})${lastLine(death.said)}`;
	}
}

function lastLine(said: string): string {
	const line = said.split("\n").find((text) => /error|fatal/i.test(text));
	return line === undefined ? "" : `: ${line.trim().slice(0, 200)}`;
}
