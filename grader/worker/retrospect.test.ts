import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { Retrospect } from "./retrospect.ts";

const line = (n: number, text = ""): SimulationEvent => ({ kind: "tester", atMs: n, text });
const call = (n: number, args: string): SimulationEvent => ({
	kind: "call",
	atMs: n,
	rpc: n,
	from: 0,
	to: 1,
	method: "Ping",
	args,
	bytes: args.length,
});

describe("what is kept of a run that is to be explained", () => {
	it("is all of it, if it comes to an end", () => {
		const kept = new Retrospect();
		const events = Array.from({ length: 500 }, (_, n) => line(n));
		for (const event of events) kept.listener(event);
		expect(kept.beginning).to.deep.equal(events);
		expect(kept.last()).to.deep.equal(events);
	});

	it("is its beginning and its end, however long it is", () => {
		const kept = new Retrospect();
		for (let n = 0; n < 600_000; n++) kept.listener(line(n));
		expect(kept.beginning).to.have.length(400_000);
		expect(kept.beginning.every(({ atMs }, n) => atMs === n)).to.equal(true);
		const last = kept.last();
		expect(last.at(-1)?.atMs).to.equal(599_999);
		expect(last.length).to.be.within(10_000, 30_000);
		expect(last.slice(-10_000).every(({ atMs }, n) => atMs === 590_000 + n)).to.equal(true);
	});

	it("is less of it if its messages are long", () => {
		const kept = new Retrospect();
		const args = "x".repeat(1_000_000);
		for (let n = 0; n < 200; n++) kept.listener(call(n, args));
		expect(kept.beginning).to.have.length(50);
		expect(kept.last().at(-1)?.atMs).to.equal(199);
	});
});
