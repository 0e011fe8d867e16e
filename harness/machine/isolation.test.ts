import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { observe, sourceOf, toldBy } from "../testing/observe.ts";
import type { Survey } from "../testing/reach.ts";
import { submission } from "../testing/submission.ts";
import type { Program } from "./program.ts";
import { AVAILABLE_MODULES } from "./realm/node/available.ts";

/** A submission that can look around. */
async function surveyor(parts: { make: string; methods?: string }): Promise<Program> {
	const modules = AVAILABLE_MODULES.map((name, i) => `import * as module${i} from "node:${name}";`).join("");
	const names = AVAILABLE_MODULES.map((_, i) => `module${i}`).join(", ");
	const module = `
		import { isOfThisRealm, nearTheEnd, survey } from "./reach.ts";
		${modules}
		const modules = { ${names} };
		const everything = (args) => ({ globalThis, debug, decode, encode, sleep, ...modules, ...args });
	`;
	const reach = await readFile(new URL("../testing/reach.ts", import.meta.url), "utf8");
	return submission(sourceOf({ module, ...parts }), { "reach.ts": reach });
}

/** What a surveyor found. */
async function found(program: Program, explain: boolean): Promise<Survey> {
	const { told, failure } = await observe(program, { explain });
	expect(told, failure?.message).to.have.lengthOf(1);
	return told[0] as Survey;
}

/** Calls that fail, each an expression; whatever comes of them must belong to the realm. */
const FAILING = [
	"null.x",
	"undefinedName",
	"(() => { 'use strict'; Object.freeze([]).push(1); })()",
	"eval('1')",
	"new Function('return process')",
	"new (async () => {}).constructor('1')",
	"new (function* () {}).constructor('1')",
	"setTimeout.constructor('return process')()",
	"new RegExp('(')",
	"JSON.parse('{')",
	"new Array(-1)",
	"new Uint8Array(2 ** 60)",
	"'x'.repeat(2 ** 30)",
	"1n / 0n",
	"decodeURI('%')",
	"Symbol() + ''",
	"new Proxy({}, null)",
	"new Intl.NumberFormat('no such locale at all')",
	"structuredClone(() => {})",
	"decode(new Uint8Array(3))",
	"encode(() => {})",
	"new (class extends null {})()",
	"Object.defineProperty(globalThis, 'undefined', { value: 1 })",
	"Reflect.setPrototypeOf(globalThis, new Proxy({}, { get: (target, key, receiver) => receiver })) && globalThis.nothing",
	"Object.getOwnPropertyDescriptor(globalThis, 'Array')",
	"(globalThis.zz = 1, delete globalThis.zz)",
	"Object.getOwnPropertyDescriptors(globalThis)",
	"peers[0].call('x', () => {})",
	"peers[0].call(Symbol(), 1)",
	"peers[0].call('x', new Proxy({}, { ownKeys() { throw null.x; } }))",
	"persister.save(1, 2)",
	"persister.readRaftState()",
	"applyCh.send(1)",
	"applyCh.send({ commandValid: true, commandIndex: Symbol() })",
	"setTimeout(1)",
	"queueMicrotask(1)",
	"Promise.reject(null.x)",
	"debug(Symbol(), new Proxy({}, {}))",
	"new Error('x').stack",
	"Object.getOwnPropertyDescriptor(new Error('x'), 'stack')",
	"(() => { const o = {}; Error.captureStackTrace(o); return o; })()",
];

/** Promises that are rejected, each an expression. */
const REJECTING = [
	"(async () => null.x)()",
	"import(['.', 'nothing.js'].join('/'))",
	"import(['node', 'fs'].join(':'))",
	"(async () => { await import(['child', 'process'].join('_')); })()",
	"Promise.any([Promise.reject(1)])",
	"Promise.resolve({ then() { null.x; } })",
	"Promise.resolve({ get then() { return null.x; } })",
	"(async function* () { yield null.x; })().next()",
	"(async () => { for await (const x of [Promise.reject(new Error())]) x; })()",
	"(async () => { for await (const x of 5) x; })()",
	"Promise.all(5)",
	"Promise.resolve().finally(() => null.x)",
	"new Promise(() => null.x)",
	"class extends Promise { static get [Symbol.species]() { return null.x; } }.resolve().then()",
];

for (const explain of [false, true]) {
	describe(`in a machine, ${explain ? "with" : "without"} stack traces, all that can be reached is its own`, () => {
		it("from the globals, what make() gets and the modules", async () => {
			const program = await surveyor({
				make: "survey(everything({ peers, me, persister, applyCh }), 0).then(tell);",
			});
			const { visited, foreign } = await found(program, explain);
			expect(foreign).to.deep.equal([]);
			expect(visited).to.be.above(1_500);
		});

		it("from what any function returns or throws when it is called wrongly", async () => {
			const program = await surveyor({
				make: "survey(everything({ peers, me, persister, applyCh }), 1).then(tell);",
			});
			const { visited, foreign } = await found(program, explain);
			expect(foreign).to.deep.equal([]);
			expect(visited).to.be.above(6_000);
		});

		it("from what comes over the network, from stable storage, from timers and from the service", async () => {
			const value =
				"{ a: [1n, new Map([[1, new Set([2])]]), new Date(3), new Uint8Array([200]), -0, undefined], s: 'é' }";
			const program = await surveyor({
				make: `
					const value = ${value};
					const seen = { bytes: persister.readRaftState(), snapshot: persister.readSnapshot() };
					const timer = setTimeout(function (...args) { seen.timerThis = this; seen.timerArgs = args; }, 5, {});
					persister.save(encode(value), encode(value));
					seen.again = [persister.readRaftState(), decode(persister.readSnapshot()), timer, setImmediate(() => {})];
					seen.sent = applyCh.send({ commandValid: true, command: value, commandIndex: 1 });
					sleep(1).then(async (slept) => {
						seen.reply = [slept, await peers[me].call("Handle", value), await seen.sent];
						await sleep(20);
						tell(await survey(seen, 0));
					});
				`,
				methods: "Handle(...args) { seen.handled = [this, args]; return Promise.resolve(args[0]); },",
			});
			const { foreign, visited } = await found(program, explain);
			expect(foreign).to.deep.equal([]);
			expect(visited).to.be.above(200);
		});

		it("from errors", async () => {
			const list = FAILING.map((code) => `[${JSON.stringify(code)}, () => ${code}]`).join(",\n");
			const program = await surveyor({
				make: `
					const caught = {};
					for (const [code, f] of [${list}]) {
						try { caught[code] = f(); } catch (error) { caught[code] = error; }
						if (caught[code] instanceof Promise) caught[code].catch(() => {});
					}
					survey(caught, 0).then(tell);
				`,
			});
			expect((await found(program, explain)).foreign).to.deep.equal([]);
		});

		it("from errors near the end of the stack", async function () {
			this.slow(4_000);
			const list = FAILING.filter((code) => !code.includes("repeat"))
				.map((code) => `[${JSON.stringify(code)}, () => ${code}]`)
				.join(",\n");
			const program = await surveyor({
				make: `
					const foreign = [];
					let visited = 0;
					for (const [code, f] of [${list}]) {
						const outcomes = nearTheEnd(f);
						visited += outcomes.length;
						if (!outcomes.every(isOfThisRealm)) foreign.push(code);
					}
					tell({ visited, foreign });
				`,
			});
			const { visited, foreign } = await found(program, explain);
			expect(foreign).to.deep.equal([]);
			expect(visited).to.be.above(500 * FAILING.length);
		});

		it("from errors that come later", async () => {
			const list = REJECTING.map((code) => `[${JSON.stringify(code)}, () => ${code}]`).join(",\n");
			const program = await surveyor({
				make: `
					const caught = {};
					for (const [code, f] of [${list}]) {
						try { f().then((value) => { caught[code] = [value]; }, (error) => { caught[code] = error; }); }
						catch (error) { caught[code] = error; }
					}
					(async () => {
						for (let i = 0; i < 20_000; i++) await null;
						tell({ ...await survey(caught, 0), settled: Object.keys(caught).length });
					})();
				`,
			});
			const survey = (await found(program, explain)) as Survey & { settled: number };
			expect(survey.foreign).to.deep.equal([]);
			expect(survey.settled).to.equal(REJECTING.length);
		});
	});
}

describe("a getter defined on the global object", () => {
	it("is called on the global object, not on one of the host's that stands behind it", async () => {
		const make = `
			Object.defineProperty(globalThis, "trap", { get() { return [this === globalThis]; }, set(value) { value.push(this === globalThis); } });
			const seen = [...globalThis.trap];
			globalThis.trap = seen;
			tell(seen);
		`;
		expect(await toldBy({ make })).to.deep.equal([[true, true]]);
	});
});
