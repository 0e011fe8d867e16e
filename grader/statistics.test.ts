import { expect } from "chai";
import fc from "fast-check";
import { estimate, median, quantile } from "./statistics.ts";

describe("estimate", () => {
	it("says what is known of a share after few tries, and after many", () => {
		expect(estimate(0, 10).high).to.be.closeTo(0.278, 0.001);
		expect(estimate(0, 10_000).high).to.be.closeTo(0.00038, 0.00001);
		expect(estimate(5, 10).low).to.be.closeTo(0.237, 0.001);
		expect(estimate(5, 10).high).to.be.closeTo(0.763, 0.001);
	});

	it("knows nothing without a try", () => {
		expect(estimate(0, 0)).to.include({ low: 0, high: 1 });
	});

	it("holds the share, and lies between 0 and 1", () => {
		const tries = fc
			.integer({ min: 1, max: 100_000 })
			.chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));
		fc.assert(
			fc.property(tries, ([hits, of]) => {
				const { share, low, high } = estimate(hits, of);
				expect(low).to.be.within(0, share);
				expect(high).to.be.within(share, 1);
			}),
		);
	});
});

describe("quantile", () => {
	it("takes the upper of two in the middle, and the largest at the end", () => {
		expect(median([4, 1, 3, 2])).to.equal(3);
		expect(quantile([1, 2, 3], 1)).to.equal(3);
	});
});
