import type { Invariant } from "./invariant.ts";

/** Each incarnation applies in order, without a gap or a repeat, from index 1 or from the snapshot it started with (§5.3, §7). */
export const applyOrder: Invariant = (fail) => {
	const lastApplied = new Map<number, number>();
	return (event) => {
		switch (event.kind) {
			case "boot":
				lastApplied.set(event.server, 0);
				break;
			case "restore":
				lastApplied.set(event.server, event.index);
				break;
			case "apply-snapshot": {
				const last = lastApplied.get(event.server) ?? 0;
				if (event.index >= last) lastApplied.set(event.server, event.index);
				else {
					const sentence = `S${event.server} handed over a snapshot up to index ${event.index} after having applied index ${last}`;
					fail(sentence, { servers: [event.server] });
				}
				break;
			}
			case "apply": {
				const { server, index } = event;
				const expected = (lastApplied.get(server) ?? 0) + 1;
				lastApplied.set(server, index);
				if (index !== expected) fail(describe(server, index, expected), { servers: [server] });
				break;
			}
		}
	};
};

function describe(server: number, index: number, expected: number): string {
	if (index < expected)
		return `S${server} applied index ${index} again: it had applied everything up to ${expected - 1}`;
	const start = expected === 1 ? ": a server that has just started has applied nothing yet" : "";
	return `S${server} applied index ${index}, but the next one is ${expected}${start}`;
}
