import { expect } from "chai";
import type { NoReplyReason } from "../events.ts";
import { NetworkBench } from "../testing/network-bench.ts";
import { expectShare, expectUniform } from "../testing/statistics.ts";

const CALLS = 20_000;

/** The bench after so many calls from S0 to S1 at one instant over the unreliable network. */
async function unreliable(prepare: (bench: NetworkBench) => void = () => {}): Promise<NetworkBench> {
	const bench = new NetworkBench();
	bench.network.isReliable = false;
	prepare(bench);
	bench.calls(CALLS, 0, 1);
	await bench.run(() => {});
	return bench;
}

function endedAt(bench: NetworkBench, reason: NoReplyReason): number[] {
	return bench.told("no-reply").flatMap(({ why, atMs }) => (why === reason ? [atMs] : []));
}

describe("the unreliable network", () => {
	let bench: NetworkBench;

	before(async () => {
		bench = await unreliable();
	});

	it("takes 0 … 26 ms for a request", () => {
		const arrivedAt = bench.machine(1).requests.map(({ atMs }) => atMs);
		expectUniform(arrivedAt, 27, 27);
	});

	it("loses one request in ten, which never reaches the handler", () => {
		const lost = endedAt(bench, "request lost").length;
		expectShare(lost, CALLS, 0.1);
		expect(bench.machine(1).requests).to.have.lengthOf(CALLS - lost);
	});

	it("loses it when it would have arrived, not before", () => {
		expectUniform(endedAt(bench, "request lost"), 27, 27);
	});

	it("loses one reply in ten, once the handler is done", () => {
		const handled = bench.machine(1).requests.length;
		const lost = endedAt(bench, "reply lost");
		expectShare(lost.length, handled, 0.1);
		expect(bench.told("handled")).to.have.lengthOf(handled);
		expectUniform(lost, 27, 27);
	});

	it("loses a reply when the handler is done, not before", async () => {
		const bench = await unreliable((bench) => bench.setHandling(1, 333));
		expectUniform(
			endedAt(bench, "reply lost").map((atMs) => atMs - 333),
			27,
			27,
		);
	});

	it("delivers the other replies at once", () => {
		const arrived = new Map(bench.told("deliver").map(({ rpc, atMs }) => [rpc, atMs]));
		const replies = bench.told("reply");
		expectShare(replies.length, CALLS, 0.9 * 0.9);
		expect(replies.filter(({ rpc, atMs }) => arrived.get(rpc) !== atMs)).to.deep.equal([]);
	});

	it("decides the delay, the loss of the request and that of the reply apart from each other", () => {
		const lost = endedAt(bench, "request lost");
		expectShare(lost.filter((atMs) => atMs < 9).length, lost.length, 9 / 27);
		const repliesLost = endedAt(bench, "reply lost");
		expectShare(repliesLost.filter((atMs) => atMs < 9).length, repliesLost.length, 9 / 27);
	});

	it("treats a server's calls to itself like any other", async () => {
		const bench = new NetworkBench();
		bench.network.isReliable = false;
		bench.calls(1000, 2, 2);
		await bench.run(() => {});
		expectShare(endedAt(bench, "request lost").length, 1000, 0.1);
		expect(Math.max(...bench.machine(2).requests.map(({ atMs }) => atMs))).to.equal(26);
	});

	it("resolves each call exactly once", () => {
		expect(bench.machine(0).answers.size).to.equal(CALLS);
		expect(bench.told("reply").length + bench.told("no-reply").length).to.equal(CALLS);
	});

	describe("is that of the moment of the call:", () => {
		it("a call made while it was unreliable may be lost when it no longer is", async () => {
			const bench = new NetworkBench();
			bench.setHandling(1, 50);
			await bench.run(async () => {
				bench.network.isReliable = false;
				bench.calls(1000, 0, 1);
				bench.network.isReliable = true;
				await bench.sim.sleep(200);
			});
			expectShare(endedAt(bench, "request lost").length, 1000, 0.1);
			expectShare(endedAt(bench, "reply lost").length, 900, 0.1);
		});

		it("a call made while it was reliable is not lost when it no longer is", async () => {
			const bench = new NetworkBench();
			bench.setHandling(1, 50);
			await bench.run(async () => {
				const calls = bench.calls(500, 0, 1);
				bench.network.isReliable = false;
				await bench.sim.sleep(200);
				expect(calls.filter(({ answer }) => answer?.atMs !== 50)).to.deep.equal([]);
			});
			expect(bench.reasons).to.deep.equal([]);
		});
	});
});
