import { Buffer } from "node:buffer";
import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

type Encoding = "utf8" | "hex" | "base64" | "base64url" | "latin1" | "ascii" | "utf16le";

describe("Buffer", () => {
	const realm = new Realm();
	const from = realm.callable<[string, string]>("(text, encoding) => Buffer.from(text, encoding).join()");
	const show = realm.callable<[string, string, number, number]>(`(bytes, encoding, start, end) =>
		Buffer.from(bytes === "" ? [] : bytes.split(",")).toString(encoding, start, end)`);
	const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
	const encodings = fc.constantFrom<Encoding>("utf8", "hex", "base64", "base64url", "latin1", "ascii", "utf16le");

	it("shows bytes in every encoding as Node does", () => {
		fc.assert(
			fc.property(fc.uint8Array(), encodings, fc.nat(10), fc.nat(40), (bytes, encoding, start, end) => {
				expect(show(bytes.join(), encoding, start, end)).to.equal(Buffer.from(bytes).toString(encoding, start, end));
			}),
			{ numRuns: 1000 },
		);
	});

	it("reads text in every encoding as Node does", () => {
		const written = fc
			.tuple(
				fc.oneof(
					anyText,
					fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("utf8")),
				),
				encodings,
			)
			.map(([text, encoding]) => [Buffer.from(text).toString(encoding), encoding] as const);
		fc.assert(
			fc.property(written, ([text, encoding]) => {
				expect(from(text, encoding)).to.equal(Buffer.from(text, encoding).join());
			}),
			{ numRuns: 1000 },
		);
	});

	it("reads text that is not in the encoding as Node does", () => {
		const sloppyBase64 = fc.string({ unit: fc.constantFrom(..."AZaz09+/-_ \n!") });
		fc.assert(
			fc.property(anyText, (text) => {
				expect(from(text, "utf8")).to.equal(Buffer.from(text).join());
			}),
		);
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."09afAFgx ") }), (text) => {
				expect(from(text, "hex")).to.equal(Buffer.from(text, "hex").join());
			}),
		);
		fc.assert(
			fc.property(sloppyBase64, (text) => {
				expect(from(text, "base64")).to.equal(Buffer.from(text, "base64").join());
			}),
		);
	});

	it("counts the bytes of a text as Node does", () => {
		const count = realm.callable<[string, string]>("(text, encoding) => Buffer.byteLength(text, encoding)");
		fc.assert(
			fc.property(anyText, fc.constantFrom<Encoding>("utf8", "latin1", "utf16le"), (text, encoding) => {
				expect(count(text, encoding)).to.equal(Buffer.byteLength(text, encoding));
			}),
		);
	});

	it("writes, reads, compares, copies and searches", () => {
		expect(
			realm.run(`
				const buffer = Buffer.alloc(24);
				buffer.writeUInt32BE(0xdeadbeef, 0);
				buffer.writeBigUInt64LE(1n << 40n, 4);
				buffer.writeDoubleBE(1.5, 12);
				const written = buffer.write("é!", 20);
				return {
					written,
					hex: buffer.toString("hex"),
					numbers: [buffer.readUInt32BE(0), String(buffer.readBigUInt64LE(4)), buffer.readDoubleBE(12)],
					concat: Buffer.concat([Buffer.from("a"), new Uint8Array([98])]).toString(),
					equal: Buffer.from("ab").equals(new Uint8Array([97, 98])),
					order: Buffer.compare(Buffer.from("a"), Buffer.from("b")),
					found: Buffer.from("hello").indexOf("l"),
					slice: Buffer.from("hello").subarray(1, 3).toString(),
					json: Buffer.from("hi"),
					encoding: [Buffer.isEncoding("base64url"), Buffer.isEncoding("utf9")],
					copied: Buffer.copyBytesFrom(new Uint16Array([1, 2]), 1).toString("hex"),
				};
			`),
		).to.deep.equal({
			written: 3,
			hex: "deadbeef00000000000100003ff8000000000000c3a92100",
			numbers: [0xdeadbeef, String(1n << 40n), 1.5],
			concat: "ab",
			equal: true,
			order: -1,
			found: 2,
			slice: "el",
			json: { type: "Buffer", data: [104, 105] },
			encoding: [true, false],
			copied: "0200",
		});
	});

	it("writes only what fits in hex and base64", () => {
		expect(
			realm.run(`const b = Buffer.alloc(3); return [b.write("01020304", 1, "hex"), b.toString("hex")]`),
		).to.deep.equal([2, "000102"]);
		expect(
			realm.run(`const b = Buffer.alloc(3); return [b.write("AQID", 0, 2, "base64"), b.toString("hex")]`),
		).to.deep.equal([2, "010200"]);
	});

	it("is a Uint8Array, is shown by its bytes, and knows UTF-8 and ASCII", () => {
		expect(realm.run(`return Buffer.from("hi") instanceof Uint8Array && Buffer.isBuffer(Buffer.from("hi"))`)).to.equal(
			true,
		);
		expect(realm.run(`return require("util").inspect({ a: Buffer.from("hi") })`)).to.equal("{ a: <Buffer 68 69> }");
		expect(
			realm.run(
				`const { isUtf8, isAscii } = require("node:buffer"); const b = Buffer.from("é"); return [isUtf8(b), isAscii(b), isUtf8(b.subarray(1))]`,
			),
		).to.deep.equal([true, false, false]);
	});
});

describe("atob and btoa", () => {
	const realm = new Realm();

	it("do what Node's do with any Latin-1 text", () => {
		const both = realm.callable<[string]>("(text) => JSON.stringify([btoa(text), atob(btoa(text))])");
		const latin1 = fc.string({ unit: fc.nat(255).map((unit) => String.fromCharCode(unit)) });
		fc.assert(
			fc.property(latin1, (text) => {
				expect(both(text)).to.equal(JSON.stringify([btoa(text), text]));
			}),
		);
	});

	it("accept white space, and refuse what is not base64 or not Latin-1", () => {
		const attempt = realm.callable<[string]>(
			"(code) => { try { return atob(code); } catch (error) { return error.name; } }",
		);
		const attemptHere = (code: string) => {
			try {
				return atob(code);
			} catch (error) {
				return (error as Error).name;
			}
		};
		const codes = fc.string({ unit: fc.constantFrom(..."AQz9+/= \n-"), maxLength: 9 });
		fc.assert(
			fc.property(codes, (code) => {
				expect(attempt(code)).to.equal(attemptHere(code));
			}),
			{ numRuns: 1000 },
		);
		expect(() => realm.run(`btoa("€")`)).to.throw("Invalid character");
	});
});
