import { expect } from "chai";
import { NetworkBench } from "../testing/network-bench.ts";
import { expectUniform } from "../testing/statistics.ts";

const CALLS = 3000;

async function race(prepare: (bench: NetworkBench) => void = () => {}): Promise<NetworkBench> {
	const bench = new NetworkBench({ schedule: "race" });
	prepare(bench);
	bench.calls(CALLS, 0, 1);
	await bench.run(() => {});
	return bench;
}

/** How long each reply took after its request had been handled. */
function replyTimes(bench: NetworkBench): number[] {
	const handled = new Map(bench.told("handled").map(({ rpc, atMs }) => [rpc, atMs]));
	return bench.told("reply").map(({ rpc, atMs }) => atMs - (handled.get(rpc) ?? Number.NaN));
}

describe("the network in the race schedule", () => {
	it("takes less than a millisecond for a request, in 1024ths", async () => {
		const times = (await race()).machine(1).requests.map(({ atMs }) => 1024 * atMs);
		expect(times).to.have.lengthOf(CALLS);
		expectUniform(times, 1024);
	});

	it("takes less than a millisecond for a reply, in 1024ths", async () => {
		const times = replyTimes(await race()).map((ms) => 1024 * ms);
		expect(times).to.have.lengthOf(CALLS);
		expectUniform(times, 1024);
	});

	it("loses nothing for that", async () => {
		expect((await race()).reasons).to.deep.equal([]);
	});

	it("adds nothing on the unreliable network, which takes whole milliseconds", async () => {
		const bench = await race((bench) => {
			bench.network.isReliable = false;
		});
		expectUniform(
			bench.machine(1).requests.map(({ atMs }) => atMs),
			27,
		);
		expect(new Set(replyTimes(bench))).to.deep.equal(new Set([0]));
	});

	it("adds nothing to a reply that is held back, nor to a call that fails", async () => {
		const held = replyTimes(
			await race((bench) => {
				bench.network.isReordering = true;
			}),
		).filter((ms) => ms >= 1);
		expect(held.length).to.be.above(CALLS / 2);
		expect(held.filter((ms) => !Number.isInteger(ms))).to.deep.equal([]);
		const failed = await race((bench) => bench.network.setEnabled(0, 1, false));
		expect(failed.told("no-reply").filter(({ atMs }) => !Number.isInteger(atMs))).to.deep.equal([]);
	});

	it("lets the seed decide", async () => {
		const times = async (seed: string) => {
			const bench = new NetworkBench({ schedule: "race", seed });
			bench.calls(50, 0, 1);
			await bench.run(() => {});
			return bench.told("reply").map(({ rpc, atMs }) => [rpc, atMs]);
		};
		expect(await times("1")).to.deep.equal(await times("1"));
		expect(await times("1")).not.to.deep.equal(await times("9"));
	});
});

describe("the network and a machine that is paused", () => {
	it("hands it a request when it goes on", async () => {
		const bench = new NetworkBench();
		bench.pausedUntilMs[1] = 30;
		const call = bench.call(0, 1);
		await bench.run(() => {});
		expect(bench.machine(1).requests.map(({ atMs }) => atMs)).to.deep.equal([30]);
		expect(call.answer).to.deep.equal({ atMs: 30, reply: '"hello"' });
	});

	it("hands it a reply when it goes on", async () => {
		const bench = new NetworkBench();
		const call = bench.call(0, 1);
		bench.pausedUntilMs[0] = 30;
		await bench.run(() => {});
		expect(call.answer).to.deep.equal({ atMs: 30, reply: '"hello"' });
	});

	it("tells it that no reply will come when it goes on", async () => {
		const bench = new NetworkBench();
		bench.network.hasLongDelays = false;
		bench.network.setEnabled(0, 1, false);
		const calls = bench.calls(100, 0, 1);
		bench.pausedUntilMs[0] = 50;
		await bench.run(() => {});
		const times = calls.map(({ answer }) => answer?.atMs ?? Number.NaN);
		expect(Math.min(...times)).to.equal(50);
		expect(times.filter((atMs) => atMs === 50).length).to.be.above(20);
	});

	it("waits again if it is paused again", async () => {
		const bench = new NetworkBench();
		bench.pausedUntilMs[1] = 30;
		bench.sim.at(29, 0, 0, 0, () => {
			bench.pausedUntilMs[1] = 60;
		});
		bench.call(0, 1);
		await bench.run(() => {});
		expect(bench.machine(1).requests.map(({ atMs }) => atMs)).to.deep.equal([60]);
	});

	it("does not wait for one that has crashed: its successor is another", async () => {
		const bench = new NetworkBench();
		bench.pausedUntilMs[1] = 1000;
		const call = bench.call(0, 1);
		await bench.run(async () => {
			await bench.sim.sleep(10);
			bench.crash(1);
			bench.start(1);
		});
		expect(bench.machine(1).requests).to.deep.equal([]);
		expect(call.answer?.reply).to.equal(undefined);
	});
});
