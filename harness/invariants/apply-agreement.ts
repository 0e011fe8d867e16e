import { isSameCommand, show } from "../service.ts";
import type { Invariant } from "./invariant.ts";

/** What is applied at an index is the same everywhere and for ever (state machine safety, §5.4.3). The ledger outlives crashes. */
export const applyAgreement: Invariant = (fail) => {
	const ledger: { command: string; server: number }[] = [];
	return (event) => {
		if (event.kind !== "apply") return;
		const { server, index, command } = event;
		const first = ledger[index];
		if (first === undefined) {
			ledger[index] = { command, server };
		} else if (!isSameCommand(first.command, command)) {
			const sentence = `S${server} applied ${show(command)} at index ${index}, where S${first.server} had applied ${show(first.command)}`;
			fail(sentence, { servers: [...new Set([first.server, server])] });
		}
	};
};
