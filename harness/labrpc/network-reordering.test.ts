import { expect } from "chai";
import { NetworkBench } from "../testing/network-bench.ts";
import { expectCounts, expectShare } from "../testing/statistics.ts";

const CALLS = 20_000;

/** How late each of so many replies came. */
async function delays(prepare: (bench: NetworkBench) => void = () => {}): Promise<number[]> {
	const bench = new NetworkBench();
	bench.network.isReordering = true;
	prepare(bench);
	bench.calls(CALLS, 0, 1);
	await bench.run(() => {});
	const handled = new Map(bench.told("handled").map(({ rpc, atMs }) => [rpc, atMs]));
	return bench.told("reply").map(({ rpc, atMs }) => atMs - (handled.get(rpc) ?? Number.NaN));
}

/** The chance that rand(1 + rand(2000)) is below `bound`. */
function chanceBelow(bound: number): number {
	let sum = 0;
	for (let range = 1; range <= 2000; range++) sum += Math.min(1, bound / range);
	return sum / 2000;
}

describe("long reordering", () => {
	it("holds back 600 replies in 900, the others come at once", async () => {
		const all = await delays();
		expect(all).to.have.lengthOf(CALLS);
		expectShare(all.filter((delayMs) => delayMs > 0).length, CALLS, 600 / 900);
		expect(all.filter((delayMs) => delayMs > 0 && delayMs < 200)).to.deep.equal([]);
	});

	it("holds them back for 200 + rand(1 + rand(2000)) ms", async () => {
		const held = (await delays()).filter((delayMs) => delayMs > 0).map((delayMs) => delayMs - 200);
		expect(held.filter((delayMs) => !Number.isInteger(delayMs) || delayMs < 0 || delayMs >= 2000)).to.deep.equal([]);
		expect(Math.max(...held)).to.be.above(1900);
		const bounds = [0, 1, 5, 20, 50, 100, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000];
		const shares = bounds.slice(1).map((bound, i) => chanceBelow(bound) - chanceBelow(bounds[i] ?? 0));
		const counts = bounds.slice(1).map((bound, i) => {
			return held.filter((delayMs) => delayMs >= (bounds[i] ?? 0) && delayMs < bound).length;
		});
		expectCounts(
			counts,
			shares.map((share) => share * held.length),
		);
	});

	it("lets replies overtake each other", async () => {
		const bench = new NetworkBench();
		bench.network.isReordering = true;
		await bench.run(async () => {
			for (let n = 0; n < 20; n++) {
				bench.call(0, 1, { args: String(n) });
				await bench.sim.sleep(10);
			}
		});
		expect(bench.machine(1).requests.map(({ args }) => Number(args))).to.deep.equal([...Array(20).keys()]);
		const order = bench.told("reply").map(({ reply }) => Number(reply));
		expect(order).not.to.deep.equal([...order].sort((a, b) => a - b));
	});

	it("comes after the unreliable network's losses", async () => {
		const all = await delays((bench) => {
			bench.network.isReliable = false;
		});
		expectShare(all.length, CALLS, 0.9 * 0.9);
		expectShare(all.filter((delayMs) => delayMs > 0).length, all.length, 600 / 900);
	});

	it("is on or off as it was at the moment of the call", async () => {
		const bench = new NetworkBench();
		bench.setHandling(1, 50);
		await bench.run(async () => {
			const before = bench.calls(300, 0, 1);
			bench.network.isReordering = true;
			const after = bench.calls(300, 0, 1);
			bench.network.isReordering = false;
			await bench.sim.sleep(100);
			expect(before.filter(({ answer }) => answer?.atMs !== 50)).to.deep.equal([]);
			expectShare(after.filter(({ answer }) => answer === undefined).length, 300, 600 / 900);
		});
	});

	it("delivers what it has held back, also if the server is cut off or crashes meanwhile", async () => {
		const bench = new NetworkBench();
		bench.network.isReordering = true;
		await bench.run(async () => {
			const calls = bench.calls(100, 0, 1);
			await bench.sim.sleep(100);
			bench.crash(1);
			await bench.sim.sleep(3000);
			expect(calls.filter(({ answer }) => answer?.reply !== '"hello"')).to.deep.equal([]);
		});
	});
});
