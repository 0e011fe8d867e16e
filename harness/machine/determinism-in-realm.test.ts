import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { observe, type Parts, toldBy } from "../testing/observe.ts";
import { EPOCH_MS } from "./realm/clock.ts";

const IMPORTS = `
	import crypto from "node:crypto";
	import { performance as performance2 } from "node:perf_hooks";
	import { setTimeout as later, setImmediate as soon, setInterval as ticks } from "node:timers/promises";
`;

/** What a machine tells within a second. */
function tells(parts: Parts, options: { seed?: string; explain?: boolean } = {}): Promise<readonly unknown[]> {
	return toldBy({ ...parts, module: `${IMPORTS}${parts.module ?? ""}` }, options, (cluster) => cluster.sleep(1_000));
}

describe("a machine's time", () => {
	const CLOCKS = `
		const clocks = () => [
			Date.now(), new Date().getTime(), +new Date(), new (class extends Date {})().getTime(), Reflect.construct(Date, []).getTime(),
			EPOCH_MS + performance.now(), EPOCH_MS + performance2.now(), performance.timeOrigin + performance.now(),
			EPOCH_MS + process.uptime() * 1000, EPOCH_MS + Number(process.hrtime.bigint()) / 1e6, EPOCH_MS + process.hrtime()[1] / 1e6,
		];
		const same = () => [...new Set(clocks())];
	`.replaceAll("EPOCH_MS", String(EPOCH_MS));

	it("is virtual time, whichever clock is read", async () => {
		const make = "tell(same()); setTimeout(() => { tell(same()); sleep(400).then(() => tell(same())); }, 250);";
		expect(await tells({ module: CLOCKS, make })).to.deep.equal([[EPOCH_MS], [EPOCH_MS + 250], [EPOCH_MS + 650]]);
	});

	it("stands still while it works", async () => {
		const make = `
			const work = () => { let sum = 0; for (let i = 0; i < 3e6; i++) sum += Math.sqrt(i); return sum; };
			const before = clocks();
			work();
			const after = clocks();
			Promise.resolve().then(work).then(() => tell([before, after, clocks()].map(String)));
		`;
		const [told] = (await tells({ module: CLOCKS, make })) as string[][];
		expect(told?.[1]).to.equal(told?.[0]);
		expect(told?.[2]).to.equal(told?.[0]);
	});

	it("is told by a Date that is otherwise Node's", async () => {
		const make = `
			class Day extends Date {}
			tell([
				new Date(5).getTime(), new Date("2020-02-03").toISOString(), new Date(2020, 1, 3).getMonth(), Date.UTC(1970, 0, 2),
				Date.parse("1970-01-01T00:00:01Z"), typeof Date(), Date() === new Date().toString(), Date.name, Date.length,
				new Date() instanceof Date, new Date().constructor === Date, new Day() instanceof Day, Object.keys(Date).length,
			]);
		`;
		const expected = [
			5,
			"2020-02-03T00:00:00.000Z",
			1,
			86_400_000,
			1_000,
			"string",
			true,
			"Date",
			7,
			true,
			true,
			true,
			0,
		];
		expect(await tells({ make })).to.deep.equal([expected]);
	});

	// The Date that reads virtual time is put in place when its name is first looked up. None of these looks it up: the bytes are those of encode(new Date(5)).
	for (const [way, found] of Object.entries({
		"a date that was decoded": "decode(new Uint8Array([0xc1, 0x8f, 0, 0, 0, 0, 0, 0, 0x14, 0x40])).constructor",
		"the getter that stands for it": 'Object.getOwnPropertyDescriptor(globalThis, ["Da", "te"].join("")).get()',
		"a look at the global object": 'globalThis[["Da", "te"].join("")]',
		"the global object's own list":
			'Object.entries(Object.getOwnPropertyDescriptors(globalThis)).find(([name]) => name === ["Da", "te"].join(""))[1].get()',
		"its prototype's constructor":
			"Object.getPrototypeOf(structuredClone(decode(new Uint8Array([0xc1, 0x8f, 0, 0, 0, 0, 0, 0, 0x14, 0x40])))).constructor",
	})) {
		it(`is told by whatever Date can be had: by ${way}`, async () => {
			const make = `
				const Found = ${found};
				tell([Found.now(), new Found().getTime(), new Found(5).getTime(), Found === globalThis[["Da", "te"].join("")], Found.prototype.constructor === Found]);
			`;
			expect(await tells({ make })).to.deep.equal([[EPOCH_MS, EPOCH_MS, 5, true, true]]);
		});
	}

	// A trap on Object.prototype would be one of every handler's; and Reflect's functions can be replaced before a Date is first used.
	for (const [way, tampering] of Object.entries({
		"traps on Object.prototype": `
			const traps = ["has", "get", "getPrototypeOf", "ownKeys", "getOwnPropertyDescriptor", "set"];
			for (const trap of traps) Object.prototype[trap] = (target) => { got.push(target); };
			try { "x" in Found; } catch {}
			try { Found.x; } catch {}
			try { Found.x = 1; } catch {}
			try { Object.getPrototypeOf(Found); } catch {}
			try { Reflect.ownKeys(Found); } catch {}
			for (const trap of traps) delete Object.prototype[trap];
		`,
		"a Symbol.hasInstance of its own": `
			Object.defineProperty(Found, Symbol.hasInstance, { value(value) { got.push(this); return false; } });
			Found.from = function () { return this; };
			got.push(Found.from());
			encode(new Found(5));
			try { encode(Object.create(Found.prototype)); } catch {}
			structuredClone(new Found(5));
		`,
		"another Reflect.construct": `
			const { construct } = Reflect;
			Reflect.construct = function (target, ...rest) { got.push(target); return construct(target, ...rest); };
			new Found();
			Reflect.construct = construct;
		`,
		"another Function.prototype.call and apply": `
			const { call, apply } = Function.prototype;
			Function.prototype.call = function (...args) { got.push(this, args[0]); return undefined; };
			Function.prototype.apply = function (...args) { got.push(this, args[0]); return undefined; };
			try { new Found(); Found(); Found.now(); } finally { Object.assign(Function.prototype, { call, apply }); }
		`,
	})) {
		it(`is told by no other Date, even to a submission that tampers: ${way}`, async () => {
			const make = `
				const got = [];
				const Found = globalThis[["Da", "te"].join("")];
				${tampering}
				const dates = got.filter((one) => { try { return one !== Found && typeof new one().getTime() === "number"; } catch { return false; } });
				tell([dates.length, new Found().getTime()]);
			`;
			expect(await tells({ make })).to.deep.equal([[0, EPOCH_MS]]);
		});
	}

	it("is told by one Date only, however it is come by", async () => {
		const make = `
			const { get } = Object.getOwnPropertyDescriptor(globalThis, ["Da", "te"].join(""));
			tell([get() === get(), get() === globalThis[["Da", "te"].join("")], new (get())(1).constructor === get()]);
		`;
		expect(await tells({ make })).to.deep.equal([[true, true, true]]);
	});

	it("may be without a Date: what is sent and saved is the same", async () => {
		const make = `
			const date = new (globalThis[["Da", "te"].join("")])(5);
			for (const put of [() => delete globalThis[["Da", "te"].join("")], () => { globalThis[["Da", "te"].join("")] = undefined; }]) {
				put();
				const copy = decode(encode({ map: new Map([[1, date]]), set: new Set([2]) }));
				tell([copy.map.get(1).getTime(), copy.set.has(2), Object.getPrototypeOf(copy.map.get(1)) === Object.getPrototypeOf(date)]);
			}
		`;
		expect(await tells({ make })).to.deep.equal([
			[5, true, true],
			[5, true, true],
		]);
	});

	it("is nobody's to break what Node has: not by properties that all objects have from then on", async () => {
		const make = `
			Object.prototype.isEmpty = false;
			try { tell([globalThis[["cry", "pto"].join("")].randomUUID().length, typeof globalThis[["Buf", "fer"].join("")].from("x").toString]); }
			finally { delete Object.prototype.isEmpty; }
		`;
		expect(await tells({ make })).to.deep.equal([[36, "function"]]);
	});

	it("is told even if the submission puts a Date of its own in place first", async () => {
		const make = `
			globalThis[["Da", "te"].join("")] = class Mine {};
			const made = decode(new Uint8Array([0xc1, 0x8f, 0, 0, 0, 0, 0, 0, 0x14, 0x40]));
			tell([made.constructor.now(), new made.constructor().getTime(), made.getTime()]);
		`;
		expect(await tells({ make })).to.deep.equal([[EPOCH_MS, EPOCH_MS, 5]]);
	});
});

describe("a machine's timers", () => {
	it("fire in order of time, then as they were set; microtasks go first, immediates at the same instant", async () => {
		const make = `
			const order = [];
			const note = (name) => () => void order.push(name);
			setTimeout(note("5"), 5);
			setTimeout(note("1"), 1);
			setTimeout(note("0"), 0);
			setImmediate(note("immediate"));
			queueMicrotask(note("microtask"));
			process.nextTick(note("tick"));
			Promise.resolve().then(note("then"));
			soon().then(note("soon"));
			later(1).then(note("later"));
			sleep(5).then(note("sleep"));
			note("now")();
			setTimeout(() => tell(order), 6);
		`;
		const [order] = await tells({ make });
		expect(order).to.be.an("array").that.includes.members(["tick"]);
		expect((order as string[]).filter((name) => name !== "tick")).to.deep.equal([
			"now",
			"microtask",
			"then",
			"immediate",
			"soon",
			"1",
			"0",
			"later",
			"5",
			"sleep",
		]);
	});

	it("take delays as Node does", async () => {
		const delays = "[undefined, NaN, -5, 0, 0.5, 1, 2.9, '7', 2 ** 31, Infinity, null, {}]";
		const make = `
			for (const [i, delay] of ${delays}.entries()) setTimeout(() => tell([i, performance.now()]), delay);
		`;
		const told = (await tells({ make })) as [number, number][];
		const byNumber = [...told].sort(([a], [b]) => a - b).map(([, atMs]) => atMs);
		expect(byNumber).to.deep.equal([1, 1, 1, 1, 1, 1, 2, 7, 1, 1, 1, 1]);
	});

	it("repeat, take arguments, and can be cleared, by object or number, also from within", async () => {
		const make = `
			let left = 3;
			const interval = setInterval((a, b) => { tell([a, b, performance.now()]); if (--left === 0) clearInterval(interval); }, 10, "a", "b");
			clearTimeout(setTimeout(() => tell("never"), 5));
			clearTimeout(Number(setTimeout(() => tell("never"), 5)));
			clearTimeout(String(+setTimeout(() => tell("never"), 5)));
			clearImmediate(setImmediate(() => tell("never")));
			clearTimeout(undefined); clearTimeout(null); clearTimeout(12345);
			setTimeout(() => tell("never"), 5).close();
			const twice = setTimeout(() => tell("refreshed at " + performance.now()), 5).unref().ref();
			setTimeout(() => twice.refresh(), 3);
		`;
		const expected = ["refreshed at 8", ["a", "b", 10], ["a", "b", 20], ["a", "b", 30]];
		expect(await tells({ make })).to.deep.equal(expected);
	});

	it("are those of node:timers/promises too", async () => {
		const make = `
			(async () => {
				tell([await later(20, "value"), performance.now()]);
				tell([await soon("soon"), performance.now()]);
				let beats = 0;
				for await (const value of ticks(10, "tick")) { tell([value, performance.now()]); if (++beats === 2) break; }
				const abort = new AbortController();
				setTimeout(() => abort.abort(), 5);
				tell([await later(1000, 1, { signal: abort.signal }).catch((error) => error.name), performance.now()]);
			})();
		`;
		const expected = [
			["value", 20],
			["soon", 20],
			["tick", 30],
			["tick", 40],
			["AbortError", 45],
		];
		expect(await tells({ make })).to.deep.equal(expected);
	});
});

describe("a machine's chance", () => {
	const DRAW = `
		const draw = () => [
			Math.random(), crypto.randomUUID(), globalThis.crypto.randomUUID(), crypto.randomInt(1_000_000), crypto.randomInt(5, 7) >= 5,
			[...crypto.getRandomValues(new Uint32Array(4))], [...globalThis.crypto.getRandomValues(new Uint8Array(8))],
			crypto.randomBytes(8).toString("hex"), crypto.webcrypto.getRandomValues(new Uint16Array(2)).join(),
		];
	`;
	const make = "tell([draw(), draw()]);";

	it("is the seed's: the same again, in whichever mode", async () => {
		const first = await tells({ module: DRAW, make });
		expect(await tells({ module: DRAW, make })).to.deep.equal(first);
		expect(await tells({ module: DRAW, make }, { explain: true })).to.deep.equal(first);
	});

	it("is another one for another seed, server or incarnation, and never repeats itself", async () => {
		const seen: unknown[] = [];
		for (const seed of ["1", "2", "100000001"]) {
			const { told } = await observe({ module: `${IMPORTS}${DRAW}`, make }, { seed, servers: 2 }, (cluster) =>
				cluster.start(0),
			);
			expect(told).to.have.lengthOf(3);
			seen.push(...told.flatMap((draws) => draws as unknown[]));
		}
		for (const i of [0, 1, 2, 3, 5, 6, 7, 8]) {
			expect(new Set(seen.map((draw) => JSON.stringify((draw as unknown[])[i]))).size, `draw ${i}`).to.equal(
				seen.length,
			);
		}
	});

	it("does not depend on what other servers do", async () => {
		const greedy = "if (me === 0) for (let i = 0; i < 1000; i++) Math.random();";
		const modest = await observe({ module: `${IMPORTS}${DRAW}`, make }, { servers: 2 });
		const robbed = await observe({ module: `${IMPORTS}${DRAW}`, make: `${greedy} ${make}` }, { servers: 2 });
		expect(robbed.toldBy(1)).to.deep.equal(modest.toldBy(1));
		expect(robbed.toldBy(0)).to.not.deep.equal(modest.toldBy(0));
	});

	it("is uniform on [0, 1)", async () => {
		const count = `
			const counts = new Array(10).fill(0);
			let outside = 0;
			for (let i = 0; i < 10_000; i++) { const x = Math.random(); if (!(x >= 0 && x < 1)) outside++; else counts[Math.floor(10 * x)]++; }
			tell([outside, Math.min(...counts) > 850, Math.max(...counts) < 1150]);
		`;
		expect(await tells({ make: count })).to.deep.equal([[0, true, true]]);
	});
});

function collectGarbage(): void {
	setFlagsFromString("--expose-gc");
	runInNewContext("gc")();
}

describe("a machine has not got", () => {
	it("what blocks, what runs beside it and what reads the real clock", async () => {
		const names =
			"WebAssembly SharedArrayBuffer Atomics Temporal ShadowRealm gc fetch Worker MessageChannel BroadcastChannel".split(
				" ",
			);
		const make = `tell([${names.map((name) => `typeof ${name}, "${name}" in globalThis`).join(",")}, typeof Intl.DateTimeFormat, typeof Intl.NumberFormat]);`;
		const none = names.flatMap(() => ["undefined", false]);
		expect(await tells({ make })).to.deep.equal([[...none, "undefined", "function"]]);
	});

	it("references that memory's state can change", async () => {
		const make = `
			let target = { much: new Array(100_000).fill(1) };
			const ref = new WeakRef(target);
			const registry = new FinalizationRegistry(() => tell("finalized"));
			registry.register(target, 1);
			target = undefined;
			const look = () => [
				ref.deref()?.much.length, WeakRef.name, FinalizationRegistry.name, registry.unregister({}),
				ref.constructor === WeakRef, registry.constructor === FinalizationRegistry,
			];
			setTimeout(() => tell(look()), 50);
		`;
		const told = await toldBy({ make }, {}, async (cluster) => {
			await cluster.sleep(20);
			collectGarbage();
			for (let i = 0; i < 5; i++) await cluster.sleep(20);
		});
		expect(told).to.deep.equal([[100_000, "WeakRef", "FinalizationRegistry", false, true, true]]);
	});

	it("a name for the versions of Node that differ between hosts", async () => {
		const make = "tell([process.version, process.platform, process.pid, process.env, process.argv.length]);";
		const [told] = (await tells({ make })) as unknown[][];
		expect(told?.[0]).to.not.equal(process.version);
		expect(told?.[2]).to.not.equal(process.pid);
		expect(told?.[3]).to.deep.equal({});
	});
});

describe("a run that is explained", () => {
	it("takes the course of the run that was judged; it only says more", async () => {
		const make = `
			for (const peer of peers) setInterval(async () => debug("reply", await peer.call("Draw", Math.random())), 10 + me);
			setTimeout(() => { try { null.x; } catch (error) { debug("caught", error); } }, 50 * Math.random());
		`;
		const methods =
			"async Draw(x) { await sleep(20 * x); persister.save(encode([x, Date.now()]), new Uint8Array(me)); return Math.random(); },";
		const course = async (explain: boolean) => {
			const { events } = await observe(
				{ make, methods },
				{ servers: 3, schedule: "race", unreliable: true, explain },
				async (cluster) => {
					await cluster.sleep(300);
					cluster.start(1);
					cluster.connect(1);
					await cluster.sleep(300);
				},
			);
			return [
				events.filter(({ kind }) => kind !== "log").map((event) => JSON.stringify(event)),
				events.length,
			] as const;
		};
		const [[judged, judgedLength], [explained, explainedLength]] = [await course(false), await course(true)];
		expect(explained).to.deep.equal(judged);
		expect(judged).to.have.length.above(500);
		expect(explainedLength).to.be.above(judgedLength);
	});
});
