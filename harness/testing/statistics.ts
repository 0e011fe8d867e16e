import { expect } from "chai";

/**
 * How far from expectation chance may lead before a test calls it a mistake: about once in 30,000 tests. The seeds of the
 * tests are fixed, so a test that has passed once always does.
 */
const Z = 4;

/** Fails if `values`, integers in 0 … bound-1, do not fill all that range evenly. */
export function expectUniform(values: readonly number[], bound: number, buckets = Math.min(bound, 32)): void {
	const counts: number[] = new Array(buckets).fill(0);
	const widths: number[] = new Array(buckets).fill(0);
	for (let value = 0; value < bound; value++) addOne(widths, bucketOf(value, bound, buckets));
	const outside = values.filter((value) => !Number.isInteger(value) || value < 0 || value >= bound);
	expect(outside, `values outside 0 … ${bound - 1}`).to.deep.equal([]);
	for (const value of values) addOne(counts, bucketOf(value, bound, buckets));
	expectCounts(
		counts,
		widths.map((width) => (values.length * width) / bound),
	);
}

/** Fails if `counts` stray too far from what was expected (chi-square). */
export function expectCounts(counts: readonly number[], expected: readonly number[]): void {
	for (const count of expected) expect(count, "too few samples for the test").to.be.at.least(10);
	const chiSquare = expected.reduce((sum, mean, i) => sum + ((counts[i] ?? 0) - mean) ** 2 / mean, 0);
	expect(chiSquare, `chi-square of ${counts.join(" ")}`).to.be.below(criticalValue(counts.length - 1));
}

/** Fails if `hits` of `total` is not about `chance`. */
export function expectShare(hits: number, total: number, chance: number): void {
	const tolerance = Z * Math.sqrt(chance * (1 - chance) * total);
	expect(hits, `hits in ${total}`).to.be.closeTo(chance * total, tolerance);
}

function addOne(counts: number[], bucket: number): void {
	counts[bucket] = (counts[bucket] ?? 0) + 1;
}

function bucketOf(value: number, bound: number, buckets: number): number {
	return Math.floor((value * buckets) / bound);
}

/** The value that chi-square exceeds by chance as seldom as a normal variable exceeds {@link Z} (Wilson and Hilferty). */
function criticalValue(degreesOfFreedom: number): number {
	const spread = 2 / (9 * degreesOfFreedom);
	return degreesOfFreedom * (1 - spread + Z * Math.sqrt(spread)) ** 3;
}
