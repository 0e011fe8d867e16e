import type { DOMExceptionClass } from "./dom-exception.ts";
import { type NodeEnvironment, refusal } from "./environment.ts";
import { nodeError } from "./errors.ts";

interface Entry {
	name: string;
	entryType: "mark" | "measure";
	startTime: number;
	duration: number;
	detail: unknown;
}

interface MeasureOptions {
	start?: string | number;
	end?: string | number;
	duration?: number;
	detail?: unknown;
}

/**
 * The global `performance`, on virtual time. Many submissions ask it for the time, and hardly one ever needs its exceptions: these are made when
 * they are.
 */
export function createPerformance(
	env: Pick<NodeEnvironment, "now" | "epochMs" | "refuse">,
	domException: () => DOMExceptionClass,
) {
	let entries: Entry[] = [];

	function add(entry: Entry): Entry {
		entries.push(entry);
		return entry;
	}

	function timeOf(mark: string | number | undefined, fallback: number): number {
		if (mark === undefined) return fallback;
		if (typeof mark === "number") return mark;
		const found = entries.findLast((entry) => entry.entryType === "mark" && entry.name === mark);
		if (found !== undefined) return found.startTime;
		const DOMException = domException();
		throw new DOMException(`The "${mark}" performance mark has not been set`, "SyntaxError");
	}

	function measure(name: string, from?: string | MeasureOptions, to?: string): Entry {
		const options: MeasureOptions =
			typeof from === "object" ? from : { ...(from && { start: from }), ...(to && { end: to }) };
		const { duration, detail = null } = options;
		const begun = duration !== undefined && options.start === undefined ? timeOf(options.end, env.now()) - duration : 0;
		const startTime = timeOf(options.start, begun);
		const end = duration !== undefined ? startTime + duration : timeOf(options.end, env.now());
		return add({ name, entryType: "measure", startTime, duration: end - startTime, detail });
	}

	const clear = (entryType: string) => (name?: string) => {
		entries = entries.filter((entry) => entry.entryType !== entryType || (name !== undefined && entry.name !== name));
	};

	return {
		now: () => env.now(),
		timeOrigin: env.epochMs,
		mark: (name: string, { startTime = env.now(), detail = null }: { startTime?: number; detail?: unknown } = {}) => {
			if (startTime < 0) {
				throw nodeError(TypeError, "ERR_PERFORMANCE_INVALID_TIMESTAMP", `${startTime} is not a valid timestamp`);
			}
			return add({ name: `${name}`, entryType: "mark", startTime, duration: 0, detail });
		},
		measure,
		clearMarks: clear("mark"),
		clearMeasures: clear("measure"),
		getEntries: () => inOrder(entries),
		getEntriesByName: (name: string) => inOrder(entries.filter((entry) => entry.name === name)),
		getEntriesByType: (type: string) => inOrder(entries.filter((entry) => entry.entryType === type)),
		toJSON: () => ({ timeOrigin: env.epochMs }),
		eventLoopUtilization: refusal(env, "performance.eventLoopUtilization()"),
		timerify: refusal(env, "performance.timerify()"),
	};
}

function inOrder(entries: readonly Entry[]): Entry[] {
	return [...entries].sort((a, b) => a.startTime - b.startTime);
}

/** `node:perf_hooks`. */
export function createPerfHooks(env: NodeEnvironment, performance: unknown) {
	return {
		performance,
		PerformanceObserver: refusal(env, "PerformanceObserver"),
		monitorEventLoopDelay: refusal(env, "perf_hooks.monitorEventLoopDelay()"),
		createHistogram: refusal(env, "perf_hooks.createHistogram()"),
	};
}
