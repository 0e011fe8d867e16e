import { expect } from "chai";
import { Realm } from "./fixture.ts";

describe("events", () => {
	const realm = new Realm();
	realm.raw(`globalThis.EventEmitter = require("node:events");`);

	it("are emitted to listeners in order, once if so asked", () => {
		expect(
			realm.run(`
				class Node extends EventEmitter {}
				const node = new Node();
				const seen = [];
				node.on("a", (x) => seen.push("on" + x));
				node.once("a", (x) => seen.push("once" + x));
				node.prependListener("a", (x) => seen.push("first" + x));
				return [node.emit("a", 1), node.emit("a", 2), node.emit("b"), seen, node.listenerCount("a"), node.eventNames()];
			`),
		).to.deep.equal([true, true, false, ["first1", "on1", "once1", "first2", "on2"], 2, ["a"]]);
	});

	it("throw an error that nobody listens for, and show it to monitors first", () => {
		expect(() => realm.run(`new EventEmitter().emit("error", new RangeError("unheard"))`)).to.throw("unheard");
		expect(
			realm.run(`
				const emitter = new EventEmitter();
				const seen = [];
				emitter.on(EventEmitter.errorMonitor, (error) => seen.push(error.message));
				try { emitter.emit("error", new Error("e")); } catch (error) { seen.push("thrown " + error.message); }
				return seen;
			`),
		).to.deep.equal(["e", "thrown e"]);
	});

	it("can be awaited", () => {
		expect(
			realm.settle(`
				const emitter = new EventEmitter();
				setTimeout(() => emitter.emit("a", 1, 2), 50);
				const args = await EventEmitter.once(emitter, "a");
				return [args, core.env.now(), emitter.listenerCount("a"), emitter.listenerCount("error")];
			`),
		).to.deep.equal([[1, 2], 50, 0, 0]);
		expect(() =>
			realm.settle(
				`const e = new EventEmitter(); setTimeout(() => e.emit("error", new Error("lost")), 1); await EventEmitter.once(e, "a");`,
			),
		).to.throw("lost");
		expect(() =>
			realm.settle(`await EventEmitter.once(new EventEmitter(), "a", { signal: AbortSignal.timeout(5) });`),
		).to.throw("The operation was aborted");
		expect(
			realm.settle(
				`const target = new EventTarget(); setTimeout(() => target.dispatchEvent(new Event("a")), 1); return (await EventEmitter.once(target, "a"))[0].type;`,
			),
		).to.equal("a");
	});

	it("can be iterated, those that came early included", () => {
		expect(
			realm.settle(`
				const emitter = new EventEmitter();
				const seen = [];
				const events = EventEmitter.on(emitter, "a", { close: ["end"] });
				emitter.emit("a", 1);
				emitter.emit("a", 2);
				setTimeout(() => { emitter.emit("a", 3); emitter.emit("end"); }, 10);
				for await (const [value] of events) seen.push(value);
				return [seen, emitter.listenerCount("a")];
			`),
		).to.deep.equal([[1, 2, 3], 0]);
		expect(
			realm.settle(`
				const emitter = new EventEmitter();
				const controller = new AbortController();
				setTimeout(() => controller.abort("why"), 5);
				try { for await (const _ of EventEmitter.on(emitter, "a", { signal: controller.signal })); }
				catch (error) { return [error.name, error.code, error.cause, emitter.listenerCount("a")]; }
			`),
		).to.deep.equal(["AbortError", "ABORT_ERR", "why", 0]);
	});

	it("come as Node's module comes", () => {
		expect(
			realm.run(`
				const { EventEmitter: Named, defaultMaxListeners } = require("events");
				const emitter = new Named();
				EventEmitter.setMaxListeners(5, emitter);
				emitter.on("x", String);
				return [Named === EventEmitter, defaultMaxListeners, emitter.getMaxListeners(), EventEmitter.getEventListeners(emitter, "x")[0] === String];
			`),
		).to.deep.equal([true, 10, 5, true]);
	});

	it("warn of listeners that pile up, in the machine's log", () => {
		realm.run(`const emitter = new EventEmitter(); for (let i = 0; i < 11; i++) emitter.on("x", () => {});`);
		expect(realm.logs.at(-1)?.level).to.equal("warn");
		expect(realm.logs.at(-1)?.text).to.include("Possible EventEmitter memory leak detected. 11 x listeners added");
	});
});
