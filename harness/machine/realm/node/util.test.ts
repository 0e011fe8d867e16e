import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import util from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

describe("util", () => {
	const realm = new Realm();
	realm.raw(`globalThis.util = require("node:util");`);

	it("promisifies and callbackifies", () => {
		expect(
			realm.settle(`
				const half = util.promisify(function (n, callback) { n % 2 ? callback(new Error("odd")) : callback(null, n / this.by); });
				const rejected = await half(3).catch((error) => error.message);
				const custom = util.promisify(Object.assign(() => {}, { [util.promisify.custom]: async () => "custom" }));
				const back = await new Promise((resolve) => util.callbackify(async (n) => n + 1)(1, (...args) => resolve(args)));
				const falsy = await new Promise((resolve) => util.callbackify(() => Promise.reject(null))((error) => resolve(error.code)));
				return [await half.call({ by: 2 }, 4), rejected, await custom(), back, falsy];
			`),
		).to.deep.equal([2, "odd", "custom", [null, 2], "ERR_FALSY_VALUE_REJECTION"]);
	});

	it("tells types by what a value is, not by what it says", () => {
		expect(
			realm.run(`
				const liar = { [Symbol.toStringTag]: "Map" };
				const { types } = util;
				return [
					types.isMap(new Map()), types.isMap(liar), types.isMap(Object.create(Map.prototype)), types.isMap(null),
					types.isDate(new (class D extends Date {})()), types.isRegExp(/a/), types.isPromise((async () => {})()),
					types.isUint8Array(Buffer.alloc(1)), types.isTypedArray(new DataView(new ArrayBuffer(1))), types.isArrayBufferView(new DataView(new ArrayBuffer(1))),
					types.isNativeError(new RangeError()), types.isAsyncFunction(async () => {}), types.isGeneratorFunction(function* () {}),
					types.isBoxedPrimitive(Object(1n)), types.isNumberObject(1), types.isMapIterator(new Map().keys()),
					types.isArgumentsObject((function () { return arguments; })()), require("util/types") === types,
				];
			`),
		).to.deep.equal([
			true,
			false,
			false,
			false,
			true,
			true,
			true,
			true,
			false,
			true,
			true,
			true,
			true,
			true,
			false,
			true,
			true,
			true,
		]);
	});

	it("deprecates once, inherits, and logs no debug lines", () => {
		const { length } = realm.logs;
		expect(
			realm.run(`
				const old = util.deprecate((x) => x + 1, "use the new one", "DEP1");
				function Base() {} Base.prototype.hello = () => "hello";
				function Derived() {} util.inherits(Derived, Base);
				util.debuglog("net")("never");
				return [old(1), old(2), new Derived().hello(), Derived.super_ === Base, util.debuglog("net").enabled];
			`),
		).to.deep.equal([2, 3, "hello", true, false]);
		expect(realm.logs.slice(length)).to.deep.equal([
			{ level: "warn", text: "[DEP1] DeprecationWarning: use the new one" },
		]);
	});

	it("strips control sequences", () => {
		const strip = realm.callable<[string]>("(text) => util.stripVTControlCharacters(text)");
		for (const text of ["\u001b[31mred\u001b[39m", "\u001b]8;;http://x\u0007link\u001b]8;;\u0007", "plain"]) {
			expect(strip(text)).to.equal(util.stripVTControlCharacters(text));
		}
		expect(
			realm.run(`return [util.styleText("red", "x"), util.toUSVString("a\\ud800"), util.TextEncoder === TextEncoder]`),
		).to.deep.equal(["x", "a\ufffd", true]);
	});
});

describe("path", () => {
	const realm = new Realm();
	const apply = realm.callable<[string, string]>(
		`(name, args) => JSON.stringify(require("path")[name](...JSON.parse(args)))`,
	);
	const anyPath = fc.string({ unit: fc.constantFrom("/", ".", "..", "a", "b.c", "/a", "/"), maxLength: 8 });

	it("answers as Node's, from the root directory", () => {
		for (const name of ["normalize", "dirname", "basename", "extname", "isAbsolute", "parse"] as const) {
			fc.assert(
				fc.property(anyPath, (text) => {
					// Node finds an extension in "/..", though not in "..".
					fc.pre(name !== "parse" || !/\/\.\.\/*$/.test(text));
					expect(apply(name, JSON.stringify([text])), name).to.equal(JSON.stringify(path.posix[name](text)));
				}),
				{ numRuns: 500 },
			);
		}
		fc.assert(
			fc.property(fc.array(anyPath), (paths) => {
				expect(apply("join", JSON.stringify(paths))).to.equal(JSON.stringify(path.posix.join(...paths)));
				expect(apply("resolve", JSON.stringify(paths))).to.equal(JSON.stringify(path.posix.resolve("/", ...paths)));
			}),
			{ numRuns: 500 },
		);
		fc.assert(
			fc.property(anyPath, anyPath, (from, to) => {
				const here = path.posix.relative(path.posix.resolve("/", from), path.posix.resolve("/", to));
				expect(apply("relative", JSON.stringify([from, to]))).to.equal(JSON.stringify(here));
			}),
			{ numRuns: 500 },
		);
		const suffixed: [string, string][] = [
			["/a/b.c", ".c"],
			["/a/b.c", "b.c"],
			["/a/b.c/", ".d"],
			["b.c", "c"],
			["b.c", ""],
		];
		for (const given of suffixed) {
			expect(apply("basename", JSON.stringify(given))).to.equal(JSON.stringify(path.posix.basename(...given)));
		}
		for (const parts of [
			{ dir: "/a", base: "b" },
			{ root: "/", name: "b", ext: "c" },
			{ root: "/", dir: "/", base: "b" },
		]) {
			expect(apply("format", JSON.stringify([parts]))).to.equal(JSON.stringify(path.posix.format(parts)));
		}
	});
});

describe("string_decoder", () => {
	const realm = new Realm();
	const decode = realm.callable<[string, string]>(`(chunks, encoding) => {
		const decoder = new (require("string_decoder").StringDecoder)(encoding);
		return JSON.stringify([...JSON.parse(chunks).map((chunk) => decoder.write(Buffer.from(chunk))), decoder.end()].join(""));
	}`);

	it("puts together what was cut anywhere, as Node's does", () => {
		const encodings = fc.constantFrom<BufferEncoding>("utf8", "utf16le", "base64", "hex", "latin1");
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.array(fc.nat(4)), encodings, (original, cuts, encoding) => {
				const bytes = [...Buffer.from(original, encoding === "utf16le" ? encoding : "utf8")];
				const chunks = [...cuts.map((cut) => bytes.splice(0, cut)), bytes];
				const decoder = new StringDecoder(encoding);
				const text = [...chunks.map((chunk) => decoder.write(Buffer.from(chunk))), decoder.end()].join("");
				expect(decode(JSON.stringify(chunks), encoding)).to.equal(JSON.stringify(text));
			}),
			{ numRuns: 500 },
		);
	});
});
