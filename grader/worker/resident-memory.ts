import { readFileSync } from "node:fs";

/**
 * How much memory a process has in use, in MB. Where the system doesn't tell (anywhere but on Linux), or when the process is gone: 0, and only
 * V8's own limit holds.
 */
export function residentMb(pid: number | undefined): number {
	try {
		const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
		return Number(kilobytes ?? 0) / 1024;
	} catch {
		return 0;
	}
}
