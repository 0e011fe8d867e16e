/**
 * A seed: 64 bits, written as 1 to 16 hexadecimal digits. One seed decides everything that is left to chance in a run.
 */
export type Seed = string & { readonly __seed: unique symbol };

/** How events are ordered and how long things take: see {@link scheduleOf}. */
export type Schedule = "calm" | "race";

const SEED_PATTERN = /^(?:0x)?([0-9a-f]{1,16})$/i;

/**
 * Reads a seed as a person types it.
 *
 * @throws RangeError if the text is not 1 to 16 hexadecimal digits.
 */
export function parseSeed(text: string): Seed {
	const match = SEED_PATTERN.exec(text.trim());
	if (match?.[1] === undefined) throw new RangeError(`"${text}" is not a seed: give 1 to 16 hexadecimal digits`);
	return format(BigInt(`0x${match[1]}`));
}

/**
 * Derives the seed of one run from a base seed: by the test's name, so that a test run alone takes the same course as
 * in a run of all tests, and by the repetition, so that each repetition explores another schedule.
 */
export function runSeed(base: Seed, test: string, repetition: number, schedule: Schedule): Seed {
	let hash = fnv1a(`${base}/${test}/${repetition}`);
	// Which schedule a run follows is part of its seed, so that "test@seed" names the run completely.
	hash &= ~CALM_MASK;
	if (schedule === "race") hash |= BigInt(1 + (repetition % Number(CALM_MASK)));
	return format(hash);
}

/**
 * The schedule that a run's seed asks for: one seed in eight (the last three bits are zero) is calm, the others race.
 */
export function scheduleOf(seed: Seed): Schedule {
	return (BigInt(`0x${seed}`) & CALM_MASK) === 0n ? "calm" : "race";
}

const CALM_MASK = 7n;
const MASK_64 = (1n << 64n) - 1n;

function format(bits: bigint): Seed {
	return (bits & MASK_64).toString(16) as Seed;
}

/** 64-bit FNV-1a with a final mix, so that neighbouring repetitions get unrelated seeds. */
function fnv1a(text: string): bigint {
	let hash = 0xcbf29ce484222325n;
	for (let i = 0; i < text.length; i++) {
		hash ^= BigInt(text.charCodeAt(i));
		hash = (hash * 0x100000001b3n) & MASK_64;
	}
	hash ^= hash >> 33n;
	hash = (hash * 0xff51afd7ed558ccdn) & MASK_64;
	return hash ^ (hash >> 33n);
}
