import { readFileSync } from "node:fs";

/** Of the time that passes, at least so much counts: a process that neither speaks nor computes is stuck too. */
const SHARE_MIN = 0.1;

/**
 * How much of a span of time a process had for itself. A busy machine lets processes wait, which must cost no submission its points: what counts is the
 * time for which a core worked for it.
 */
export class OwnTime {
	readonly #cpuMs: () => number | undefined;
	#sinceMs = Number.NaN;
	#cpuAtStartMs: number | undefined;

	/** @param cpuMs - how much a core has worked for the process so far, in milliseconds; undefined where the system does not tell. */
	constructor(cpuMs: () => number | undefined) {
		this.#cpuMs = cpuMs;
	}

	/**
	 * Real milliseconds that count of those from a moment on. The span's beginning is noticed when it is first asked for.
	 *
	 * @param sinceMs - when the span began; another one than before begins a new span.
	 */
	spentMs(sinceMs: number, nowMs: number): number {
		const cpuMs = this.#cpuMs();
		if (sinceMs !== this.#sinceMs) {
			this.#sinceMs = sinceMs;
			this.#cpuAtStartMs = cpuMs;
		}
		const passedMs = nowMs - sinceMs;
		if (cpuMs === undefined || this.#cpuAtStartMs === undefined) return passedMs;
		return Math.min(passedMs, Math.max(cpuMs - this.#cpuAtStartMs, SHARE_MIN * passedMs));
	}
}

/** The kernel's clock ticks, of which Linux shows a hundred in a second whatever it counts in. */
const TICK_MS = 10;

/** For how long cores have worked for a process, in milliseconds. Undefined anywhere but on Linux, or when the process is gone. */
export function cpuMs(pid: number | undefined): number | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The second field is the program's name, in brackets, and may hold anything. User and system time are the 14th and the 15th.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const ticks = Number(fields[11]) + Number(fields[12]);
		return Number.isFinite(ticks) ? ticks * TICK_MS : undefined;
	} catch {
		return undefined;
	}
}
