/** Whether there is a process of this number on this machine, whoever it belongs to. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Another user's may not be signalled, but it is there.
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
