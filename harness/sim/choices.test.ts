import { expect } from "chai";
import fc from "fast-check";
import { expectUniform } from "../testing/statistics.ts";
import { Choices, Decision } from "./choices.ts";
import { parseSeed } from "./seed.ts";

const SEED = parseSeed("c0ffee1234567890");
const SAMPLES = 20_000;
const BUCKETS = 64;

/** Everything that a decision may depend on. */
interface Key {
	readonly seed: number;
	readonly decision: Decision;
	readonly a: number;
	readonly b: number;
	readonly n: number;
}

const KEY: Key = { seed: 7, decision: Decision.requestLoss, a: 2, b: 0, n: 17 };

function fractionOf({ seed, decision, a, b, n }: Key): number {
	return new Choices(parseSeed(seed.toString(16))).fraction(decision, a, b, n);
}

const key: fc.Arbitrary<Key> = fc.record({
	seed: fc.nat(),
	decision: fc.constantFrom(...Object.values(Decision)),
	a: fc.nat(100),
	b: fc.nat(100),
	n: fc.nat(100_000),
});

describe("choices", () => {
	describe("are uniform", () => {
		for (const varied of ["seed", "a", "b", "n"] as const) {
			it(`when only ${varied} varies`, () => {
				const keys = Array.from({ length: SAMPLES }, (_, i): Key => ({ ...KEY, [varied]: i }));
				const buckets = keys.map((key) => Math.floor(fractionOf(key) * BUCKETS));
				expectUniform(buckets, BUCKETS);
			});
		}

		it("over all decisions", () => {
			for (const decision of Object.values(Decision)) {
				const choices = new Choices(SEED);
				const values = Array.from({ length: SAMPLES / 10 }, (_, n) => choices.integer(decision, 1, 2, n, 27));
				expectUniform(values, 27);
			}
		});

		it("down to the last of 53 bits", () => {
			const choices = new Choices(SEED);
			const low = Array.from({ length: SAMPLES }, (_, n) => {
				return Number(BigInt(choices.fraction(Decision.tester, 0, 0, n) * 2 ** 53) & 0x3fn);
			});
			expectUniform(low, 64);
		});

		it("as 32 bits", () => {
			const choices = new Choices(SEED);
			for (const shift of [0, 8, 16, 26]) {
				const bits = Array.from({ length: SAMPLES }, (_, n) => (choices.bits(Decision.tie, 2, 3, n) >>> shift) & 0x3f);
				expectUniform(bits, 64);
			}
		});
	});

	describe("are independent", () => {
		/** How often each pair of eighths comes up in the decisions for two keys. */
		function expectUnrelated(one: (i: number) => Key, other: (i: number) => Key): void {
			const pairs = Array.from({ length: SAMPLES }, (_, i) => {
				return 8 * Math.floor(8 * fractionOf(one(i))) + Math.floor(8 * fractionOf(other(i)));
			});
			expectUniform(pairs, 64, 64);
		}
		const numbered = (n: number): Key => ({ ...KEY, n });

		it("of the one before", () => {
			expectUnrelated(numbered, (n) => ({ ...KEY, n: n + 1 }));
		});

		it("of the same pair's other decisions", () => {
			expectUnrelated(numbered, (n) => ({ ...KEY, n, decision: Decision.replyLoss }));
		});

		it("of other pairs", () => {
			expectUnrelated(numbered, (n) => ({ ...KEY, n, a: KEY.b, b: KEY.a }));
			expectUnrelated(numbered, (n) => ({ ...KEY, n, a: KEY.a + 1 }));
			expectUnrelated(numbered, (n) => ({ ...KEY, n, b: KEY.b + 1 }));
		});

		it("of what other seeds decide", () => {
			expectUnrelated(numbered, (n) => ({ ...KEY, n, seed: KEY.seed + 1 }));
			// The upper half of a seed counts as much as the lower.
			const [low, high] = [new Choices(parseSeed("7")), new Choices(parseSeed("700000000"))];
			const isSame = (n: number) => low.fraction(1, 0, 0, n) === high.fraction(1, 0, 0, n);
			expect(Array.from({ length: 100 }, (_, n) => n).filter(isSame)).to.deep.equal([]);
		});
	});

	it("are different for different keys", () => {
		fc.assert(
			fc.property(key, key, (one, other) => {
				fc.pre(JSON.stringify(one) !== JSON.stringify(other));
				expect(fractionOf(one)).not.to.equal(fractionOf(other));
			}),
			{ seed: 1, numRuns: 1000 },
		);
	});

	it("depend on nothing but the seed and the key: not on what was decided before", () => {
		fc.assert(
			fc.property(fc.nat(), fc.array(key, { minLength: 1 }), fc.array(key), (seed, keys, others) => {
				const text = parseSeed(seed.toString(16));
				const [one, other] = [new Choices(text), new Choices(text)];
				const decide = (choices: Choices, { decision, a, b, n }: Key) => choices.fraction(decision, a, b, n);
				const inOrder = keys.map((key) => decide(one, key));
				for (const key of others) decide(other, key);
				const backwards = keys.toReversed().map((key) => decide(other, key));
				expect(backwards.reverse()).to.deep.equal(inOrder);
			}),
			{ seed: 1 },
		);
	});

	it("are integers below the bound, for any bound", () => {
		const choices = new Choices(SEED);
		const bound = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2 ** 31 }), fc.maxSafeNat());
		fc.assert(
			fc.property(bound, fc.nat(), (bound, n) => {
				fc.pre(bound > 0);
				const value = choices.integer(Decision.tester, 0, 0, n, bound);
				expect(Number.isSafeInteger(value) && value >= 0 && value < bound, `${value} of ${bound}`).to.equal(true);
			}),
			{ seed: 1, numRuns: 1000 },
		);
	});

	it("reach every integer below a small bound", () => {
		const choices = new Choices(SEED);
		for (let bound = 1; bound <= 30; bound++) {
			const seen = new Set(Array.from({ length: 500 }, (_, n) => choices.integer(Decision.tester, 0, bound, n, bound)));
			expect([...seen].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: bound }, (_, i) => i));
		}
	});

	// If one of these changes, every seed that anybody has noted down means another run: then the version must say so.
	describe("keep what a seed means", () => {
		it("by the numbers of the decisions", () => {
			expect(Decision).to.deep.equal({
				unreachableDelay: 1,
				requestDelay: 2,
				requestLoss: 3,
				replyLoss: 4,
				reorder: 5,
				reorderRange: 6,
				reorderDelay: 7,
				requestLatency: 8,
				replyLatency: 9,
				timerLateness: 10,
				timerVeryLate: 11,
				pauseGap: 12,
				pauseLength: 13,
				tie: 14,
				applyOrder: 15,
				tester: 16,
				machineStream: 17,
				adversary: 18,
			});
		});

		it("by their values", () => {
			const choices = new Choices(SEED);
			const zero = new Choices(parseSeed("0"));
			const last = new Choices(parseSeed("ffffffffffffffff"));
			expect([
				choices.integer(Decision.requestLoss, 2, 0, 17, 1000),
				choices.integer(Decision.unreachableDelay, 1, 4, 0, 7000),
				choices.integer(Decision.tester, 0, 0, 3, 2 ** 53),
				choices.bits(Decision.tie, 3, 7, 12345),
				choices.fraction(Decision.timerLateness, 4, 0, 99),
				zero.fraction(Decision.unreachableDelay, 0, 0, 0),
				zero.bits(Decision.machineStream, 0, 0, 2),
				last.fraction(Decision.reorder, 6, 5, 2 ** 31),
			]).to.deep.equal([
				436, 613, 5034767861067942, 3785840029, 0.6179243029468249, 0.3086923686876718, 2023405920, 0.15569026068277814,
			]);
		});
	});
});
