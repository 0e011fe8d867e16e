import { expect } from "chai";
import fc from "fast-check";
import { anyText } from "../testing/wire-values.ts";
import { bytesToText, isPrintableAscii, textToBytes } from "./utf8.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that are nearly UTF-8: pieces of characters, cut off, overlong, of surrogates and beyond the last character. */
const nearlyUtf8: fc.Arbitrary<Uint8Array> = fc
	.array(
		fc.oneof(
			anyText.map((text) => [...encoder.encode(text)]),
			fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 3 }),
			fc.constantFrom([0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x8f]),
			fc.constantFrom([0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xef, 0xbb, 0xbf], [0xf5], [0xff], [0x80], [0xc3]),
		),
		{ maxLength: 8 },
	)
	.map((pieces) => Uint8Array.from(pieces.flat()));

describe("UTF-8", () => {
	it("is encoded as TextEncoder does it", () => {
		fc.assert(
			fc.property(anyText, (text) => {
				expect([...textToBytes(text)]).to.deep.equal([...encoder.encode(text)]);
			}),
			{ seed: 1, numRuns: 2000 },
		);
	});

	it("is decoded as TextDecoder does it, whatever the bytes", () => {
		fc.assert(
			fc.property(nearlyUtf8, (bytes) => {
				expect(bytesToText(bytes)).to.equal(decoder.decode(bytes));
			}),
			{ seed: 1, numRuns: 5000 },
		);
	});

	it("knows every character", () => {
		for (let point = 0; point <= 0x10ffff; point += 0x1001) {
			const text = String.fromCodePoint(...Array.from({ length: 0x1001 }, (_, i) => Math.min(point + i, 0x10ffff)));
			const bytes = textToBytes(text);
			expect(Buffer.compare(bytes, encoder.encode(text)), `from U+${point.toString(16)}`).to.equal(0);
			expect(bytesToText(bytes) === decoder.decode(bytes), `from U+${point.toString(16)}`).to.equal(true);
		}
	});

	it("may be long", () => {
		for (const text of ["a".repeat(100_000), "é".repeat(100_000), "a".repeat(8191) + "😀".repeat(20_000)]) {
			expect(bytesToText(textToBytes(text)) === text).to.equal(true);
		}
	});

	it("of plain ASCII takes a byte a character, and nothing more", () => {
		const bytes = textToBytes("term");
		expect(bytes.buffer.byteLength).to.equal(4);
		expect(textToBytes("é").buffer.byteLength).to.equal(2);
	});

	it("is printable ASCII from the space to the tilde", () => {
		for (let byte = 0; byte < 256; byte++) {
			expect(isPrintableAscii(Uint8Array.of(65, byte, 66)), String(byte)).to.equal(byte >= 0x20 && byte <= 0x7e);
		}
		expect(isPrintableAscii(new Uint8Array(0))).to.equal(true);
	});
});
