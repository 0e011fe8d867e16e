/**
 * What `import … from "raft-grade"` gives a submission: the contract's types, and four functions. Inside a simulated machine the
 * functions are the machine's own; these here serve a submission that runs outside, in its author's own unit tests.
 */
import { setTimeout } from "node:timers/promises";
import { format } from "node:util";

export { decode, encode } from "./labrpc/codec.ts";
export type {
	ApplyChannel,
	ApplyMsg,
	ClientEnd,
	Command,
	Make,
	Persister,
	Raft,
	RaftState,
	StartResult,
	WireValue,
} from "./raft.ts";

/** Waits. On a simulated machine, in virtual time. */
export async function sleep(ms: number): Promise<void> {
	await setTimeout(ms);
}

/** Writes a log line under a topic. On a simulated machine it carries virtual time and the server, and costs nothing unless someone looks. */
export function debug(topic: string, ...parts: readonly unknown[]): void {
	process.stderr.write(`${topic.padEnd(8)} ${format(...parts)}\n`);
}
