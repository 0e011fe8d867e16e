import { expect } from "chai";
import { encode, MAX_DEPTH, toText, WireError } from "./codec.ts";

class LogEntry {
	readonly term = 1;
}

const fn = () => 1;
const shared = { term: 1 };
const cycle: Record<string, unknown> = { term: 1 };
cycle.self = [cycle];
const cyclicMap = new Map<string, unknown>();
cyclicMap.set("me", cyclicMap);

/** A value nested in as many arrays. */
function nested(levels: number, value: unknown = 1): unknown {
	for (let level = 0; level < levels; level++) value = [value];
	return value;
}

const FUNCTION = "a function cannot be sent over the network";
const PLAIN_OBJECT = "cannot be sent over the network: send a plain object";

/** What is refused, and what is said about it. The value goes by the name of "args". */
const REFUSED: readonly (readonly [value: unknown, message: string])[] = [
	[fn, `args: ${FUNCTION}`],
	[{ callback: fn }, `args.callback: ${FUNCTION}`],
	[{ entries: [{}, {}, {}, { command: fn }] }, `args.entries[3].command: ${FUNCTION}`],
	[{ "a key": { "0": fn } }, `args["a key"]["0"]: ${FUNCTION}`],
	[JSON.parse('{"__proto__":[1]}', (key, value) => (key === "0" ? fn : value)), `args.__proto__[0]: ${FUNCTION}`],
	[{ $: fn }, `args.$: ${FUNCTION}`],
	[{ "": fn }, `args[""]: ${FUNCTION}`],
	[[1, undefined, [2n, fn]], `args[2][1]: ${FUNCTION}`],
	[new Array(3).concat([fn]), `args[3]: ${FUNCTION}`],
	[new Map([["x", fn]]), `args.get("x"): ${FUNCTION}`],
	[new Map([[7, { deep: fn }]]), `args.get(7).deep: ${FUNCTION}`],
	[
		new Map<unknown, unknown>([
			[1, 1],
			[fn, 2],
		]),
		`args.key(1): ${FUNCTION}`,
	],
	[new Map([[{ id: fn }, 1]]), `args.key(0).id: ${FUNCTION}`],
	[new Set([1, fn]), `args.item(1): ${FUNCTION}`],
	[Symbol("s"), "args: a symbol cannot be sent over the network"],
	[{ tag: Symbol.iterator }, "args.tag: a symbol cannot be sent over the network"],
	[{ log: { [Symbol("term")]: 1 } }, "args.log[Symbol(term)]: a symbol key cannot be sent over the network"],
	[new LogEntry(), `args: an instance of class LogEntry ${PLAIN_OBJECT}`],
	[{ log: [new LogEntry()] }, `args.log[0]: an instance of class LogEntry ${PLAIN_OBJECT}`],
	[{ at: new (class {})() }, `args.at: a class instance ${PLAIN_OBJECT}`],
	[{ by: Object.create(Object.create(null)) }, `args.by: a class instance ${PLAIN_OBJECT}`],
	[[/x/], `args[0]: an instance of class RegExp ${PLAIN_OBJECT}`],
	[{ error: new Error("no") }, `args.error: an instance of class Error ${PLAIN_OBJECT}`],
	[new Uint16Array(2), `args: an instance of class Uint16Array ${PLAIN_OBJECT}`],
	[new ArrayBuffer(2), `args: an instance of class ArrayBuffer ${PLAIN_OBJECT}`],
	[new (class Log extends Array {})(), `args: an instance of class Log ${PLAIN_OBJECT}`],
	[{ votes: new (class Votes extends Map {})() }, `args.votes: an instance of class Votes ${PLAIN_OBJECT}`],
	[[new (class Voters extends Set {})()], `args[0]: an instance of class Voters ${PLAIN_OBJECT}`],
	[new (class Moment extends Date {})(), `args: an instance of class Moment ${PLAIN_OBJECT}`],
	[new WeakMap(), `args: an instance of class WeakMap ${PLAIN_OBJECT}`],
	[{ reply: Promise.resolve(1) }, `args.reply: a promise (is an await missing?) ${PLAIN_OBJECT}`],
	[cycle, "args.self[0]: a cycle: the value contains itself"],
	[{ state: cyclicMap }, 'args.state.get("me"): a cycle: the value contains itself'],
	[{ one: shared, other: [shared], last: fn }, `args.last: ${FUNCTION}`],
	[nested(MAX_DEPTH + 1), "args: nested deeper than 500 levels"],
	[nested(MAX_DEPTH - 1, new Map([[{}, 1]])), "args: nested deeper than 500 levels"],
];

describe("what cannot go over the wire", () => {
	for (const [value, message] of REFUSED) {
		it(`is refused: ${message}`, () => {
			const colon = message.indexOf(": ");
			expect(() => toText(value, "args"))
				.to.throw(WireError, message)
				.that.includes({ message, path: message.slice(0, colon), reason: message.slice(colon + 2) });
		});

		it(`is refused as bytes too: ${message}`, () => {
			expect(() => encode(value)).to.throw(WireError, message.replace("args", "value"));
		});
	}

	it("goes by the name of value if it was given none", () => {
		expect(() => toText([fn])).to.throw(WireError, `value[0]: ${FUNCTION}`);
	});

	it("is blamed on the first part that cannot", () => {
		expect(() => toText({ fine: 1, first: fn, second: Symbol("s") })).to.throw(WireError, `value.first: ${FUNCTION}`);
	});

	it("is not the same object in two places", () => {
		expect(() => toText({ one: shared, other: [shared] })).not.to.throw();
	});

	it("is a TypeError, as whoever catches it may expect", () => {
		expect(() => toText(fn))
			.to.throw(TypeError)
			.that.has.property("name", "WireError");
	});
});
