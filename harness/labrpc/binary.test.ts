import { expect } from "chai";
import fc from "fast-check";
import { anyWireValue, difference } from "../testing/wire-values.ts";
import { decode, encode } from "./binary.ts";

describe("the wire codec's bytes", () => {
	it("name the keys of entries that are alike only once", () => {
		const log = Array.from({ length: 1000 }, (_, i) => ({ term: i % 10, command: i % 100 }));
		expect(encode(log).length).to.be.below(1000 * 5);
	});

	it("can be encoded by a getter in the midst of being encoded", () => {
		const value = {
			before: "a",
			get inner() {
				return encode({ deep: [1, 2, 3] });
			},
			after: "b",
		};
		expect(decode(encode(value))).to.deep.equal({ before: "a", inner: encode({ deep: [1, 2, 3] }), after: "b" });
	});

	it("can be encoded after a refusal", () => {
		expect(() => encode({ a: "x".repeat(5000), f: () => 1 })).to.throw();
		expect(decode(encode({ a: 1 }))).to.deep.equal({ a: 1 });
	});

	it("share no memory with what is decoded from them", () => {
		const encoded = encode({ state: Uint8Array.of(1, 2, 3) });
		for (const bytes of [encoded, Buffer.from(encoded)]) {
			const { state } = decode<{ state: Uint8Array }>(bytes);
			bytes.fill(0);
			expect(difference(state, Uint8Array.of(1, 2, 3))).to.equal(undefined);
			bytes.set(encode({ state: Uint8Array.of(1, 2, 3) }));
		}
	});

	it("need not begin where their memory begins", () => {
		const encoded = encode({ a: [1.5, "x"] });
		const memory = new Uint8Array(encoded.length + 7);
		memory.set(encoded, 3);
		expect(decode(memory.subarray(3, 3 + encoded.length))).to.deep.equal({ a: [1.5, "x"] });
	});

	describe("that are not the codec's own", () => {
		it("are refused: none at all", () => {
			expect(() => decode(new Uint8Array(0))).to.throw(
				RangeError,
				"nothing to decode (0 bytes): nothing was saved yet",
			);
		});

		it("are refused: no Uint8Array", () => {
			for (const wrong of [undefined, null, "text", [1, 2], new ArrayBuffer(4), new Uint16Array(4)]) {
				expect(() => decode(wrong as unknown as Uint8Array)).to.throw(TypeError, "decode: a Uint8Array was expected");
			}
		});

		it("are refused: other bytes", () => {
			for (const bytes of [Uint8Array.of(0), new TextEncoder().encode('{"term":1}'), Uint8Array.of(0, 0, 0, 1)]) {
				expect(() => decode(bytes)).to.throw(SyntaxError, "decode: these bytes were not written by encode");
			}
		});

		it("are refused: some at the end too few", () => {
			fc.assert(
				fc.property(anyWireValue, (value) => {
					const bytes = encode(value);
					for (let length = 1; length < bytes.length; length++) {
						expect(() => decode(bytes.slice(0, length))).to.throw(SyntaxError, /^decode: /);
					}
				}),
				{ seed: 1, numRuns: 200 },
			);
		});

		it("are refused: some at the end too many", () => {
			const bytes = [...encode({ a: [1] }), 0];
			expect(() => decode(Uint8Array.from(bytes))).to.throw(
				SyntaxError,
				"decode: there are more bytes than encode wrote",
			);
		});

		it("give some value or a SyntaxError, never another error", () => {
			const damaged = fc.tuple(anyWireValue, fc.nat(), fc.integer({ min: 0, max: 255 }));
			fc.assert(
				fc.property(damaged, ([value, at, byte]) => {
					const bytes = encode(value);
					bytes[at % bytes.length] = byte;
					try {
						decode(bytes);
					} catch (error) {
						expect(error).to.be.instanceOf(SyntaxError);
					}
				}),
				{ seed: 1, numRuns: 3000 },
			);
		});
	});
});
