import type { Invariant } from "./invariant.ts";

/** A leader never hands out the same index twice in a term (leader append-only, §5.3). */
export const leaderAppendOnly: Invariant = (fail) => {
	const lastIndex = new Map<string, number>();
	return (event) => {
		if (event.kind !== "start" || !event.isLeader) return;
		const { server, term, index } = event;
		const key = `${server}/${term}`;
		const last = lastIndex.get(key) ?? 0;
		lastIndex.set(key, index);
		if (index < 1) {
			fail(`S${server} gave a command index ${index} in term ${term}: the first index is 1`, { servers: [server] });
		} else if (index <= last) {
			const sentence = `S${server} gave a command index ${index} in term ${term}, after index ${last} in the same term`;
			fail(sentence, { servers: [server] });
		}
	};
};
