import { expect } from "chai";
import type { SimulationEvent } from "../events.ts";
import { LabFailure } from "../failure.ts";
import { parseSeed } from "./seed.ts";
import { LIMITS, Simulation, Stream } from "./simulation.ts";

function simulation(schedule: "calm" | "race" = "calm", seed = "1"): Simulation {
	return new Simulation({ seed: parseSeed(seed), schedule });
}

/** Makes `count` events at the present instant, each the maker of the next. */
function chain(sim: Simulation, count: number): void {
	if (count > 0) sim.at(sim.nowMs, Stream.timer, 0, count, () => chain(sim, count - 1));
}

async function failureOf(promise: Promise<void>): Promise<unknown> {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	throw new Error("nothing was thrown");
}

describe("the simulation", () => {
	it("lets the tester's coroutines sleep in virtual time, beside each other and the world", async () => {
		const sim = simulation();
		const story: string[] = [];
		const tell = (what: string) => story.push(`${sim.nowMs}: ${what}`);
		sim.at(150, Stream.timer, 0, 0, () => tell("timer"));
		const sleeper = async (name: string, ms: number) => {
			await sim.sleep(ms);
			tell(name);
			await sim.sleep(ms);
			tell(name);
		};
		await sim.run(async () => {
			await Promise.all([sleeper("one", 100), sleeper("other", 75.5)]);
			tell("end");
		});
		expect(story).to.deep.equal(["75.5: other", "100: one", "150: timer", "151: other", "200: one", "200: end"]);
	});

	it("waits for no real time", async () => {
		const beganMs = performance.now();
		const sim = simulation();
		await sim.run(() => sim.sleep(110_000));
		expect(sim.nowMs).to.equal(110_000);
		expect(performance.now() - beganMs).to.be.below(2_000);
	});

	it("stamps events with the time and tells them in order to all who listen", async () => {
		const sim = simulation();
		const heard: [string, SimulationEvent][] = [];
		for (const name of ["a", "b"]) sim.events.on((event) => heard.push([name, event]));
		await sim.run(async () => {
			await sim.sleep(12);
			sim.tell({ kind: "tester", text: "hello" });
		});
		const event = { atMs: 12, kind: "tester", text: "hello" };
		expect(heard).to.deep.equal([
			["a", event],
			["b", event],
		]);
	});

	it("draws for the tester from the seed alone", () => {
		const draws = (seed: string) => {
			const sim = simulation("calm", seed);
			return Array.from({ length: 20 }, () => sim.draw(1000));
		};
		expect(draws("1")).to.deep.equal(draws("1"));
		expect(draws("1")).not.to.deep.equal(draws("2"));
	});

	it("ends with the first failure, in the midst of what goes on", async () => {
		const sim = simulation();
		const [first, second] = [new LabFailure("one", "the first"), new LabFailure("two", "the second")];
		sim.at(30, Stream.timer, 0, 0, () => {
			sim.fail(first);
			sim.fail(second);
		});
		await sim.run(() => sim.sleep(1_000));
		expect(sim.failure).to.equal(first);
		expect(first.atMs).to.equal(30);
		expect(sim.nowMs).to.equal(30);
	});

	it("takes a LabFailure that the test throws for the verdict, and hands on anything else", async () => {
		const sim = simulation();
		const failure = new LabFailure("check", "wrong");
		await sim.run(async () => {
			throw failure;
		});
		expect(sim.failure).to.equal(failure);
		const error = new Error("a mistake of the test's");
		const thrown = simulation().run(async () => {
			throw error;
		});
		expect(await failureOf(thrown)).to.equal(error);
	});

	it("says so when the test waits for what will never happen", async () => {
		const never = simulation().run(() => new Promise(() => {}));
		expect(await failureOf(never)).to.match(/waits for something that will never happen/);
	});

	describe("orders what is due at the same instant", () => {
		async function order(schedule: "calm" | "race", seed: string): Promise<string> {
			const sim = simulation(schedule, seed);
			const done: number[] = [];
			for (let n = 0; n < 8; n++) sim.at(5, Stream.timer, 0, n, () => done.push(n));
			await sim.run(() => sim.sleep(10));
			return done.join("");
		}

		it("calm: as it was made", async () => {
			expect(await order("calm", "1")).to.equal("01234567");
			expect(await order("calm", "2")).to.equal("01234567");
		});

		it("race: as the seed decides", async () => {
			const orders = await Promise.all(["1", "2", "3", "1"].map((seed) => order("race", seed)));
			expect(new Set(orders).size).to.equal(3);
			expect(orders[3]).to.equal(orders[0]);
		});
	});

	describe("has limits:", () => {
		it("120 s of virtual time", async () => {
			const sim = simulation();
			await sim.run(async () => {
				for (;;) await sim.sleep(1_000);
			});
			expect(sim.failure).to.include({ check: "time-limit", message: "the test took longer than 120 seconds" });
			const inTime = simulation();
			await inTime.run(() => inTime.sleep(LIMITS.testMs));
			expect(inTime.failure).to.equal(undefined);
		});

		for (const atMs of [0, 40]) {
			it(`200,000 events at one instant (at ${atMs} ms)`, async () => {
				const run = async (count: number) => {
					const sim = simulation();
					sim.describeTraffic = () => "S1 calls Ping on S2";
					// The tester's own waking at that instant is one of the events.
					await sim.run(async () => {
						if (atMs > 0) await sim.sleep(atMs);
						chain(sim, atMs > 0 ? count - 1 : count);
						await sim.sleep(1);
					});
					return sim.failure;
				};
				expect(await run(200_000)).to.equal(undefined);
				const failure = await run(200_001);
				expect(failure?.check).to.equal("standstill");
				expect(failure?.message)
					.to.match(/^virtual time stands still: more than 200000 events/)
					.and.match(/S1 calls Ping/);
			});
		}
	});
});
