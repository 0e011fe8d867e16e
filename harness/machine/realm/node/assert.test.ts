import assert from "node:assert";
import util from "node:util";
import vm from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { Realm } from "./fixture.ts";

describe("assert", () => {
	const realm = new Realm();
	const host = vm.createContext({ assert });
	realm.raw(`globalThis.assert = require("node:assert"); globalThis.strict = require("assert/strict");`);
	/** What a statement throws: its name, code and message. */
	const thrown = (statement: string): unknown =>
		realm.run(`try { ${statement}; } catch (error) { return { ...error, name: error.name, message: error.message }; }`);
	const messageOf = (statement: string) =>
		realm.raw(`(() => { try { ${statement}; } catch (error) { return error.message; } })()`);

	const tree = fc.anything({
		withMap: true,
		withSet: true,
		withBoxedValues: true,
		withNullPrototype: true,
		withTypedArray: true,
		withSparseArray: true,
		withBigInt: true,
	});
	const pairs = tree.chain((value) => fc.tuple(fc.constant(value), fc.oneof(fc.constant(value), tree)));

	it("finds equal what Node finds strictly deep-equal", () => {
		fc.assert(
			fc.property(pairs, ([a, b]) => {
				const [one, other] = [fc.stringify(a), fc.stringify(b)];
				const here = util.isDeepStrictEqual(vm.runInContext(`(${one})`, host), vm.runInContext(`(${other})`, host));
				expect(realm.raw(`require("util").isDeepStrictEqual(${one}, ${other})`)).to.equal(here);
			}),
			{ numRuns: 500 },
		);
	});

	it("judges the odd cases of equality as Node does", () => {
		const cases = [
			["1", "'1'"],
			["NaN", "NaN"],
			["0", "-0"],
			["[1, , 3]", "[1, undefined, 3]"],
			["{ a: undefined }", "{}"],
			["new Set([{ a: 1 }, 2])", "new Set([2, { a: 1 }])"],
			["new Set([1])", "new Set(['1'])"],
			["new Map([[{ k: 1 }, [1]]])", "new Map([[{ k: 1 }, [1]]])"],
			["new Map([[1, 2]])", "new Map([[1, 3]])"],
			["new Date(1)", "new Date(1)"],
			["/a/g", "/a/i"],
			["new Error('a')", "new Error('b')"],
			["new Uint8Array([1])", "new Uint8Array([1])"],
			["new Float64Array([0])", "new Float64Array([-0])"],
			["new (class A {})()", "new (class B {})()"],
			["Object.create(null)", "{}"],
			["{ [Symbol.for('s')]: 1 }", "{ [Symbol.for('s')]: 2 }"],
			["(() => { const o = {}; o.o = o; return o; })()", "(() => { const o = {}; o.o = o; return o; })()"],
			["[]", "{}"],
			["null", "undefined"],
			["() => 1", "() => 1"],
			["Object(1)", "Object(2)"],
		] as const;
		for (const [a, b] of cases) {
			for (const name of [
				"deepEqual",
				"deepStrictEqual",
				"notDeepEqual",
				"notDeepStrictEqual",
				"equal",
				"strictEqual",
			]) {
				const statement = `assert.${name}(${a}, ${b})`;
				let here = true;
				try {
					vm.runInContext(statement, host);
				} catch {
					here = false;
				}
				expect(messageOf(statement) === undefined, statement).to.equal(here);
			}
		}
	});

	it("says what both values are, in Node's words", () => {
		for (const statement of [
			"assert.equal(1, 2)",
			"assert.notEqual(1, 1)",
			"assert.strictEqual('a', 'b')",
			"assert.notStrictEqual(1, 1)",
			"assert.fail('why')",
			"assert.fail()",
			"assert.ok(0, 'because')",
			"assert.ifError(null)",
			"assert.ifError('x')",
			"assert.match('abc', /x/)",
			"assert.throws(() => {})",
			"assert.throws(() => {}, TypeError, 'really')",
			"assert.doesNotThrow(() => { throw new Error('bad'); }, 'oh')",
		]) {
			let here: string | undefined;
			try {
				vm.runInContext(statement, host);
			} catch (error) {
				here = (error as Error).message;
			}
			expect(messageOf(statement), statement).to.equal(here);
		}
	});

	it("shows where two structures differ", () => {
		const message = messageOf(`
			const entry = (term, command) => ({ term, command });
			const log = [entry(1, "a"), entry(1, "b"), entry(2, "c"), entry(2, "d")];
			assert.deepStrictEqual({ log, votes: new Map([[0, true]]) }, { log: log.with?.(1, entry(3, "b")) ?? [log[0], entry(3, "b"), log[2], log[3]], votes: new Map([[0, false]]) });
		`);
		expect(message).to.equal(
			[
				"Expected values to be strictly deep-equal:",
				"+ actual - expected",
				"",
				"...",
				"      {",
				"        command: 'b',",
				"+       term: 1",
				"-       term: 3",
				"      },",
				"      {",
				"...",
				"    ],",
				"    votes: Map(1) {",
				"+     0 => true",
				"-     0 => false",
				"    }",
				"  }",
				"",
			].join("\n"),
		);
	});

	it("throws an AssertionError that carries the values and the caller's stack", () => {
		expect(thrown("assert.strictEqual(1, 2, 'mine')")).to.include({
			name: "AssertionError",
			code: "ERR_ASSERTION",
			message: "mine",
			actual: 1,
			expected: 2,
			operator: "strictEqual",
			generatedMessage: false,
		});
		const stackOf = (statement: string) =>
			String(
				realm.run(`function caller() { ${statement}; } try { caller(); } catch (error) { return error.stack; }`),
			).split("\n");
		expect(stackOf("assert.equal(1, 2)")[0]).to.equal("AssertionError [ERR_ASSERTION]: 1 == 2");
		for (const failing of [
			"assert(0)",
			"assert.ok(0)",
			"assert.equal(1, 2)",
			"assert.match('', /a/)",
			"assert.throws(() => {})",
			"assert.fail()",
		]) {
			const firstFrame = stackOf(failing).find((line) => line.startsWith("    at "));
			expect(firstFrame, failing).to.include("at caller");
		}
		expect(
			realm.run(
				"try { assert(false); } catch (error) { return error instanceof assert.AssertionError && error instanceof Error; }",
			),
		).to.equal(true);
		expect(
			realm.run(
				"const own = new RangeError('own'); try { assert(false, own); } catch (error) { return error === own; }",
			),
		).to.equal(true);
	});

	it("checks what is thrown by class, text, properties or function", () => {
		const works = [
			"() => { throw new TypeError('bad input'); }, TypeError",
			"() => { throw new TypeError('bad input'); }, Error",
			"() => { throw new Error('bad input'); }, /bad/",
			"() => { throw Object.assign(new Error('m'), { code: 7 }); }, { code: 7, message: /^m$/ }",
			"() => { throw 3; }, (error) => error === 3",
		];
		for (const work of works) expect(messageOf(`assert.throws(${work})`), work).to.equal(undefined);
		expect(messageOf("assert.throws(() => { throw new Error('a'); }, TypeError)")).to.include(
			'instance of "TypeError"',
		);
		expect(messageOf("assert.throws(() => { throw new Error('a'); }, /b/)")).to.include(
			"did not match the regular expression /b/",
		);
		expect(messageOf("assert.throws(() => { throw { code: 1 }; }, { code: 2 })")).to.equal(
			"The error's code is 1. Expected 2",
		);
		expect(messageOf("assert.throws(() => { throw 1; }, () => false)")).to.include("validation function");
		expect(messageOf("assert.doesNotThrow(() => { throw new RangeError('r'); }, TypeError)")).to.equal("r");
	});

	it("checks rejections", () => {
		expect(
			realm.settle(
				`await assert.rejects(async () => { throw new TypeError("t"); }, TypeError); await assert.doesNotReject(Promise.resolve()); return "done";`,
			),
		).to.equal("done");
		expect(() => realm.settle("await assert.rejects(Promise.resolve(1))")).to.throw("Missing expected rejection.");
		expect(() => realm.settle("await assert.doesNotReject(Promise.reject(new Error('e')))")).to.throw(
			"Got unwanted rejection",
		);
		expect(() => realm.settle("await assert.rejects(3)")).to.throw("a promise, or a function that returns one");
	});

	it("is strict under its other name", () => {
		expect(messageOf("strict.equal(1, '1')")).to.equal("Expected values to be strictly equal:\n\n1 !== '1'\n");
		expect(
			realm.run(
				"return [assert.strict === strict, strict.strict === strict, strict.deepEqual === assert.deepStrictEqual]",
			),
		).to.deep.equal([true, true, true]);
	});
});
