import { CHOICE_DECISIONS, type Choice, type ChoiceSet, Choices, Decision, parseSeed } from "../../harness/index.ts";
import { minimize } from "./minimize.ts";

/**
 * Makes runs that keep these choices, and says which is the first that fails in the wanted way.
 *
 * @returns the choices that came up in that run, in order; undefined if there is none.
 * @throws whatever is to end the search: no more runs are to be made.
 */
export type FirstThatFails = (sets: Iterable<ChoiceSet>) => Promise<readonly Choice[] | undefined>;

/** So few choices make a story. */
export const FEW = 8;
/** So many samples of each size are tried in a round. */
const SAMPLES = 6;
/** The sizes that are a part of what there is: shares of it. */
const SHARES = [1 / 16, 1 / 8, 1 / 4, 1 / 2];

/**
 * Looks for a small set of choices with which a run still fails in the wanted way. Coarse attempts come first: none at all, those of one decision, all but those of
 * one. Then samples, small ones first: a run in trouble can fail for many reasons, and chance finds a small one sooner than leaving out part after part does,
 * which comes last. Where that leaves many, chance gets what is left of the tries.
 *
 * @param all - the choices with which it fails, in the order in which they came up.
 * @param onMinimal - hears of each set of which none can be left out alone.
 */
export async function findSmallSet(
	all: readonly Choice[],
	firstThatFails: FirstThatFails,
	onMinimal: (choices: readonly Choice[]) => void,
): Promise<void> {
	const smaller = await byDecision(all, firstThatFails);
	let best = smaller;
	if (best.length > FEW) best = (await firstThatFails(samples(best, SMALL_SIZES, 0))) ?? best;
	for (let wasSmaller = true, round = 1; wasSmaller && best.length > FEW; round++) {
		const sizes = SHARES.map((share) => Math.floor(share * best.length)).filter((size) => size > FEW);
		const found = await firstThatFails(samples(best, sizes, round));
		wasSmaller = found !== undefined;
		best = found ?? best;
	}
	best = await minimize(best, (sets) => firstThatFails(asChoices(sets)));
	onMinimal(best);
	for (let round = 1; best.length > FEW && round < MOST_ROUNDS; round++) {
		const found = await firstThatFails(samples(smaller, SMALL_SIZES, round));
		if (found === undefined) continue;
		best = await minimize(found, (sets) => firstThatFails(asChoices(sets)));
		onMinimal(best);
	}
}

const SMALL_SIZES = [1, 2, 4, FEW];
/** More is never wanted: the tries are over long before. */
const MOST_ROUNDS = 1000;

/** None; those of one decision; and then all but those of one after the other, those that are told worst first. */
async function byDecision(all: readonly Choice[], firstThatFails: FirstThatFails): Promise<readonly Choice[]> {
	if (all.length === 0) return all;
	const nothing = await firstThatFails([{ decisions: [], choices: [] }]);
	if (nothing !== undefined) return nothing;
	let best = all;
	let kept = decisionsOf(all);
	const one = await firstThatFails(kept.map((decision) => ({ decisions: [decision], choices: [] })));
	if (one !== undefined) return one;
	for (const decision of kept.toReversed()) {
		const fewer = kept.filter((other) => other !== decision);
		const found = await firstThatFails([{ decisions: fewer, choices: [] }]);
		if (found !== undefined) [best, kept] = [found, fewer];
	}
	return best;
}

function decisionsOf(choices: readonly Choice[]) {
	return CHOICE_DECISIONS.filter((decision) => choices.some((choice) => choice.decision === decision));
}

/** Some of the choices. Half of the samples are from one moment, half from anywhere. */
function* samples(choices: readonly Choice[], sizes: readonly number[], round: number): Generator<ChoiceSet> {
	const chance = new Choices(SAMPLING_SEED);
	for (const size of sizes) {
		if (size >= choices.length) return;
		for (let i = 0; i < SAMPLES; i++) {
			const draw = (n: number, bound: number) => chance.integer(Decision.tester, size, SAMPLES * round + i, n, bound);
			if (i % 2 === 0) {
				const first = draw(0, choices.length - size + 1);
				yield { decisions: [], choices: choices.slice(first, first + size) };
			} else {
				const places = new Set(Array.from({ length: size }, (_, n) => draw(n, choices.length)));
				yield { decisions: [], choices: choices.filter((_, place) => places.has(place)) };
			}
		}
	}
}

const SAMPLING_SEED = parseSeed("5a3b1e");

function* asChoices(sets: Iterable<readonly Choice[]>): Generator<ChoiceSet> {
	for (const choices of sets) yield { decisions: [], choices };
}
