import type { Invariant } from "./invariant.ts";

/** A snapshot that a server hands over, or restarts from, is one that the service made for that very index (§7). */
export const snapshotContent: Invariant = (fail) => {
	const made = new Map<number, Uint8Array>();
	return (event) => {
		if (event.kind === "snapshot") {
			made.set(event.index, event.snapshot);
		} else if (event.kind === "apply-snapshot" || event.kind === "restore") {
			const { server, index, snapshot } = event;
			const did = event.kind === "restore" ? "restarted from" : "handed over";
			const original = made.get(index);
			if (original === undefined) {
				fail(`S${server} ${did} a snapshot up to index ${index}, but the service never made one there`, {
					servers: [server],
				});
			} else if (Buffer.compare(original, snapshot) !== 0) {
				fail(`S${server} ${did} a snapshot up to index ${index} that differs from the one the service made`, {
					servers: [server],
				});
			}
		}
	};
};
