/**
 * The model solution: Raft as the lab asks for it. Start reading at README.md.
 */
import type { Make } from "raft-grade";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import { RaftServer } from "./raft.ts";

export { DEFAULT_OPTIONS, type Options } from "./options.ts";

/** A `make` with other options than the usual ones: `export const make = makeWith({ preVote: true });` is a whole submission. */
export function makeWith(options: Partial<Options>): Make {
	const all = { ...DEFAULT_OPTIONS, ...options };
	if (all.electionTimeoutMinMs > all.electionTimeoutMaxMs) {
		throw new RangeError("electionTimeoutMinMs must not be larger than electionTimeoutMaxMs");
	}
	return (peers, me, persister, applyCh) => new RaftServer(peers, me, persister, applyCh, all);
}

/** Creates one Raft server; this is what the labs call. */
export const make: Make = makeWith({});
