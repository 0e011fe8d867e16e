import { type Profiler, Session } from "node:inspector/promises";

/** Where the time of an action went. */
export interface Profile {
	/** The share of CPU time spent outside the submission's own code. */
	readonly shareOutside: number;
}

/** Samples the stack while `action` runs. A builtin counts for whoever called it. */
export async function profiled(action: () => Promise<unknown>): Promise<Profile> {
	const session = new Session();
	session.connect();
	await session.post("Profiler.enable");
	await session.post("Profiler.setSamplingInterval", { interval: 200 });
	await session.post("Profiler.start");
	await action();
	const { profile } = await session.post("Profiler.stop");
	session.disconnect();
	return { shareOutside: shareOutside(profile) };
}

function shareOutside(profile: Profiler.Profile): number {
	const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
	let inside = 0;
	let all = 0;
	for (const [i, id] of (profile.samples ?? []).entries()) {
		const { url, functionName } = nodes.get(id)?.callFrame ?? { url: "", functionName: "(idle)" };
		if (functionName === "(idle)") continue;
		const micros = profile.timeDeltas?.[i] ?? 0;
		all += micros;
		if (url === "raft-grade:submission") inside += micros;
	}
	return all === 0 ? Number.NaN : 1 - inside / all;
}
