/** What the process's exit code says. The first of them, and the last, are named as a report's status is. */
export const ExitCode = {
	/** Every test passed. */
	passed: 0,
	/** A test failed. */
	failed: 1,
	/** The command or the target is unusable: nothing was judged. */
	unusable: 2,
	/** A fault of raft-grade itself. */
	fault: 3,
	/** Stopped with Ctrl-C. */
	interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
