import type { Build } from "./build.ts";

/** What all of our keys in Redis begin with: an access list can name it. */
export const PREFIX = "raft-grade";

/** What nobody fetches is forgotten by Redis after so many seconds. */
export const KEPT_S = 7 * 24 * 60 * 60;

/** Workers hear of nothing but what is meant for their own build. */
export function queueOf({ version, code }: Build): string {
	return `jobs-${version}-${code}`;
}

/** What a job's failure begins with if the course's own mistake is in the way of every submission. */
export const COURSE_MISTAKE = "UsageError: ";

/** Where a submission's files are, while its job is on the queue. */
export function filesOf(job: string): string {
	return `${PREFIX}:files:${job}`;
}

/** Where a job's result is, until it has been fetched. */
export function resultOf(job: string): string {
	return `${PREFIX}:result:${job}`;
}

/** Where that is by which submissions are graded. */
export function gradingOf(hash: string): string {
	return `${PREFIX}:grading:${hash}`;
}
