import type { Seed } from "./seed.ts";
import type { Selection } from "./selection.ts";

/**
 * What can be decided by chance. The numbers are part of what a seed means: add at the end, never renumber.
 */
export const Decision = {
	/** How long until a call to an unreachable server gives up. */
	unreachableDelay: 1,
	/** How long a request takes on the unreliable network. */
	requestDelay: 2,
	/** Whether a request is lost. */
	requestLoss: 3,
	/** Whether a reply is lost. */
	replyLoss: 4,
	/** Whether a reply is held back (long reordering). */
	reorder: 5,
	/** The range of the delay of a reply that is held back. */
	reorderRange: 6,
	/** The delay of a reply that is held back. */
	reorderDelay: 7,
	/** Race: how long a request takes on the reliable network. */
	requestLatency: 8,
	/** Race: how long a reply takes on the reliable network. */
	replyLatency: 9,
	/** Race: how late a timer fires. */
	timerLateness: 10,
	/** Race: whether a late timer is very late. */
	timerVeryLate: 11,
	/** Race: how long until a machine's next pause. */
	pauseGap: 12,
	/** Race: how long a machine pauses. */
	pauseLength: 13,
	/** Race: the order of events due at the same instant. */
	tie: 14,
	/** Race: whether the service handles a message before or after its sender goes on. */
	applyOrder: 15,
	/** The tester's own draws. */
	tester: 16,
	/** What a machine's own random streams (Math.random, crypto) start from. */
	machineStream: 17,
	/** What an adversary does to a message: see harness/adversary.ts. */
	adversary: 18,
} as const;

/** One of {@link Decision}. */
export type Decision = (typeof Decision)[keyof typeof Decision];

/**
 * Every random decision of a run. A decision is *keyed*, not drawn from a shared sequence: the loss of the 17th message
 * from server 2 to server 0 depends on the seed and on (requestLoss, 2, 0, 17) alone. So a decision more or less leaves
 * all others as they were, and a run stays alike when a student edits a line.
 */
export class Choices {
	readonly #high: number;
	readonly #low: number;
	/** Which choices keep what was drawn; undefined: all do, and nobody asks which there were. */
	readonly selection: Selection | undefined;

	constructor(seed: Seed, selection?: Selection) {
		this.selection = selection;
		const bits = BigInt(`0x${seed}`);
		this.#high = Number(bits >> 32n) | 0;
		this.#low = Number(bits & 0xffffffffn) | 0;
	}

	/** A uniform number in [0, 1), with 53 random bits. */
	fraction(decision: Decision, a: number, b: number, n: number): number {
		const high = hash(this.#high, this.#low, decision, a, b, n);
		const low = hash(this.#low, high, decision, a, b, n);
		return (high * 0x200000 + (low >>> 11)) / 0x20000000000000;
	}

	/** A uniform integer in 0 … bound-1. */
	integer(decision: Decision, a: number, b: number, n: number, bound: number): number {
		return Math.floor(this.fraction(decision, a, b, n) * bound);
	}

	/**
	 * Settles a choice: what was drawn for it, or, in a run in which only some choices keep what was drawn, what harms nobody. A choice is named by its
	 * decision and its key; one that takes several draws by the first of them that says whether anything happens.
	 */
	settle<Value>(decision: Decision, a: number, b: number, n: number, drawn: Value, harmless: Value): Value {
		if (this.selection === undefined || drawn === harmless) return drawn;
		return this.selection.keeps({ decision, a, b, n }, drawn) ? drawn : harmless;
	}

	/** 32 random bits, as an unsigned integer. */
	bits(decision: Decision, a: number, b: number, n: number): number {
		return hash(this.#high, this.#low, decision, a, b, n);
	}
}

/** MurmurHash3 (32 bits) over the words, with its final mix. */
function hash(seed: number, word0: number, word1: number, word2: number, word3: number, word4: number): number {
	let h = mix(seed, word0);
	h = mix(h, word1);
	h = mix(h, word2);
	h = mix(h, word3);
	h = mix(h, word4);
	h ^= h >>> 16;
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

function mix(h: number, word: number): number {
	let k = Math.imul(word, 0xcc9e2d51);
	k = (k << 15) | (k >>> 17);
	h ^= Math.imul(k, 0x1b873593);
	h = (h << 13) | (h >>> 19);
	return (Math.imul(h, 5) + 0xe6546b64) | 0;
}
