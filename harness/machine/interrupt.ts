import vm from "node:vm";

/**
 * Runs `work`, and breaks it off once it has taken so long, wherever it is: in the middle of a realm's code, too. What was broken off
 * is in no state to go on; it can only be looked at. It costs a thread per call, so it is for runs that are known to hang.
 *
 * @param limitMs - real milliseconds.
 * @returns whether it came to its end.
 */
export function runInterruptibly(work: () => void, limitMs: number): boolean {
	// Only a script can be broken off, and all that a script can reach is the global object of this process's own context.
	const outside = globalThis as { raftGradeInterruptible?: () => void };
	outside.raftGradeInterruptible = work;
	try {
		enter.runInThisContext({ timeout: limitMs });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
		throw error;
	} finally {
		delete outside.raftGradeInterruptible;
	}
}

const enter = new vm.Script("raftGradeInterruptible()", { filename: "raft-grade:interruptible" });
