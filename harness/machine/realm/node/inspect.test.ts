import util from "node:util";
import vm from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

describe("util.inspect and util.format", () => {
	const realm = new Realm();
	const host = vm.createContext({});
	const inspected = (source: string, options: string) => realm.raw(`require("util").inspect(${source}, ${options})`);
	const inspectedHere = (source: string, options: string) =>
		util.inspect(vm.runInContext(source, host), vm.runInThisContext(`(${options})`));

	it("show any tree as Node does", () => {
		const tree = fc.anything({
			withMap: true,
			withSet: true,
			withDate: true,
			withBigInt: true,
			withBoxedValues: true,
			withNullPrototype: true,
			withTypedArray: true,
			withSparseArray: true,
			maxDepth: 4,
		});
		const options = fc.constantFrom(
			"{}",
			"{ compact: false, depth: null, sorted: true }",
			"{ compact: 1, breakLength: 120 }",
		);
		fc.assert(
			fc.property(tree, options, (value, options) => {
				const source = `(${fc.stringify(value)})`;
				expect(inspected(source, options)).to.equal(inspectedHere(source, options));
			}),
			{ numRuns: 1000 },
		);
	});

	const sources = {
		"a state":
			"({ term: 3, votedFor: null, log: [{ term: 1, command: 'x'.repeat(30) }, { term: 2, command: 7 }], next: new Map([[0, 1], [1, 2]]), peers: [0, 1, 2] })",
		"long arrays in columns": "Array.from({ length: 130 }, (_, i) => i * i)",
		"long texts in columns": "Array.from({ length: 30 }, (_, i) => 'item' + i ** 3)",
		"wide characters": "['日本', '中国', 'a', 'b', 'c', 'd', 'e', 'f']",
		"a long map": "new Map(Array.from({ length: 120 }, (_, i) => [i, { i }]))",
		depth: "({ a: { b: { c: { d: 1 }, e: [], f: new Map([[1, 2]]), g: /x/, h: () => 1 } } })",
		cycles: "(() => { const o = { a: [] }; o.a.push(o, o.a); return o; })()",
		holes: "Object.assign([, 1, , , 2], { extra: 1 })",
		"a sparse array": "(() => { const a = []; a[4_000_000_000] = 1; return a; })()",
		"getters and setters": "({ get a() { return 1; }, set a(v) {}, get b() { return 2; }, set c(v) {} })",
		"odd keys": "({ 'a-b': Symbol('t'), é: 2, ['__proto__']: 3 })",
		functions:
			"[() => 1, function f() {}, async () => 1, class A {}, class extends Map {}, Object.assign(() => 1, { a: 1 })]",
		instances:
			"(() => { class A { x = 1; } class B extends A { get [Symbol.toStringTag]() { return 'tag'; } } return [new A(), new B(), Object.create(null), Object.create({})]; })()",
		subclasses:
			"(() => { class L extends Array {} class M extends Map {} return [L.from([1, 2]), new M([[1, 2]])]; })()",
		"an error with frames": "Object.assign(new TypeError('boom'), { stack: 'TypeError: boom\\n    at f (a.ts:1:1)' })",
		"errors inside":
			"({ e: Object.assign(new Error('boom', { cause: 'c' }), { stack: 'Error: boom\\n    at f (a.ts:1:1)', code: 'E' }) })",
		"an error of a subclass":
			"(() => { class Lost extends Error {} return Object.assign(new Lost('m'), { stack: 'Error: m\\n    at f' }); })()",
		"an error without frames": "Object.assign(new RangeError('r'), { stack: 'RangeError: r' })",
		quotes: `["it's", 'it\\'s "so"', 'all \\'"\`']`,
		"control characters": "'a\\n\\x01\\x7f\\u{1f600}\\ud800\\\\'",
		"long texts": "['x'.repeat(20_000), 'several lines\\n'.repeat(10)]",
		dates: "[new Date(0), new Date(NaN), Object.assign(new Date(0), { x: 1 })]",
		custom:
			"({ x: { [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return 'mine\\n' + depth + typeof inspect; } } })",
	};
	const settings = [
		"{}",
		"{ depth: 0 }",
		"{ depth: null }",
		"{ compact: false }",
		"{ compact: true }",
		"{ getters: true }",
		"{ sorted: true, breakLength: 40 }",
		"{ maxArrayLength: 2, maxStringLength: 5 }",
	];
	for (const [what, source] of Object.entries(sources)) {
		it(`show ${what} as Node does`, () => {
			for (const options of settings)
				expect(inspected(source, options), options).to.equal(inspectedHere(source, options));
		});
	}

	it("format as Node does", () => {
		const argument = fc.constantFrom(
			"1",
			"-0",
			"'text'",
			"'12px'",
			"10n",
			"null",
			"undefined",
			"({ a: { b: { c: 1 } } })",
			"[1, 'x']",
			"Symbol('s')",
			"new Date(0)",
			"(class A { toString() { return 'mine'; } }, new (class A { toString() { return 'mine'; } })())",
			"new (class B {})()",
			"'50%'",
		);
		const pattern = fc
			.array(fc.constantFrom("%s", "%d", "%i", "%f", "%j", "%o", "%O", "%c", "%%", "%x", "%", " text "))
			.map((parts) => parts.join(""));
		fc.assert(
			fc.property(pattern, fc.array(argument, { maxLength: 4 }), fc.boolean(), (pattern, args, patterned) => {
				const list = [...(patterned ? [JSON.stringify(pattern)] : []), ...args].join(", ");
				const here: unknown[] = vm.runInContext(`[${list}]`, host);
				const outcome = (format: () => unknown) => {
					try {
						return format();
					} catch (error) {
						return String(error);
					}
				};
				const formatted = outcome(() => realm.raw(`require("util").format(${list})`));
				expect(formatted).to.equal(outcome(() => util.format(...here)));
			}),
			{ numRuns: 1000 },
		);
	});

	it("show symbols as keys in the way of Node 20, whichever Node is below", () => {
		expect(inspected("({ [Symbol('s')]: 1 })", "{}")).to.equal("{ [Symbol(s)]: 1 }");
	});

	it("say that they can't see into a promise", () => {
		expect(realm.raw(`require("util").inspect(Promise.resolve(1))`)).to.equal("Promise { <state unknown> }");
	});
});
