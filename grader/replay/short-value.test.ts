import { expect } from "chai";
import { toText } from "../../harness/labrpc/codec.ts";
import { shortValue } from "./short-value.ts";

describe("a value in a few words", () => {
	const short = (value: unknown) => shortValue(toText(value));

	it("names fields, and counts lists", () => {
		expect(short({ term: 3, entries: [], ok: true })).to.equal("term:3 entries:[] ok:true");
		expect(short({ entries: [{ term: 1 }, { term: 2 }] })).to.equal("entries:[…2]");
		expect(short({ entries: [{ term: 1, command: "x" }] })).to.equal('entries:[{term:1 command:"x"}]');
	});

	it("shows what JSON lacks", () => {
		expect(short({ a: undefined, b: 7n, c: new Uint8Array(9), d: new Map([[1, 2]]), e: -0 })).to.equal(
			"a:undefined b:7n c:9 bytes d:Map(1) e:-0",
		);
		expect(short(Number.NaN)).to.equal("NaN");
		expect(short(null)).to.equal("null");
		expect(short({})).to.equal("{}");
	});

	it("cuts what is long", () => {
		expect(short("x".repeat(100))).to.equal(`"${"x".repeat(16)}…"`);
		expect(
			shortValue(toText(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`k${i}`, i]))), 40),
		).to.have.length(40);
	});

	it("gives a text that was cut as it is", () => {
		expect(shortValue('{"term":3,"entr…')).to.equal('{"term":3,"entr…');
	});
});
