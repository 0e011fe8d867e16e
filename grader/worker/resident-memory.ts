import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;

/**
 * How much memory a process has in use, in MB. Where the system doesn't tell (anywhere but on Linux), or when the process is gone: 0, and only
 * V8's own limit holds.
 */
export function residentMb(pid: number | undefined): number {
	try {
		const [, resident] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
		return (Number(resident) * PAGE_BYTES) / 2 ** 20;
	} catch {
		return 0;
	}
}
