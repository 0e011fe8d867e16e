import { expect } from "chai";
import fc from "fast-check";
import { parseSeed, runSeed, type Schedule, type Seed, scheduleOf } from "./seed.ts";

const BASE = parseSeed("1");

const seed: fc.Arbitrary<Seed> = fc
	.bigInt({ min: 0n, max: (1n << 64n) - 1n })
	.map((bits) => parseSeed(bits.toString(16)));
const schedule = fc.constantFrom<Schedule>("calm", "race");

describe("a seed", () => {
	it("is 1 to 16 hexadecimal digits, in one form", () => {
		const forms: Record<string, string> = {
			"0": "0",
			"1f3a": "1f3a",
			"1F3A": "1f3a",
			"0x1f3a": "1f3a",
			"0X1F3A": "1f3a",
			"  1f3a\n": "1f3a",
			"0000000000001f3a": "1f3a",
			"0000000000000000": "0",
			ffffffffffffffff: "ffffffffffffffff",
			"8000000000000000": "8000000000000000",
		};
		for (const [text, canonical] of Object.entries(forms)) expect(parseSeed(text), text).to.equal(canonical);
	});

	it("is nothing else", () => {
		for (const text of ["", " ", "0x", "x1", "g", "1f 3a", "-1", "1.5", "1_000", "1n", "10000000000000000", "0x0x1"]) {
			expect(() => parseSeed(text), text).to.throw(
				RangeError,
				`"${text}" is not a seed: give 1 to 16 hexadecimal digits`,
			);
		}
	});

	it("reads as it is written", () => {
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (bits) => {
				const text = bits.toString(16);
				expect(parseSeed(text)).to.equal(text);
			}),
			{ seed: 1 },
		);
	});
});

describe("the seed of a run", () => {
	it("tells the schedule", () => {
		fc.assert(
			fc.property(seed, fc.string(), fc.nat(), schedule, (base, test, repetition, schedule) => {
				expect(scheduleOf(runSeed(base, test, repetition, schedule))).to.equal(schedule);
			}),
			{ seed: 1, numRuns: 1000 },
		);
	});

	it("is a seed in its one form", () => {
		fc.assert(
			fc.property(seed, fc.string(), fc.nat(), schedule, (base, test, repetition, schedule) => {
				const derived = runSeed(base, test, repetition, schedule);
				expect(parseSeed(derived)).to.equal(derived);
			}),
			{ seed: 1 },
		);
	});

	it("is one of its own for each base, test and repetition", () => {
		const seeds = new Set<string>();
		for (const base of ["0", "1", "11", "ffffffffffffffff"].map(parseSeed)) {
			for (const test of ["Backup", "Figure8", "Figure8Unreliable", ""]) {
				for (let repetition = 0; repetition < 200; repetition++) {
					for (const schedule of ["calm", "race"] as const) seeds.add(runSeed(base, test, repetition, schedule));
				}
			}
		}
		expect(seeds.size).to.equal(4 * 4 * 200 * 2);
	});

	it("is the same every time", () => {
		fc.assert(
			fc.property(seed, fc.string(), fc.nat(), schedule, (...key) => {
				expect(runSeed(...key)).to.equal(runSeed(...key));
			}),
			{ seed: 1 },
		);
	});

	it("is unlike that of the repetition before", () => {
		// The bits that do not tell the schedule: half of them should differ, give or take.
		for (let repetition = 0; repetition < 100; repetition++) {
			const [one, next] = [repetition, repetition + 1].map(
				(n) => BigInt(`0x${runSeed(BASE, "Backup", n, "calm")}`) >> 3n,
			);
			const differing = ((one as bigint) ^ (next as bigint)).toString(2).replaceAll("0", "").length;
			expect(differing, `bits that differ after repetition ${repetition}`).to.be.within(12, 49);
		}
	});

	// If one of these changes, every seed that anybody has noted down means another run: then the version must say so.
	it("keeps its meaning", () => {
		expect([
			runSeed(BASE, "InitialElection", 0, "calm"),
			runSeed(BASE, "InitialElection", 0, "race"),
			runSeed(BASE, "InitialElection", 9, "race"),
			runSeed(parseSeed("1f3a"), "Figure8", 12, "race"),
			runSeed(parseSeed("ffffffffffffffff"), "é", 0, "calm"),
		]).to.deep.equal([
			"4e6473d31401d508",
			"4e6473d31401d509",
			"54146b0e2deb1b43",
			"b44ed23a9e300e5e",
			"e8d57bacff90d3e0",
		]);
	});
});

describe("the schedule", () => {
	it("is calm for one seed in eight", () => {
		const schedules = Array.from({ length: 32 }, (_, n) => scheduleOf(parseSeed((0xabc000 + n).toString(16))));
		for (const [n, schedule] of schedules.entries()) expect(schedule).to.equal(n % 8 === 0 ? "calm" : "race");
	});
});
