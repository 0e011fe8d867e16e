import { expect } from "chai";
import { observe, toldBy } from "../testing/observe.ts";

/** Every property of every intrinsic object that is at hand, with what it holds: what a submission could have left behind. */
function intrinsics(): Map<string, unknown> {
	const found = new Map<string, unknown>();
	for (const name of Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name))) {
		const value: unknown = (globalThis as Record<string, unknown>)[name];
		const prototype: unknown = typeof value === "function" ? value.prototype : undefined;
		for (const [path, object] of [
			[name, value],
			[`${name}.prototype`, prototype],
		] as const) {
			if ((typeof object !== "object" && typeof object !== "function") || object === null) continue;
			for (const key of Reflect.ownKeys(object)) {
				const descriptor = Object.getOwnPropertyDescriptor(object, key);
				found.set(`${path}.${String(key)}`, descriptor?.value ?? descriptor?.get);
			}
		}
	}
	return found;
}

/** Leaves a mark wherever it can. */
const MARK = `
	const mark = (where, key = "mark") => Object.defineProperty(where, key, { value: "here", configurable: true });
	const PLACES = [globalThis, Object.prototype, Function.prototype, Array.prototype, Map.prototype, Promise.prototype, Promise,
		Symbol.prototype, String.prototype, Error.prototype, Error, Uint8Array.prototype, Math, JSON, Reflect, console, Buffer, process];
`;

describe("two servers share", () => {
	it("no variable of a module", async () => {
		const module = "let count = 0; const list = [];";
		const make = "count++; list.push(me); tell([count, list]);";
		const { toldBy } = await observe({ module, make }, { servers: 3 });
		expect([0, 1, 2].map((i) => toldBy(i))).to.deep.equal([[[1, [0]]], [[1, [1]]], [[1, [2]]]]);
	});

	it("no global, no prototype and no object that is built in", async () => {
		const make = `
			if (me === 0) for (const place of PLACES) mark(place);
			tell(PLACES.filter((place) => place.mark === "here").length);
		`;
		const { toldBy, failure } = await observe({ module: MARK, make }, { servers: 2 });
		expect(failure).to.equal(undefined);
		expect(toldBy(0)).to.deep.equal([18]);
		expect(toldBy(1)).to.deep.equal([0]);
	});

	it("nothing by way of Symbol.for: the symbols are the same, but nothing sticks to them", async () => {
		const make = `
			const symbol = Symbol.for("meeting point");
			const before = [symbol.note, globalThis[symbol], Object.prototype[symbol], typeof Symbol.keyFor(symbol)];
			Symbol.prototype.note = "here";
			globalThis[symbol] = "here";
			Object.prototype[symbol] = "here";
			tell(before);
		`;
		const { toldBy } = await observe({ make }, { servers: 2 });
		for (const i of [0, 1]) expect(toldBy(i)).to.deep.equal([[undefined, undefined, undefined, "string"]]);
	});

	it("no cache of templates or regular expressions", async () => {
		const module = "const tag = (strings) => strings; const template = () => tag`x`; const pattern = () => /x/g;";
		const make = `
			const match = /(.)y/.exec("xy");
			tell([RegExp.$1, Object.isFrozen(template()), template() === template()]);
		`;
		const quiet = "tell([RegExp.$1, pattern().lastIndex]);";
		const { toldBy } = await observe({ module, make: `if (me === 0) { ${make} } else { ${quiet} }` }, { servers: 2 });
		expect(toldBy(0)).to.deep.equal([["x", true, true]]);
		expect(toldBy(1)).to.deep.equal([["", 0]]);
	});

	it("not the objects that they send each other", async () => {
		const module = "const kept = [];";
		const make = `
			if (me === 0) setTimeout(async () => {
				const args = { list: [1] };
				const first = await peers[1].call("Keep", args);
				const second = await peers[1].call("Keep", args);
				first.push("by S0");
				tell([first, second]);
			}, 1);
		`;
		const methods = "Keep(args) { args.list.push('by S1'); kept.push(args.list); return kept[0]; },";
		const { toldBy } = await observe({ module, make, methods }, { servers: 2 });
		expect(toldBy(0)).to.deep.equal([
			[
				[1, "by S1", "by S0"],
				[1, "by S1"],
			],
		]);
	});
});

describe("one server and its next incarnation share", () => {
	it("nothing but what was saved", async () => {
		const module = `${MARK} let starts = 0;`;
		const make = `
			starts++;
			tell([starts, PLACES.filter((place) => place.mark === "here").length, persister.raftStateSize()]);
			for (const place of PLACES) mark(place);
			persister.save(new Uint8Array(3), new Uint8Array(0));
		`;
		const { told } = await observe({ module, make }, {}, async (cluster) => {
			cluster.start(0);
			await cluster.sleep(5);
			cluster.crash(0);
			cluster.start(0);
		});
		expect(told).to.deep.equal([
			[1, 0, 0],
			[1, 0, 3],
			[1, 0, 3],
		]);
	});
});

describe("a server shares with the host", () => {
	it("nothing that is built in", async () => {
		const before = intrinsics();
		const module = `${MARK}
			const rob = (place) => { for (const key of Reflect.ownKeys(place)) try { delete place[key]; } catch {} };
		`;
		const make = `
			for (const place of PLACES) { mark(place); mark(place, "then"); mark(place, "toJSON"); }
			for (const place of PLACES.slice(3, 14)) rob(place);
			tell(1);
		`;
		for (const explain of [false, true]) await observe({ module, make }, { explain });
		const after = intrinsics();
		expect([...after].filter(([path, value]) => !Object.is(before.get(path), value))).to.deep.equal([]);
		expect(after.size).to.equal(before.size).and.to.be.above(500);
		expect(globalThis).to.not.have.property("mark");
	});

	it("no object of the tester's: a command that start() is given is a copy", async () => {
		const command = { list: [1] };
		const told = await toldBy(
			{
				methods:
					"start(command) { command.list.push(2); tell(command); return { index: 1, term: 1, isLeader: true }; },",
			},
			{},
			(cluster) => void cluster.server(0).start(command),
		);
		expect(told).to.deep.equal([{ list: [1, 2] }]);
		expect(command).to.deep.equal({ list: [1] });
	});

	it("no log of unhandled rejections: they are reported once, for the server that is to blame", async () => {
		const { failure } = await observe({ make: "if (me === 1) Promise.reject(new Error('mine'));" }, { servers: 3 });
		expect(failure?.message).to.equal("S1: an unhandled rejection: Error: mine");
		expect(failure?.details.servers).to.deep.equal([1]);
	});
});
