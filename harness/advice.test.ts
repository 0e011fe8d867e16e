import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import { observe, type Parts } from "./testing/observe.ts";

/** S0 calls every other server every so many ms. */
function beating(everyMs: number): Parts {
	return {
		make: `
			const beat = () => {
				for (let i = 1; i < peers.length; i++) void peers[i].call("Beat", 0);
			};
			if (me === 0) setInterval(beat, ${everyMs});`,
		methods: "Beat() {},",
	};
}

/** What is said after something has happened, and then five seconds without an event. */
async function warningsFor(
	what: Parts,
	body: (cluster: Cluster) => Promise<void> | void = () => {},
	schedule: "calm" | "race" = "calm",
): Promise<readonly string[]> {
	const { result, failure } = await observe(what, { servers: 3, schedule, invariants: true }, async (cluster) => {
		await body(cluster);
		await cluster.sleep(5_000);
	});
	expect(failure).to.equal(undefined);
	return result.warnings;
}

const advice = (to: number, messages: number) =>
	`S0 sent S${to} ${messages} messages in a second in which nothing happened; the lab asks for at most 10 heartbeats`;

describe("advice", () => {
	it("is given for more than ten heartbeats a second to a server, and fails nothing", async () => {
		expect(await warningsFor(beating(50))).to.deep.equal([advice(1, 20)]);
		expect(await warningsFor(beating(10))).to.deep.equal([advice(1, 100)]);
	});

	it("tells of the busiest pair, once", async () => {
		const what = `
			const rate = { 0: 60, 1: 20, 2: 40 }[me];
			setInterval(() => void peers[(me + 1) % 3].call("Beat", 0), rate);`;
		const warnings = await warningsFor({ make: what, methods: "Beat() {}," });
		expect(warnings).to.deep.equal([advice(2, 50).replace("S0", "S1")]);
	});

	for (const schedule of ["calm", "race"] as const) {
		it(`is not given for ten, nor for a few more by chance (${schedule})`, async () => {
			expect(await warningsFor(beating(100), undefined, schedule)).to.deep.equal([]);
			expect(await warningsFor(beating(90), undefined, schedule)).to.deep.equal([]);
			expect(await warningsFor(beating(70), undefined, schedule)).to.have.length(1);
		});
	}

	it("is not given for calls of several methods, each of them seldom", async () => {
		const what = "setInterval(() => { for (const method of ['A', 'B']) void peers[1].call(method, 0); }, 100);";
		expect(await warningsFor({ make: what, methods: "A() {}, B() {}," })).to.deep.equal([]);
	});

	describe("is not given for calls with a reason:", () => {
		/** Has something happen every 400 ms, while S0 calls 20 times a second. */
		const every400Ms = (happen: (cluster: Cluster) => void) => async (cluster: Cluster) => {
			for (let i = 0; i < 20; i++) {
				happen(cluster);
				await cluster.sleep(400);
			}
			cluster.crash(0);
		};

		for (const [what, happen] of [
			["proposals", (cluster) => cluster.server(1).start("x")],
			["a restart", (cluster) => cluster.start(2)],
			[
				"connections",
				(cluster) => {
					if (!cluster.isConnected(2)) cluster.connect(2);
					else cluster.disconnect(2);
				},
			],
		] as const satisfies [string, (cluster: Cluster) => void][]) {
			it(what, async () => {
				expect(await warningsFor(beating(50), every400Ms(happen))).to.deep.equal([]);
			});
		}

		it("but it is, if nothing happens meanwhile", async () => {
			const nothing = every400Ms(() => {});
			expect(await warningsFor(beating(50), nothing)).to.deep.equal([advice(1, 20)]);
		});
	});

	describe("is not given for a burst of calls", () => {
		/** S0 sends ten heartbeats a second, and many messages more after a proposal: so many ms later, and every ms from then on. */
		const bursting = (afterMs: number): Parts => {
			const { make = "", methods = "" } = beating(100);
			const burst = "for (let n = 0; n < 30; n++) setTimeout(beat, n);";
			const start =
				afterMs === 0 ? "for (let n = 0; n < 30; n++) beat();" : `setTimeout(() => { ${burst} }, ${afterMs});`;
			return { make, methods: `${methods} start() { ${start} return { index: 1, term: 1, isLeader: true }; },` };
		};

		for (const afterMs of [0, 1, 100]) {
			it(`that start() makes, or that it brings about (after ${afterMs} ms)`, async () => {
				const warnings = await warningsFor(bursting(afterMs), async (cluster) => {
					await cluster.sleep(2_000);
					cluster.server(0).start("x");
				});
				expect(warnings).to.deep.equal([]);
			});
		}

		for (const [what, happen] of [
			["a connection", (cluster) => cluster.connect(2)],
			["a restart", (cluster) => cluster.start(2)],
		] as const satisfies [string, (cluster: Cluster) => void][]) {
			it(`soon after ${what}`, async () => {
				// When S2 is there again, S1 sends it what it lacks, and then heartbeats.
				const make = `
					const beat = () => void peers[2].call("Beat", 0);
					const catchUp = () => {
						for (let n = 0; n < 30; n++) beat();
						setInterval(beat, 100);
					};
					if (me === 1) setTimeout(catchUp, 2_090);`;
				const warnings = await warningsFor({ make, methods: "Beat() {}," }, async (cluster) => {
					cluster.disconnect(2);
					await cluster.sleep(2_000);
					happen(cluster);
					cluster.connect(2);
				});
				expect(warnings).to.deep.equal([]);
			});
		}

		it("but it is, if nothing has happened that would ask for it", async () => {
			const make = `if (me === 1) setInterval(() => { for (let n = 0; n < 30; n++) void peers[2].call("Beat", n); }, 1_500);`;
			const warnings = await warningsFor({ make, methods: "Beat() {}," });
			expect(warnings).to.deep.equal([advice(2, 30).replace("S0", "S1")]);
		});
	});
});
