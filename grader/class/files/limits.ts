/** How much a submission may be. What is left out (node_modules, .git and the like) doesn't count. */
export interface SubmissionLimits {
	readonly files: number;
	/** Of all files together, unpacked. */
	readonly bytes: number;
}

/** Generous for a lab of a few thousand lines. */
export const USUAL_SUBMISSION_LIMITS: SubmissionLimits = { files: 2_000, bytes: 32 * 2 ** 20 };

/** Of an archive, as it was handed in: this much is read into memory. */
export const ARCHIVE_MAX_BYTES = 64 * 2 ** 20;

/** So many entries are looked at, those that are left out included. */
export const ENTRIES_MAX = 50_000;

/** All that is unpacked in passing, what is left out included: a bomb may be hidden there. */
export const PASSING_MAX_BYTES = 1024 * 2 ** 20;

/** A file's path. Many file systems allow no more in a name. */
export const PATH_MAX_LENGTH = 500;
export const NAME_MAX_BYTES = 255;
export const DEPTH_MAX = 32;

/** An archive in an archive is opened, one in that is not. */
export const NESTING_MAX = 2;

/** Sizes for people. */
export function megabytes(bytes: number): string {
	return `${Math.round(bytes / 2 ** 20)} MB`;
}
