import { ExitCode } from "../exit-code.ts";

/**
 * Does something that can be interrupted: Ctrl-C, or a request to end, aborts the signal, so that what is done so far can be told. A
 * second Ctrl-C ends the process at once.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
	const controller = new AbortController();
	const interrupt = () => {
		if (controller.signal.aborted) process.exit(ExitCode.interrupted);
		controller.abort();
	};
	process.on("SIGINT", interrupt);
	process.on("SIGTERM", interrupt);
	try {
		return await work(controller.signal);
	} finally {
		process.off("SIGINT", interrupt);
		process.off("SIGTERM", interrupt);
	}
}
