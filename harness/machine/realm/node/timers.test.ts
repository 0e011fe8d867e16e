import { expect } from "chai";
import { Realm } from "./fixture.ts";

describe("timers and timers/promises", () => {
	const realm = new Realm();
	realm.raw(`globalThis.promises = require("node:timers/promises");`);

	it("are the core's own functions", () => {
		expect(
			realm.run(
				`const timers = require("timers"); return [timers.setTimeout === setTimeout, timers.promises === promises]`,
			),
		).to.deep.equal([true, true]);
	});

	it("wait in virtual time", () => {
		expect(
			realm.settle(`
				const start = performance.now();
				const value = await promises.setTimeout(1500, "value");
				await promises.scheduler.wait(500);
				await promises.scheduler.yield();
				return [value, await promises.setImmediate("now"), performance.now() - start];
			`),
		).to.deep.equal(["value", "now", 2000]);
	});

	it("tick", () => {
		expect(
			realm.settle(`
				const ticks = [];
				const start = performance.now();
				for await (const value of promises.setInterval(100, "tick")) {
					ticks.push(performance.now() - start);
					if (ticks.length === 2) await promises.setTimeout(250);
					if (ticks.length === 5) return ticks;
				}
			`),
		).to.deep.equal([100, 200, 450, 450, 500]);
	});

	it("are cut short by a signal", () => {
		for (const work of [
			"promises.setTimeout(1000, 0, { signal })",
			"promises.scheduler.wait(1000, { signal })",
			"(async () => { for await (const _ of promises.setInterval(400, 0, { signal })); })()",
		]) {
			expect(
				realm.settle(`
					const controller = new AbortController();
					const { signal } = controller;
					const start = performance.now();
					setTimeout(() => controller.abort("enough"), 10);
					try { await ${work}; } catch (error) { return [error.name, error.code, error.cause, performance.now() - start]; }
				`),
				work,
			).to.deep.equal(["AbortError", "ABORT_ERR", "enough", 10]);
		}
		expect(() => realm.settle("await promises.setImmediate(0, { signal: AbortSignal.abort() })")).to.throw(
			"The operation was aborted",
		);
	});

	it("can be had by promisify, the old way", () => {
		expect(
			realm.settle(`
				const { promisify } = require("util");
				const start = performance.now();
				return [await promisify(setTimeout)(20, "slept"), await promisify(setImmediate)("soon"), performance.now() - start];
			`),
		).to.deep.equal(["slept", "soon", 20]);
	});
});

describe("performance", () => {
	const realm = new Realm();

	it("tells virtual time", () => {
		realm.advance(12.5);
		expect(
			realm.run(
				`return [performance.now(), performance.timeOrigin, require("perf_hooks").performance === performance]`,
			),
		).to.deep.equal([12.5, 1_000_000_000_000, true]);
	});

	it("marks and measures", () => {
		realm.run(`performance.mark("a")`);
		realm.advance(10);
		expect(
			realm.run(`
				performance.mark("b", { detail: 1 });
				const { duration, startTime } = performance.measure("ab", "a", "b");
				const since = performance.measure("since", "a").duration;
				performance.clearMarks("a");
				return [duration, startTime, since, performance.getEntriesByType("mark").map((entry) => entry.name), performance.getEntriesByName("ab").length];
			`),
		).to.deep.equal([10, 12.5, 10, ["b"], 1]);
		expect(() => realm.run(`performance.measure("x", "nowhere")`)).to.throw(
			'The "nowhere" performance mark has not been set',
		);
	});
});
