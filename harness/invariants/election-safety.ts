import type { Invariant } from "./invariant.ts";

/** At most one leader in a term, over the whole run, connected or not (election safety, §5.2). */
export const electionSafety: Invariant = (fail) => {
	const leaderOf = new Map<number, number>();
	return (event) => {
		if (event.kind !== "state" || !event.isLeader) return;
		const { term, server } = event;
		const leader = leaderOf.get(term);
		if (leader === undefined) leaderOf.set(term, server);
		else if (leader !== server) {
			fail(`two leaders in term ${term}: S${leader} and S${server}`, { servers: [leader, server] });
		}
	};
};
