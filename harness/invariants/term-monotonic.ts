import type { Invariant } from "./invariant.ts";

/**
 * A server's term never goes back (§5.1). Over a restart, what counts is the latest term that the server had told anybody: one that nobody had heard of may be
 * lost in a crash, and a server may be in it for a while, until it is on stable storage, and still answer in the term before. How a submission tells its
 * term is its own affair; so a term has been told if its number stands anywhere in a message of that moment; but if the message has fields that are called after terms,
 * it must stand in one of them: an index may happen to be the same number.
 */
export const termMonotonic: Invariant = (fail) => {
	const latest = new Map<number, number>();
	const told = new Map<number, number>();
	/** What each server has sent and answered in its present step. */
	const spoken = new Map<number, string[]>();
	return (event) => {
		switch (event.kind) {
			case "boot":
				latest.set(event.server, told.get(event.server) ?? 0);
				spoken.delete(event.server);
				break;
			case "call":
				note(spoken, event.from, event.args);
				break;
			case "handled":
				note(spoken, event.to, event.reply);
				break;
			case "spoke": {
				const { server, term } = event;
				if (term > (told.get(server) ?? 0) && spoken.get(server)?.some((text) => mentions(text, term)))
					told.set(server, term);
				spoken.delete(server);
				break;
			}
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

function note(spoken: Map<number, string[]>, server: number, text: string): void {
	const texts = spoken.get(server);
	if (texts === undefined) spoken.set(server, [text]);
	else texts.push(text);
}

function mentions(text: string, term: number): boolean {
	const field = A_TERM.test(text) ? '"[^"]*term[^"]*":\\s*' : "(?<![\\d.])";
	return new RegExp(`${field}${term}(?![\\d.])`, "i").test(text);
}

/** A field of a message that is called after a term. */
const A_TERM = /"[^"]*term[^"]*":/i;
