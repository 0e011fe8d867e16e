import { isDeepStrictEqual } from "node:util";
import v8 from "node:v8";
import vm from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

describe("structuredClone", () => {
	const realm = new Realm();

	// Through V8's own serializer, so that which realm a value is of makes no difference.
	const neutral = (value: unknown): unknown => v8.deserialize(v8.serialize(value));

	it("copies any tree as Node does", () => {
		const tree = fc.anything({
			withMap: true,
			withSet: true,
			withBigInt: true,
			withBoxedValues: true,
			withNullPrototype: true,
			withTypedArray: true,
			withSparseArray: true,
		});
		const withDates = fc.letrec((tie) => ({
			node: fc.oneof(
				tree,
				fc.date({ noInvalidDate: true }),
				fc.array(tie("node")),
				fc.dictionary(fc.string(), tie("node")),
			),
		})).node;
		fc.assert(
			fc.property(withDates, (value) => {
				const source = fc.stringify(value);
				const copy = realm.raw(`structuredClone(${source})`);
				const copyHere = structuredClone(vm.runInThisContext(`(${source})`));
				expect(isDeepStrictEqual(neutral(copy), neutral(copyHere)), source).to.equal(true);
			}),
			{ numRuns: 500 },
		);
	});

	it("shares nothing with the original", () => {
		expect(
			realm.run(`
				const original = { list: [1], map: new Map([["k", { v: 1 }]]), bytes: new Uint8Array([1]), date: new Date(0) };
				const copy = structuredClone(original);
				original.list.push(2);
				original.map.get("k").v = 2;
				original.bytes[0] = 2;
				original.date.setTime(1);
				return [copy.list, copy.map.get("k").v, copy.bytes[0], copy.date.getTime()];
			`),
		).to.deep.equal([[1], 1, 1, 0]);
	});

	it("keeps cycles, and that two properties are one object", () => {
		expect(
			realm.run(`
				const a = { shared: {}, buffer: new ArrayBuffer(8) };
				Object.assign(a, { self: a, again: a.shared, view: new Uint8Array(a.buffer, 2, 3), set: new Set([a]) });
				const b = structuredClone(a);
				return [b !== a, b.self === b, b.again === b.shared, b.view.buffer === b.buffer, b.view.byteOffset, b.set.has(b)];
			`),
		).to.deep.equal([true, true, true, true, 2, true]);
	});

	it("keeps errors, patterns and boxed values, makes an instance a plain object and a Buffer a Uint8Array", () => {
		expect(
			realm.run(`
				class Entry { term = 1; #secret = 2; get index() { return 3; } }
				const error = structuredClone(Object.assign(new RangeError("r", { cause: [1] }), { code: "X" }));
				const named = structuredClone(Object.assign(new Error("e"), { name: "Mine" }));
				const entry = structuredClone(new Entry());
				const pattern = structuredClone(Object.assign(/a/gi, { lastIndex: 3 }));
				return [
					error instanceof RangeError, error.message, error.cause, error.code ?? null, error.stack.startsWith("RangeError: r"),
					named.name, Object.getPrototypeOf(entry) === Object.prototype, entry, String(pattern), pattern.lastIndex,
					typeof structuredClone(Object(1n)), structuredClone(Buffer.from("a")).constructor.name,
				];
			`),
		).to.deep.equal([true, "r", [1], null, true, "Error", true, { term: 1 }, "/a/gi", 0, "object", "Uint8Array"]);
	});

	it("refuses what cannot be copied with the DataCloneError that Node throws", () => {
		for (const source of [
			"() => 1",
			"Symbol('s')",
			"new WeakMap()",
			"Promise.resolve()",
			"({ a: [function f() {}] })",
			"(function* () {})()",
		]) {
			const message = realm.run(
				`try { structuredClone(${source}); } catch (error) { return [error.name, error.code, error.message]; }`,
			);
			let here: unknown;
			try {
				structuredClone(vm.runInThisContext(source));
			} catch (error) {
				const { name, code, message } = error as DOMException;
				here = [name, code, message];
			}
			expect(message).to.deep.equal(here);
		}
		expect(() => realm.run("structuredClone({}, { transfer: [new ArrayBuffer(1)] })")).to.throw("not available");
	});
});
