import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

describe("TextEncoder and TextDecoder", () => {
	const realm = new Realm();
	const encode = realm.callable<[string]>("(text) => new TextEncoder().encode(text).join()");
	const decode = realm.callable<[string, string, boolean, boolean]>(`(bytes, label, fatal, ignoreBOM) => {
		const input = Uint8Array.from(bytes === "" ? [] : bytes.split(","));
		try { return new TextDecoder(label, { fatal, ignoreBOM }).decode(input); } catch (error) { return error.code; }
	}`);
	const decodeInPieces = realm.callable<[string, string, number]>(`(bytes, label, cut) => {
		const input = Uint8Array.from(bytes === "" ? [] : bytes.split(","));
		const decoder = new TextDecoder(label);
		const stream = true;
		return decoder.decode(input.subarray(0, cut), { stream }) + decoder.decode(input.subarray(cut), { stream }) + decoder.decode();
	}`);
	const decodeHere = (bytes: Uint8Array, label: string, fatal: boolean, ignoreBOM: boolean) => {
		try {
			return new TextDecoder(label, { fatal, ignoreBOM }).decode(bytes);
		} catch (error) {
			return (error as { code: string }).code;
		}
	};

	// Any UTF-16 code units, so lone surrogates too.
	const anyText = fc.string({
		unit: fc.oneof(
			fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
			fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
		),
	});
	// Valid, nearly valid, and any bytes at all.
	const anyBytes = fc.oneof(
		fc.uint8Array(),
		anyText.map((text) => new TextEncoder().encode(text)),
		fc
			.tuple(fc.string({ unit: "binary" }), fc.nat(3))
			.map(([text, cut]) => new TextEncoder().encode(text).slice(0, -cut || undefined)),
		fc
			.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0x9f, 0xef, 0xbb, 0xf0, 0x90, 0xf4, 0x8f, 0xff))
			.map((bytes) => Uint8Array.from(bytes)),
	);

	it("encodes any text as Node does", () => {
		fc.assert(
			fc.property(anyText, (text) => {
				expect(encode(text)).to.equal(new TextEncoder().encode(text).join());
			}),
		);
	});

	it("decodes any bytes as Node does, fatal or not, with the byte order mark or without", () => {
		const label = fc.constantFrom("utf-8", "utf-16le");
		fc.assert(
			fc.property(anyBytes, label, fc.boolean(), fc.boolean(), (bytes, label, fatal, ignoreBOM) => {
				expect(decode(bytes.join(), label, fatal, ignoreBOM)).to.equal(decodeHere(bytes, label, fatal, ignoreBOM));
			}),
			{ numRuns: 1000 },
		);
	});

	it("decodes a stream wherever it is cut", () => {
		fc.assert(
			fc.property(anyBytes, fc.nat(20), fc.constantFrom("utf-8", "utf-16le"), (bytes, cut, label) => {
				expect(decodeInPieces(bytes.join(), label, cut)).to.equal(new TextDecoder(label).decode(bytes));
			}),
			{ numRuns: 1000 },
		);
	});

	it("gives back what it encoded, however long", () => {
		for (const text of ["a".repeat(100_000), "aé€😀".repeat(10_000), `${"a".repeat(4095)}😀${"€".repeat(5000)}`]) {
			const back = realm.callable<[string]>("(text) => new TextDecoder().decode(new TextEncoder().encode(text))");
			expect(back(text)).to.equal(text);
		}
	});

	it("reads Latin-1 as windows-1252, like the web", () => {
		expect(decode("65,128,233,255", "latin1", false, false)).to.equal("A€éÿ");
		expect(realm.run("return new TextDecoder('latin1').encoding")).to.equal("windows-1252");
	});

	it("encodes into a given array no more than fits, and only whole characters", () => {
		const into = realm.callable<[string, number]>(`(text, room) => {
			const target = new Uint8Array(room);
			const { read, written } = new TextEncoder().encodeInto(text, target);
			return [read, written, ...target].join();
		}`);
		fc.assert(
			fc.property(anyText, fc.nat(12), (text, room) => {
				const target = new Uint8Array(room);
				const { read, written } = new TextEncoder().encodeInto(text, target);
				expect(into(text, room)).to.equal([read, written, ...target].join());
			}),
		);
	});

	it("takes every kind of buffer, and no other thing", () => {
		expect(realm.run("return new TextDecoder().decode(new Uint8Array([65, 66]).buffer)")).to.equal("AB");
		expect(realm.run("return new TextDecoder().decode(new DataView(new Uint8Array([65, 66]).buffer, 1))")).to.equal(
			"B",
		);
		expect(() => realm.run("new TextDecoder().decode([65])")).to.throw("ArrayBufferView");
		expect(() => realm.run("new TextDecoder('utf-7')")).to.throw('The "utf-7" encoding is not supported');
	});
});
