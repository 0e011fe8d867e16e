import { expect } from "chai";
import fc from "fast-check";
import { base64ToBytes, bytesToBase64 } from "./base64.ts";

const anyBytes = fc.uint8Array({ maxLength: 40 });

describe("base64", () => {
	it("is written as Buffer writes it", () => {
		fc.assert(
			fc.property(anyBytes, (bytes) => {
				expect(bytesToBase64(bytes)).to.equal(Buffer.from(bytes).toString("base64"));
			}),
			{ seed: 1, numRuns: 500 },
		);
	});

	it("is read as Buffer reads it", () => {
		fc.assert(
			fc.property(anyBytes, (bytes) => {
				const text = Buffer.from(bytes).toString("base64");
				expect([...base64ToBytes(text)]).to.deep.equal([...bytes]);
			}),
			{ seed: 1, numRuns: 500 },
		);
	});

	it("may be long", () => {
		const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => i * 7);
		const text = bytesToBase64(bytes);
		expect(text === Buffer.from(bytes).toString("base64")).to.equal(true);
		expect(Buffer.compare(base64ToBytes(text), bytes)).to.equal(0);
	});

	it("is nothing else", () => {
		for (const [text, place] of [
			["ab!d", 2],
			["a b=", 1],
			["=abc", 0],
			["ab-_", 2],
			["é===", 0],
			["abc\u0100", 3],
		] as const) {
			expect(() => base64ToBytes(text), text).to.throw(SyntaxError, `not base64: character ${place}`);
		}
	});
});
