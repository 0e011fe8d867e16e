import type { Invariant } from "./invariant.ts";

/**
 * A server's term never goes back (§5.1). Over a restart, what counts is the latest term in which the server had sent or
 * answered anything: a term that nobody had heard of may be lost in a crash.
 */
export const termMonotonic: Invariant = (fail) => {
	const latest = new Map<number, number>();
	const heard = new Map<number, number>();
	return (event) => {
		switch (event.kind) {
			case "boot":
				latest.set(event.server, heard.get(event.server) ?? 0);
				break;
			case "spoke":
				heard.set(event.server, event.term);
				break;
			case "state": {
				const { server, term } = event;
				const before = latest.get(server) ?? 0;
				latest.set(server, term);
				if (term < before) fail(`the term of S${server} went back from ${before} to ${term}`, { servers: [server] });
				break;
			}
		}
	};
};
