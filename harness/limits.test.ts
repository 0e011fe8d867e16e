import { expect } from "chai";
import { LabFailure } from "./failure.ts";
import { parseSeed } from "./sim/seed.ts";
import { LIMITS, Simulation, Stream } from "./sim/simulation.ts";
import { observe } from "./testing/observe.ts";

const STANDS_STILL = "virtual time stands still: more than 200000 events at one instant; ";

/** After 50 ms, S0 asks S1 again as soon as it has its answer. */
const eager = {
	make: `
		const ask = async () => {
			for (;;) await peers[1].call("Ask", 0);
		};
		if (me === 0) setTimeout(ask, 50);`,
	methods: "Ask: () => 0,",
};

describe("a standstill of virtual time", () => {
	it("is ended at once, with who calls whom: one that asks without a pause", async () => {
		const { failure } = await observe(eager, { servers: 3 });
		expect(failure).to.be.instanceOf(LabFailure);
		expect(failure).to.include({ check: "standstill", atMs: 50 });
		expect(failure?.message).to.equal(`${STANDS_STILL}most of all S0 calls Ask on S1`);
	});

	it("is ended at once, with who calls whom: two that send each other messages without a pause", async () => {
		const parts = {
			make: "if (me === 0) setTimeout(() => peers[1].call('Ball', 0), 50);",
			methods: "Ball() { void peers[1 - me].call('Ball', 0); },",
		};
		const { failure } = await observe(parts, { servers: 2, invariants: true });
		expect(failure).to.include({ check: "standstill", atMs: 50 });
		expect(failure?.message.startsWith(STANDS_STILL)).to.equal(true);
		expect(failure?.message.slice(STANDS_STILL.length)).to.match(
			/^most of all S(0 calls Ball on S1|1 calls Ball on S0)$/,
		);
	});

	it("cannot come of that in the race schedule, where messages take time", async () => {
		const { failure, events } = await observe(eager, { servers: 3, schedule: "race" });
		expect(failure).to.equal(undefined);
		const calls = events.filter(({ kind }) => kind === "call").length;
		expect(calls).to.be.within(20, 100);
	});

	for (const [what, make] of [
		["an endless chain of immediates", "const next = () => setImmediate(next); setTimeout(next, 50);"],
		[
			"a server that always has something more to apply",
			"const next = () => applyCh.send({ snapshotValid: false }).then(next); setTimeout(next, 50);",
		],
	] as const) {
		it(`is ended at once, with what it may be: ${what}`, async () => {
			const { failure } = await observe({ make });
			expect(failure).to.be.instanceOf(LabFailure);
			expect(failure).to.include({ check: "standstill", atMs: 50 });
			expect(failure?.message).to.equal(`${STANDS_STILL}a timer or a task starts itself again without a pause`);
		});
	}

	it("is none when much happens at an instant, and then it goes on", async () => {
		const burst = "for (let i = 0; i < 20_000; i++) setTimeout(() => {}, 1 + (i % 2));";
		const { failure } = await observe({ make: `setTimeout(() => { ${burst} }, 50);` });
		expect(failure).to.equal(undefined);
	});
});

describe("a test", () => {
	// It ticks for the first time after 120 s at 120.001 s.
	const ticking = { make: "setInterval(() => {}, 7);" };

	it("takes 120 seconds of virtual time at most", async () => {
		const { failure } = await observe(ticking, {}, async (cluster) => {
			for (;;) await cluster.sleep(10_000);
		});
		expect(failure).to.be.instanceOf(LabFailure);
		expect(failure).to.include({
			check: "time-limit",
			message: "the test took longer than 120 seconds",
			atMs: 120_001,
		});
	});

	it("may take 120 seconds", async () => {
		const { failure, result } = await observe(ticking, {}, (cluster) => cluster.sleep(120_000));
		expect(failure).to.equal(undefined);
		expect(result.figures.virtualMs).to.equal(120_000);
	});

	it("takes five million events at most", async () => {
		const sim = new Simulation({ seed: parseSeed("1"), schedule: "calm" });
		sim.describeTraffic = () => "most of all S0 calls Ask on S1";
		let done = 0;
		const again = () => {
			done++;
			sim.at(sim.nowMs + 1, Stream.timer, 0, 0, again);
		};
		for (let i = 0; i < 1_000; i++) again();
		done = 0;
		await sim.run(() => sim.sleep(10_000));
		expect(done).to.equal(LIMITS.events + 1);
		expect(sim.failure).to.be.instanceOf(LabFailure);
		expect(sim.failure?.check).to.equal("event-budget");
		expect(sim.failure?.message).to.equal("more than 5000000 events in one test; most of all S0 calls Ask on S1");
	});
});
