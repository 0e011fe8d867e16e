import type { Invariant } from "./invariant.ts";

/** How many calls one test may make: a right solution makes some ten thousand in the busiest test. */
export const MESSAGES_MAX = 500_000;

/** The number of messages in a test is bounded. */
export const messageBudget: Invariant = (fail) => {
	const callsMade = new Map<number, number>();
	let total = 0;
	return (event) => {
		if (event.kind !== "call") return;
		callsMade.set(event.from, (callsMade.get(event.from) ?? 0) + 1);
		if (++total !== MESSAGES_MAX + 1) return;
		const [busiest = [0, 0]] = [...callsMade].sort(([, a], [, b]) => b - a);
		const sentence = `more than ${MESSAGES_MAX} calls in one test, ${busiest[1]} of them by S${busiest[0]}`;
		fail(sentence, { servers: [busiest[0]] });
	};
};
