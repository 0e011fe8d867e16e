import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";
import type { FromGradingProcess, ToGradingProcess } from "./grading-process.ts";
import { type ClassGrading, type FullJob, GraderFault, type Graders, type JobResult } from "./job.ts";

/** How often a submission is handed out again whose process died: no submission can do that to it, but memory may run out. */
const ATTEMPTS_MAX = 2;
const ENDING_MAX_MS = 3_000;

/** Grades on this machine: a process for each core, and each submission in one of them. */
export class LocalGraders implements Graders {
	readonly capacity: number;
	readonly #setUp: ToGradingProcess;
	readonly #idle: GradingProcess[] = [];
	readonly #all = new Set<GradingProcess>();
	#isClosed = false;

	/**
	 * @param workFolder - where submissions are unpacked, as an absolute path.
	 * @param code - the workers' code, if it is not that of this machine's suites.
	 */
	constructor(grading: ClassGrading, workFolder: string, jobs: number, code?: string) {
		this.capacity = jobs;
		this.#setUp = { kind: "class", grading, workFolder, code };
	}

	async grade(job: FullJob, onShare: (share: number) => void): Promise<JobResult> {
		for (let attempt = 1; ; attempt++) {
			if (this.#isClosed) throw new GraderFault("nothing is graded any more");
			const own = this.#idle.pop() ?? this.#start();
			try {
				const result = await own.grade(job, onShare);
				this.#idle.push(own);
				return result;
			} catch (error) {
				this.#all.delete(own);
				void own.end();
				if (error instanceof UsageError) throw error;
				if (!(error instanceof ProcessGone) || attempt >= ATTEMPTS_MAX || this.#isClosed)
					throw new GraderFault((error as Error).message);
			}
		}
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all([...this.#all].map((one) => one.end()));
		this.#all.clear();
	}

	#start(): GradingProcess {
		const started = new GradingProcess(this.#setUp);
		this.#all.add(started);
		return started;
	}
}

/** It died, and told nobody why. */
class ProcessGone extends Error {
	override name = "ProcessGone";
}

class GradingProcess {
	readonly #child: ChildProcess;
	readonly #closed: Promise<void>;
	#pending:
		| {
				readonly onShare: (share: number) => void;
				readonly resolve: (result: JobResult) => void;
				readonly reject: (error: Error) => void;
		  }
		| undefined;
	#isGone = false;

	constructor(setUp: ToGradingProcess) {
		this.#child = fork(path.join(PACKAGE_ROOT, "grader/bin.js"), ["grading-process"], {
			serialization: "advanced",
			// What it says on its way out is for whoever looks into a fault.
			stdio: ["ignore", "ignore", "inherit", "ipc"],
			execArgv: [],
		});
		this.#closed = new Promise((resolve) => {
			const gone = (how: string) => {
				this.#isGone = true;
				this.#pending?.reject(new ProcessGone(`the process that graded it ${how}`));
				this.#pending = undefined;
				resolve();
			};
			this.#child.on("error", (error) => gone(`could not be started: ${error.message}`));
			this.#child.on("exit", (code, signal) =>
				gone(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
			);
		});
		this.#child.on("message", (message: FromGradingProcess) => this.#hear(message));
		this.#child.send(setUp, () => {});
	}

	grade(job: FullJob, onShare: (share: number) => void): Promise<JobResult> {
		return new Promise((resolve, reject) => {
			if (this.#isGone) {
				reject(new ProcessGone("the process that was to grade it is gone"));
				return;
			}
			this.#pending = { onShare, resolve, reject };
			this.#child.send({ kind: "job", job } satisfies ToGradingProcess, () => {});
		});
	}

	/** It takes its workers with it, for which it needs a moment. */
	async end(): Promise<void> {
		if (this.#child.connected) this.#child.disconnect();
		const timer = setTimeout(() => this.#child.kill("SIGKILL"), ENDING_MAX_MS);
		await this.#closed;
		clearTimeout(timer);
	}

	#hear(message: FromGradingProcess): void {
		const pending = this.#pending;
		if (message.kind === "share") {
			pending?.onShare(message.share);
			return;
		}
		this.#pending = undefined;
		if (message.kind === "done") pending?.resolve(message.result);
		else if (message.kind === "refused") pending?.reject(new UsageError(message.message));
		else pending?.reject(new Error(message.stack));
	}
}
