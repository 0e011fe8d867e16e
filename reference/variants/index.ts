import type { TestId } from "../../labs/catalog.ts";

/** A right solution in which something is done otherwise than in the model solution, as it may be. */
export interface Variant {
	/** The name of its module in this folder, which says how it differs and why that is allowed. */
	readonly id: string;
	/** Tests that it is too slow for, although it is right. The module says why. */
	readonly tooSlowFor?: readonly TestId[];
}

/** All of them: a test that fails one of them is wrong itself. */
export const variants: readonly Variant[] = [
	{ id: "quick-elections" },
	{ id: "slow-elections" },
	{ id: "narrow-timeouts" },
	{ id: "frequent-heartbeats" },
	{ id: "rare-heartbeats" },
	{ id: "batching" },
	{ id: "prompt-commits" },
	{ id: "pre-vote" },
	{ id: "no-check-quorum" },
	{ id: "all-at-once" },
	{ id: "back-up-by-term" },
	{ id: "back-up-by-half" },
	{ id: "back-up-by-one", tooSlowFor: ["Figure8Unreliable"] },
	{ id: "slow-handlers" },
	{ id: "slow-disk" },
	{ id: "overlapping-saves" },
	{ id: "saved-beside-sending" },
	{ id: "ticker" },
	{ id: "ticker-pipelined" },
	{ id: "ticker-small-requests" },
];
