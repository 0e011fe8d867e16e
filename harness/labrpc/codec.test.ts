import { expect } from "chai";
import fc from "fast-check";
import { anyWireValue, difference, partsOf } from "../testing/wire-values.ts";
import { decode, encode, fromText, toText } from "./codec.ts";

const FORMS: Record<string, (value: unknown) => unknown> = {
	text: (value) => fromText(toText(value)),
	bytes: (value) => decode(encode(value)),
};

/** Values that one form or another might have trouble with, beside what comes up at random. */
const AWKWARD: Record<string, unknown> = {
	"a zero with its sign": [0, -0, { zero: -0 }],
	"numbers beyond JSON": [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
	"numbers at the limits of 7, 31, 32 and 53 bits": [
		127,
		128,
		-128,
		2 ** 31 - 1,
		2 ** 31,
		-(2 ** 31),
		2 ** 32,
		2 ** 53,
		5e-324,
	],
	"undefined, alone and inside": { a: undefined, b: [undefined] },
	"holes at the beginning, inside and at the end": new Array(1).concat([1], new Array(2), [undefined], new Array(1)),
	bigints: [0n, -1n, 2n ** 100n],
	"dates, one of them none": [new Date(0), new Date(Number.NaN), new Date(-8.64e15)],
	bytes: [new Uint8Array(0), Uint8Array.of(0, 127, 128, 255), new TextEncoder().encode('plain "text" \\ ~')],
	"a map with keys of all kinds": new Map<unknown, unknown>([
		[{ a: 1 }, 1],
		[Number.NaN, 2],
		["a", 3],
		[undefined, new Map()],
	]),
	"sets in their order": new Set<unknown>([3, 1, "1", new Set([null])]),
	"what looks like the text form's own tags": [
		{ $: "hole" },
		{ $: "bigint", v: "1" },
		{ v: 1, $: { $: 1 } },
		{ "~": 1 },
	],
	"keys that mean something to JavaScript": JSON.parse(
		'{"__proto__":{"x":1},"constructor":1,"toString":null,"2":2,"1":1}',
	),
	"text with lone surrogates": ["\ud800", "a\udc00", "\udc00\ud800", { "\ud800": 1 }],
	"text that begins like the text form": ["~", "~null", "{}"],
	"text longer than a call can have arguments": ["x".repeat(300_000), "é".repeat(200_000), "€".repeat(200_000)],
	"more kinds of objects than are remembered": Array.from({ length: 60 }, (_, i) => ({ [`key${i % 30}`]: i, same: 1 })),
	"objects with the same keys in another order": [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, {}],
	"the same object twice": ((twice) => [twice, twice])({ a: [1] }),
};

for (const [form, roundTrip] of Object.entries(FORMS)) {
	describe(`the wire codec, as ${form}`, () => {
		it("carries any wire value faithfully", () => {
			fc.assert(
				fc.property(anyWireValue, (value) => {
					expect(difference(roundTrip(value), value)).to.equal(undefined);
				}),
				{ seed: 1, numRuns: 2000 },
			);
		});

		for (const [name, value] of Object.entries(AWKWARD)) {
			it(`carries ${name}`, () => {
				expect(difference(roundTrip(value), value)).to.equal(undefined);
			});
		}

		it("gives a value that shares nothing with the original", () => {
			fc.assert(
				fc.property(anyWireValue, (value) => {
					const originals = partsOf(value);
					expect([...partsOf(roundTrip(value))].filter((part) => originals.has(part))).to.deep.equal([]);
				}),
				{ seed: 1, numRuns: 500 },
			);
		});

		it("takes an object without a prototype for a plain one", () => {
			const bare = Object.assign(Object.create(null), { a: 1 });
			expect(difference(roundTrip(bare), { a: 1 })).to.equal(undefined);
		});

		it("takes a Buffer for the bytes it holds", () => {
			expect(difference(roundTrip(Buffer.from("aé")), Uint8Array.of(97, 195, 169))).to.equal(undefined);
		});

		it("carries 500 levels", () => {
			let value: unknown = 1;
			for (let level = 0; level < 500; level++) value = level % 2 === 0 ? [value] : { value };
			expect(difference(roundTrip(value), value)).to.equal(undefined);
		});

		it("leaves the original as it was", () => {
			fc.assert(
				fc.property(anyWireValue, (value) => {
					const before = structuredClone(value);
					roundTrip(value);
					expect(difference(value, before)).to.equal(undefined);
				}),
				{ seed: 1, numRuns: 200 },
			);
		});
	});
}

describe("the wire codec's text", () => {
	it("is JSON where JSON is faithful", () => {
		const value = { term: 3, entries: [{ term: 1, command: "x" }], ok: true, none: null };
		expect(toText(value)).to.equal(JSON.stringify(value));
		expect(toText([1.5, "~"])).to.equal('[1.5,"~"]');
	});

	it("does not change with what else there is: equal values have equal texts", () => {
		fc.assert(
			fc.property(anyWireValue, (value) => {
				expect(toText(structuredClone(value))).to.equal(toText(value));
			}),
			{ seed: 1, numRuns: 200 },
		);
	});

	it("can be told from other text", () => {
		for (const text of ["", "nonsense", "~", "~nonsense", '~{"$":"nonsense"}', '~{"$":"bigint","v":"x"}', "{"]) {
			expect(() => fromText(text), text).to.throw(SyntaxError);
		}
	});
});
