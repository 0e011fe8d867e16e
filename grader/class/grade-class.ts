import { UsageError } from "../usage-error.ts";
import type { GraderFault, Graders, JobResult } from "./job.ts";
import { type Prepared, type PrepareOptions, withFiles } from "./prepare.ts";
import type { ResultStore } from "./result-store.ts";

/** A submission that can be graded. */
export type Gradable = Extract<Prepared, { readonly module: unknown }>;

export interface GradeClassOptions {
	readonly graders: Graders;
	readonly store: ResultStore;
	readonly prepare: PrepareOptions;
	readonly signal: AbortSignal;
	/** Hears how much of a job is done. */
	readonly onShare: (key: string, share: number) => void;
	/** Hears of each submission's result, as soon as it is kept. */
	readonly onResult: (submission: Gradable, result: JobResult) => Promise<void>;
	/** Hears of a submission that could not be graded through no fault of its own. */
	readonly onFault: (submission: Gradable, what: string) => void;
	/** Hears of each job that is over, whatever came of it. */
	readonly onOver: (key: string) => void;
}

/**
 * Has submissions graded that have not been: as many at once as the graders take. Submissions with the same content are graded once. A result is kept
 * before anybody hears of it.
 *
 * @throws UsageError if no submission can be graded, because of the course's own mistake.
 */
export async function gradeClass(submissions: readonly Gradable[], options: GradeClassOptions): Promise<void> {
	const { graders, signal } = options;
	const groups = byKey(submissions).values();
	let isRefused = false;
	const lane = async () => {
		let keeping = Promise.resolve();
		try {
			for (const group of groups) {
				if (signal.aborted || isRefused) break;
				const result = await gradeGroup(group, options);
				// While a result is kept, the next submission is under way; but no more than one waits.
				await keeping;
				keeping = result === undefined ? Promise.resolve() : keep(group, result, options);
				keeping.catch(() => {});
			}
			await keeping;
		} catch (error) {
			isRefused = true;
			throw error;
		}
	};
	await Promise.all(Array.from({ length: graders.capacity }, lane));
}

/** Submissions that are the same, by their key. */
export function byKey(submissions: readonly Gradable[]): Map<string, [Gradable, ...Gradable[]]> {
	const groups = new Map<string, [Gradable, ...Gradable[]]>();
	for (const submission of submissions) {
		const group = groups.get(submission.job.key);
		if (group === undefined) groups.set(submission.job.key, [submission]);
		else group.push(submission);
	}
	return groups;
}

type Group = readonly [Gradable, ...Gradable[]];

/** Undefined if there is no result to be kept. */
async function gradeGroup([first, ...others]: Group, options: GradeClassOptions): Promise<JobResult | undefined> {
	const { graders, signal, onShare, onFault, onOver } = options;
	const { key } = first.job;
	const fail = (what: string) => {
		for (const one of [first, ...others]) onFault(one, what);
		onOver(key);
	};
	try {
		const job = await withFiles(first, options.prepare);
		if (job === undefined) {
			fail("it was changed while the class was graded: run the command again");
			return undefined;
		}
		const result = await graders.grade(job, (share) => onShare(key, share));
		return signal.aborted || result.report.status === "interrupted" ? undefined : result;
	} catch (error) {
		if (error instanceof UsageError) throw error;
		// What was under way when somebody stopped it all is simply not done.
		if (!signal.aborted) fail(firstLine(error as GraderFault));
		return undefined;
	}
}

async function keep(group: Group, result: JobResult, options: GradeClassOptions): Promise<void> {
	const { graders, store, onResult, onOver } = options;
	const { key } = group[0].job;
	await store.put(key, result);
	graders.onKept?.(key);
	for (const one of group) await onResult(one, result);
	onOver(key);
}

function firstLine(error: Error): string {
	return (error.message.split("\n")[0] ?? "").replace(/^Error: /, "");
}
