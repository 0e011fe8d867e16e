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
 */
export async function gradeClass(submissions: readonly Gradable[], options: GradeClassOptions): Promise<void> {
	const { graders, signal } = options;
	const groups = byKey(submissions).values();
	const lane = async () => {
		for (const group of groups) {
			if (signal.aborted) return;
			await gradeGroup(group, options);
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

async function gradeGroup(group: readonly [Gradable, ...Gradable[]], options: GradeClassOptions): Promise<void> {
	const { graders, store, signal, onShare, onResult, onFault, onOver } = options;
	const [first] = group;
	const { key } = first.job;
	try {
		const job = await withFiles(first, options.prepare);
		if (job === undefined) {
			for (const one of group) onFault(one, "it was changed while the class was graded: run the command again");
			return;
		}
		const result = await graders.grade(job, (share) => onShare(key, share));
		if (signal.aborted || result.report.status === "interrupted") return;
		await store.put(key, result);
		for (const one of group) await onResult(one, result);
	} catch (error) {
		// What was under way when somebody stopped it all is simply not done.
		if (signal.aborted) return;
		for (const one of group) onFault(one, firstLine(error as GraderFault));
	} finally {
		if (!signal.aborted) onOver(key);
	}
}

function firstLine(error: Error): string {
	return (error.message.split("\n")[0] ?? "").replace(/^Error: /, "");
}
