/** A process that grades the submissions which it is handed, one after the other. It is started by a grader that runs a class, and ends with it. */
import { UsageError } from "../usage-error.ts";
import { workerCode } from "../worker/code.ts";
import { gradeJob } from "./grade-job.ts";
import type { ClassGrading, FullJob, JobResult } from "./job.ts";

export type ToGradingProcess =
	| {
			readonly kind: "class";
			readonly grading: ClassGrading;
			readonly workFolder: string;
			/** The workers' code; undefined: bundled from the policy's suites. */
			readonly code: string | undefined;
	  }
	| { readonly kind: "job"; readonly job: FullJob };

export type FromGradingProcess =
	| { readonly kind: "share"; readonly share: number }
	| { readonly kind: "done"; readonly result: JobResult }
	/** The course's own mistake, which is the same with every submission: a suite that lacks a test, perhaps. */
	| { readonly kind: "refused"; readonly message: string }
	| { readonly kind: "fault"; readonly stack: string };

/** Between two words on how far a submission is, real milliseconds. */
const TELL_EVERY_MS = 500;

/** Works until whoever started it goes away. */
export async function serveGrading(): Promise<never> {
	const send = process.send?.bind(process);
	if (send === undefined) throw new Error("a grading process is started by raft-grade class");
	const tell = (message: FromGradingProcess): void => {
		send(message, undefined, undefined, () => {});
	};
	// Ctrl-C goes to all processes of a terminal; it is the one that runs the class that decides what to do about it.
	process.on("SIGINT", () => {});
	// Its workers end with it.
	process.on("disconnect", () => process.exit());
	let setUp: { readonly grading: ClassGrading; readonly workFolder: string; readonly code: string } | undefined;
	const handle = async (message: ToGradingProcess) => {
		if (message.kind === "class") {
			const { grading, workFolder } = message;
			const code = message.code ?? (await workerCode(grading.policy.suites.map(({ file }) => file)));
			setUp = { grading, workFolder, code };
			return;
		}
		if (setUp === undefined)
			throw new Error("a grading process was handed a submission before it was told how to grade");
		let toldAtMs = 0;
		const onShare = (share: number) => {
			if (performance.now() - toldAtMs < TELL_EVERY_MS) return;
			toldAtMs = performance.now();
			tell({ kind: "share", share });
		};
		// Nobody stops a single one; a signal for all of them would remember each.
		const { signal } = new AbortController();
		tell({ kind: "done", result: await gradeJob(setUp.grading, message.job, { ...setUp, signal, onShare }) });
	};
	let last = Promise.resolve();
	process.on("message", (message: ToGradingProcess) => {
		last = last.then(() => handle(message)).catch((error: unknown) => tell(asMessage(error)));
	});
	return new Promise(() => {});
}

function asMessage(error: unknown): FromGradingProcess {
	if (error instanceof UsageError) return { kind: "refused", message: error.message };
	return { kind: "fault", stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
