import path from "node:path";
import { watch } from "chokidar";
import pc from "picocolors";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { parseReporters } from "../report/reporter-option.ts";
import type { GradeReport, TestReport } from "../report/schema.ts";
import { interruptible } from "./interruption.ts";
import { type Grading, gradeOnce } from "./once.ts";
import type { PlannedTest } from "./plan.ts";

/** Editors write a file in several steps, and some tools several files. */
const SETTLE_MS = 50;

const CLEAR_SCREEN = "\u001b[2J\u001b[3J\u001b[H";

/**
 * Grades, and grades again whenever a file in the submission's folder changes, until somebody stops it. With the same seeds each time, so that what
 * changes is what the change did; and the tests that failed come first, the fastest of them first.
 */
export async function gradeOnChange(grading: Grading, output: Output): Promise<ExitCode> {
	return interruptible(async (signal) => {
		const reports = parseReporters(grading.options.reporters).flatMap(({ path: file }) => file ?? []);
		const changes = await Changes.of(grading.session.target.folder, reports);
		signal.addEventListener("abort", () => changes.stop());
		let tests = grading.tests;
		try {
			while (!signal.aborted) {
				const changed = changes.next();
				const again = new AbortController();
				// What is under way is of no interest any more.
				changed.then(() => again.abort());
				if (process.stdout.isTTY) output.write(CLEAR_SCREEN);
				const report = await gradeOnce({ ...grading, tests }, output, AbortSignal.any([signal, again.signal]));
				if (report.status !== "unusable") tests = failedFirst(grading.tests, report);
				if (!again.signal.aborted && !signal.aborted) output.line(pc.dim("\nwaiting for a change (Ctrl-C ends)"));
				await changed;
			}
		} finally {
			changes.stop();
		}
		return ExitCode.interrupted;
	});
}

/** The tests that failed, the fastest first; then the others as they were. */
export function failedFirst(tests: readonly PlannedTest[], report: GradeReport): readonly PlannedTest[] {
	const failed = report.tests.filter(({ status }) => status === "failed").sort((a, b) => timeToFail(a) - timeToFail(b));
	const order = new Map(failed.map(({ test }, i) => [test, i]));
	const placeOf = ({ test }: PlannedTest) => order.get(test) ?? failed.length;
	return [...tests].sort((a, b) => placeOf(a) - placeOf(b));
}

/** How long the quickest of a test's failed runs took, in real milliseconds. */
function timeToFail({ runs }: TestReport): number {
	return Math.min(...runs.filter(({ status }) => status === "failed").map(({ wallMs }) => wallMs));
}

/** Tells when files in a folder change. */
class Changes {
	readonly #watcher: ReturnType<typeof watch>;
	#tell: () => void = () => {};
	#timer: NodeJS.Timeout | undefined;

	/** Watches a folder. That this grading writes its own reports into it is no change. */
	static async of(folder: string, reports: readonly string[]): Promise<Changes> {
		const own = new Set(reports.map((file) => path.resolve(file)));
		const isOther = (file: string) =>
			own.has(path.resolve(file)) || /(^|[/\\])(node_modules|\.git)([/\\]|$)/.test(path.relative(folder, file));
		const watcher = watch(folder, { ignored: isOther, ignoreInitial: true });
		await new Promise<void>((resolve) => watcher.once("ready", resolve));
		return new Changes(watcher);
	}

	private constructor(watcher: ReturnType<typeof watch>) {
		this.#watcher = watcher;
		this.#watcher.on("all", () => {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#tell(), SETTLE_MS);
		});
	}

	/** Resolves at the next change, or when it is stopped. */
	next(): Promise<void> {
		return new Promise((resolve) => {
			this.#tell = resolve;
		});
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#watcher.close();
		this.#tell();
	}
}
