import { expect } from "chai";
import fc from "fast-check";
import { minimize } from "./minimize.ts";

/** Says which of the sets is the first that does; counts how often it looked. */
function firstOf(does: (items: readonly number[]) => boolean) {
	let tries = 0;
	const first = async (sets: Iterable<readonly number[]>) => {
		for (const items of sets) {
			tries++;
			if (does(items)) return items;
		}
		return undefined;
	};
	return { first, tries: () => tries };
}

const items = Array.from({ length: 500 }, (_, i) => i);

describe("minimize", () => {
	it("finds those that matter, if they are a set, in few tries", async () => {
		await fc.assert(
			fc.asyncProperty(fc.subarray(items, { maxLength: 6 }), async (wanted) => {
				const { first, tries } = firstOf((some) => wanted.every((item) => some.includes(item)));
				expect(await minimize(items, first)).to.deep.equal(wanted);
				expect(tries()).to.be.below(40 * (wanted.length + 1));
			}),
			{ seed: 1 },
		);
	});

	it("finds a set that does, and none of which can be left out, whatever it is that does", async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 40 }), async (seed, size) => {
				// No rhyme or reason to it, but for the whole, which does.
				const chaos = (some: readonly number[]) => some.reduce((sum, item) => Math.imul(sum ^ item, 0x5bd1e995), seed);
				const does = (some: readonly number[]) => some.length === size || (chaos(some) >>> 8) % 5 === 0;
				const { first } = firstOf(does);
				const found = await minimize(items.slice(0, size), first);
				expect(does(found)).to.equal(true);
				for (const item of found) expect(does(found.filter((other) => other !== item))).to.equal(false);
			}),
			{ seed: 1, numRuns: 300 },
		);
	});

	it("goes on from what mattered of a set, which may be less", async () => {
		const sizes: number[] = [];
		const found = await minimize(items, async (sets) => {
			for (const some of sets) {
				sizes.push(some.length);
				if (some.includes(7)) return [7];
			}
			return undefined;
		});
		expect(found).to.deep.equal([7]);
		expect(sizes).to.deep.equal([250, 250, 0]);
	});

	it("needs nothing for what always does", async () => {
		expect(await minimize(items, firstOf(() => true).first)).to.deep.equal([]);
		expect(await minimize([], firstOf(() => true).first)).to.deep.equal([]);
	});
});
