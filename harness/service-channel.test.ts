import { expect } from "chai";
import { ServiceBench } from "./testing/service-bench.ts";
import { expectShare } from "./testing/statistics.ts";

/** In which order things happen: "apply 3" when the service handles index 3, "on 3" when its sender goes on. */
async function orderOf(bench: ServiceBench, indices: number): Promise<string[]> {
	const order: string[] = [];
	bench.sim.events.on((event) => {
		if (event.kind === "apply") order.push(`apply ${event.index}`);
	});
	bench.machine(0).onTaken = (message) => order.push(`on ${message}`);
	await bench.run(() => bench.applyAll(0, 1, indices));
	return order;
}

describe("the apply channel", () => {
	it("lets the sender go on once the message has been handled, in the calm schedule", async () => {
		const expected = [1, 2, 3, 4].flatMap((index) => [`apply ${index}`, `on ${index}`]);
		expect(await orderOf(new ServiceBench(), 4)).to.deep.equal(expected);
	});

	it("lets the sender go on after the service's own call of snapshot(), in the calm schedule", async () => {
		const bench = new ServiceBench({ snapshots: true });
		const made: number[] = [];
		const machine = bench.machine(0);
		machine.onTaken = () => made.push(machine.snapshots.length);
		await bench.run(() => bench.applyAll(0, 1, 10));
		expect(made).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
	});

	it("lets the sender go on before or after that as the seed decides, in the race schedule", async () => {
		const order = await orderOf(new ServiceBench({ schedule: "race" }), 400);
		const before = Array.from(
			{ length: 400 },
			(_, i) => order.indexOf(`on ${i + 1}`) < order.indexOf(`apply ${i + 1}`),
		);
		expectShare(before.filter((isBefore) => isBefore).length, 400, 0.5);
		expect(await orderOf(new ServiceBench({ schedule: "race" }), 400)).to.deep.equal(order);
		expect(await orderOf(new ServiceBench({ schedule: "race", seed: "9" }), 400)).not.to.deep.equal(order);
	});

	for (const schedule of ["calm", "race"] as const) {
		describe(`in the ${schedule} schedule`, () => {
			it("carries one message at a time, in the order of sending", async () => {
				const order = await orderOf(new ServiceBench({ schedule }), 50);
				for (const what of ["apply", "on"]) {
					const numbers = order.filter((step) => step.startsWith(what)).map((step) => Number(step.split(" ")[1]));
					expect(numbers).to.deep.equal(Array.from({ length: 50 }, (_, i) => i + 1));
				}
				// Both halves of a message come before both halves of the next.
				const messages = order.map((step) => Number(step.split(" ")[1]));
				expect(messages).to.deep.equal([...messages].sort((a, b) => a - b));
			});

			it("takes no time", async () => {
				const bench = new ServiceBench({ schedule });
				await bench.run(async () => {
					await bench.sim.sleep(12);
					bench.applyAll(0, 1, 20);
				});
				expect(bench.machine(0).takenAt.map(([, atMs]) => atMs)).to.deep.equal(new Array(20).fill(12));
			});

			it("never handles a message within the step that sends it", async () => {
				const bench = new ServiceBench({ schedule });
				await bench.run(() => {
					bench.apply(0, 1, "x");
					expect(bench.counts(1)).to.deep.equal([0]);
					expect(bench.machine(0).takenAt).to.deep.equal([]);
				});
				expect(bench.counts(1)).to.deep.equal([1]);
			});

			it("is one for each server: none waits for another's", async () => {
				const bench = new ServiceBench({ schedule });
				await bench.run(() => {
					bench.applyAll(0, 1, 3);
					bench.applyAll(1, 1, 3);
				});
				expect(bench.counts(1, 2, 3)).to.deep.equal([2, 2, 2]);
			});

			it("carries what is sent when the sender goes on", async () => {
				const bench = new ServiceBench({ schedule });
				const machine = bench.machine(0);
				machine.onTaken = (message) => {
					if (message < 30) bench.apply(0, message + 1, "next");
				};
				const failure = await bench.run(() => {
					bench.apply(0, 1, "first");
				});
				expect(failure).to.equal(undefined);
				expect(machine.takenAt.map(([message]) => message)).to.deep.equal(Array.from({ length: 30 }, (_, i) => i + 1));
			});

			it("loses what a server was sending when it crashed", async () => {
				const bench = new ServiceBench({ schedule });
				await bench.run(async () => {
					const before = bench.machine(0);
					bench.applyAll(0, 1, 5);
					bench.crash(0);
					await bench.settle();
					expect(bench.counts(1)).to.deep.equal([0]);
					bench.start(0);
					bench.applyAll(0, 1, 2);
					bench.crash(0);
					bench.start(0);
					bench.applyAll(0, 1, 2);
					await bench.settle();
					expect(before.takenAt).to.deep.equal([]);
					expect(bench.machine(0).takenAt).to.have.lengthOf(2);
				});
				expect(bench.counts(1, 2, 3)).to.deep.equal([1, 1, 0]);
			});

			it("handles nothing of a server's that crashes while its message is handled", async () => {
				const bench = new ServiceBench({ schedule });
				bench.sim.events.on((event) => {
					if (event.kind === "apply" && event.index === 2) bench.crash(0);
				});
				const machine = bench.machine(0);
				await bench.run(() => bench.applyAll(0, 1, 5));
				expect(bench.counts(1, 3)).to.deep.equal([1, 0]);
				expect(machine.takenAt.length).to.be.at.most(2);
			});

			it("is quiet once the run has failed", async () => {
				const bench = new ServiceBench({ schedule });
				await bench.run(() => {
					bench.apply(0, 1, "x");
					bench.apply(0, 9, "y");
					bench.apply(0, 2, "z");
				});
				expect(bench.sim.failure?.check).to.equal("apply-order");
				expect(bench.counts(1, 2, 9)).to.deep.equal([1, 0, 0]);
			});
		});
	}
});
