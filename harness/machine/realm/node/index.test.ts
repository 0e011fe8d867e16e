import { builtinModules } from "node:module";
import vm from "node:vm";
import { expect } from "chai";
import { AVAILABLE_MODULES } from "./available.ts";
import { bareContext, bundle, Realm } from "./fixture.ts";
import { GLOBAL_NAMES } from "./global-names.ts";

describe("createNodeModules", () => {
	it("has every module that it says it has, under both names, made once", () => {
		const realm = new Realm();
		for (const name of AVAILABLE_MODULES) {
			expect(realm.raw(`require("${name}") === require("node:${name}") && typeof require("${name}")`), name).to.match(
				/object|function/,
			);
		}
	});

	it("refuses every other module of Node, by name", () => {
		const realm = new Realm();
		const others = builtinModules.filter((name) => !AVAILABLE_MODULES.includes(name) && !name.startsWith("_"));
		for (const name of [...others, "node:test", "node:fs", "no-such", "__proto__", "constructor"]) {
			expect(() => realm.raw(`require("${name}")`)).to.throw(
				`the module "${name}" is not available on a simulated machine`,
			);
		}
	});

	it("says which globals it has", () => {
		expect(new Realm().run("return Object.keys(core.node.globals)")).to.have.members([...GLOBAL_NAMES, "performance"]);
	});

	it("offers no name that Node has not", () => {
		for (const name of AVAILABLE_MODULES) expect(builtinModules, name).to.include(name);
		for (const name of GLOBAL_NAMES) expect(globalThis, name).to.have.property(name);
	});

	it("makes nothing before it is asked for, and everything once", () => {
		const context = bareContext();
		vm.runInContext(bundle("./index.ts"), context);
		// An environment that must not be touched.
		vm.runInContext(
			`globalThis.touched = [];
			globalThis.env = new Proxy({}, { get: (_, name) => { touched.push(name); return () => 0; } });
			globalThis.before = Reflect.ownKeys(globalThis).length;
			globalThis.node = bundled.createNodeModules(env, () => ({}));`,
			context,
		);
		expect(vm.runInContext("JSON.stringify(touched)", context)).to.equal("[]");
		for (const name of GLOBAL_NAMES) {
			expect(vm.runInContext(`node.globals.${name}() === node.globals.${name}()`, context), name).to.equal(true);
		}
		expect(vm.runInContext(`node.require("buffer").Buffer === node.globals.Buffer()`, context)).to.equal(true);
	});

	it("needs no globals but the language's: everything loads where nothing is installed", () => {
		const context = bareContext();
		vm.runInContext(bundle("./index.ts"), context);
		vm.runInContext(
			`globalThis.node = bundled.createNodeModules({ now: () => 0, epochMs: 0, random: () => 0, setTimeout() {}, setImmediate() {}, log() {} }, () => ({}));
			for (const make of Object.values(node.globals)) make();`,
			context,
		);
		for (const name of AVAILABLE_MODULES) vm.runInContext(`node.require("${name}")`, context);
	});

	it("is made of the realm's own objects only", () => {
		const realm = new Realm();
		const { objects, foreign } = realm.run(`
			const { EventEmitter, on, once } = require("events");
			const promises = require("timers/promises");
			const made = [
				globalThis, core.node, ...Object.values(core.node.globals).map((make) => make()), ...core.AVAILABLE_MODULES.map(require),
				new EventEmitter(), on(new EventEmitter(), "x"), once(new EventEmitter(), "x"), Buffer.from("x"), Buffer.from("x").buffer,
				new TextEncoder().encode("x"), structuredClone([new Date(), new Map([[1, new Error("e")]])]), new AbortController().signal,
				AbortSignal.abort().reason, performance.mark("x"), crypto.getRandomValues(new Uint8Array(1)), process.memoryUsage(),
				promises.setInterval(1), promises.setTimeout(1), require("assert").rejects(Promise.reject(new Error("r"))),
			];
			const deep = () => { let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o; };
			const failures = [
				() => Buffer.from(), () => Buffer.alloc(-1), () => new TextDecoder("x"), () => atob("-"), () => process.exit(),
				() => require("assert").equal(1, 2), () => structuredClone(() => 1), () => require("fs"), () => crypto.subtle,
				() => new EventEmitter().emit("error", 1), () => structuredClone(deep()), () => new AbortSignal(),
				() => require("util").inspect(deep(), { depth: null }), () => require("util").isDeepStrictEqual(deep(), deep()),
				() => new TextEncoder().encode({ toString() { throw new Error("mine"); } }), () => "x".repeat(2 ** 30),
			];
			for (const fail of failures) {
				try { fail(); throw "nothing was thrown by " + fail; } catch (error) { made.push(error); if (typeof error === "string") throw error; }
			}
			return core.explore(made);
		`) as { objects: number; foreign: string[] };
		expect(foreign).to.deep.equal([]);
		expect(objects).to.be.greaterThan(1000);
		// The walk does find a foreign object where there is one.
		realm.callable<[never]>("(thing) => { globalThis.intruder = { thing }; }")({} as never);
		expect((realm.run("return core.explore([intruder])") as { foreign: string[] }).foreign).to.include(
			"hasOwnProperty",
		);
	});

	it("loads in a realm that takes no stacks, too", () => {
		const realm = new Realm();
		realm.raw("Error.stackTraceLimit = undefined");
		for (const name of AVAILABLE_MODULES) realm.raw(`require("${name}")`);
		realm.run(`
			console.trace("here %d", 1);
			console.log(new Error("seen"), AbortSignal.abort().reason);
			structuredClone(new Error("cloned"));
			try { require("assert").deepEqual([1], [2]); } catch (error) { console.error(error.message); }
		`);
		expect(realm.logs.map(({ text }) => text.split("\n")[0])).to.deep.equal([
			"Trace: here 1",
			"[Error: seen] [DOMException [AbortError]: This operation was aborted]",
			"Expected values to be loosely deep-equal:",
		]);
	});

	it("opens no way to run text as code", () => {
		const realm = new Realm();
		for (const value of [
			"Buffer",
			"process.nextTick",
			"console.log",
			"structuredClone",
			"new AbortController()",
			"setTimeout(() => {}, 1)",
		]) {
			expect(() => realm.raw(`${value}.constructor.constructor("return process")()`)).to.throw(
				"Code generation from strings disallowed",
			);
		}
	});

	it("takes all time and chance from the core", () => {
		// The language's own, through which the real ones could come in: none may be read by these modules.
		const realm = new Realm();
		realm.raw(`Date.now = () => { throw new Error("real time"); }; Math.random = () => { throw new Error("real chance"); };
			globalThis.Date = new Proxy(Date, { construct(Target, args) { if (args.length === 0) throw new Error("real time"); return new Target(...args); } });`);
		realm.advance(100);
		realm.run(`
			console.time("x"); console.timeEnd("x"); performance.mark("m"); performance.now(); process.hrtime(); process.uptime(); process.hrtime.bigint();
			crypto.randomUUID(); require("crypto").randomBytes(8); require("crypto").randomInt(9); new Event("e").timeStamp; structuredClone(new Date(5));
			AbortSignal.timeout(5); require("util").inspect({ d: new Date(5) }); require("util").format("%s", 1);
		`);
		realm.advance(100);
	});
});
