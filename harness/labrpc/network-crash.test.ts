import { expect } from "chai";
import type { FakeMachine } from "../testing/fake-machine.ts";
import { NetworkBench, type Outcome } from "../testing/network-bench.ts";

/** What happens, and when, while S1 handles a call that S0 made at 0 ms. */
type Story = readonly (readonly [atMs: number, happens: (bench: NetworkBench) => void])[];

const cutOff = (bench: NetworkBench) => bench.setConnected(1, false);
const reconnect = (bench: NetworkBench) => bench.setConnected(1, true);
const crash = (bench: NetworkBench) => bench.crash(1);
const restart = (bench: NetworkBench) => {
	bench.start(1);
};

async function tell(bench: NetworkBench, story: Story): Promise<Outcome> {
	const call = bench.call(0, 1);
	await bench.run(async () => {
		for (const [atMs, happens] of story) {
			await bench.sim.sleep(atMs - bench.sim.nowMs);
			happens(bench);
		}
	});
	return call;
}

/** The answer to a call whose handler takes so long, when all this happens meanwhile. */
async function answerWhen(handlingMs: number, story: Story) {
	const bench = new NetworkBench();
	bench.setHandling(1, handlingMs);
	const { answer } = await tell(bench, story);
	return answer;
}

const noReplyAt = (atMs: number) => ({ atMs, reply: undefined });
const replyAt = (atMs: number) => ({ atMs, reply: '"S1.0"' });

describe("while a handler runs", () => {
	describe("the network looks every 100 ms", () => {
		it("whether its server has crashed", async () => {
			for (const [crashAtMs, lookAtMs] of [
				[1, 100],
				[99, 100],
				[101, 200],
				[250, 300],
				[1999, 2000],
			] as const) {
				expect(await answerWhen(5000, [[crashAtMs, crash]])).to.deep.equal(noReplyAt(lookAtMs));
			}
		});

		it("whether the end has been disabled", async () => {
			for (const [cutAtMs, lookAtMs] of [
				[1, 100],
				[99, 100],
				[101, 200],
				[250, 300],
				[1999, 2000],
			] as const) {
				expect(await answerWhen(5000, [[cutAtMs, cutOff]])).to.deep.equal(noReplyAt(lookAtMs));
			}
		});

		it("whether its server is another by now", async () => {
			const story: Story = [
				[110, crash],
				[120, restart],
			];
			expect(await answerWhen(5000, story)).to.deep.equal(noReplyAt(200));
		});

		it("counted from the arrival of the request", async () => {
			const bench = new NetworkBench();
			bench.network.isReliable = false;
			bench.setHandling(1, 5000);
			bench.calls(50, 0, 1);
			await bench.run(async () => {
				await bench.sim.sleep(50);
				bench.setConnected(1, false);
			});
			const arrived = new Map(bench.told("deliver").map(({ rpc, atMs }) => [rpc, atMs]));
			const looks = bench.told("no-reply").filter(({ why }) => why === "cut off");
			expect(new Set(looks.map(({ atMs }) => atMs)).size).to.be.above(10);
			for (const { rpc, atMs } of looks) expect(atMs - (arrived.get(rpc) ?? 0)).to.equal(100);
		});

		it("and does not mind what comes and goes in between", async () => {
			const flicker: Story = [
				[110, cutOff],
				[190, reconnect],
				[201, cutOff],
				[299, reconnect],
			];
			expect(await answerWhen(350, flicker)).to.deep.equal(replyAt(350));
		});

		it("and is content with the end of the caller's side alone", async () => {
			const oneWay: Story = [[50, (bench) => bench.network.setEnabled(1, 0, false)]];
			expect(await answerWhen(350, oneWay)).to.deep.equal(replyAt(350));
		});

		it("and no more once it has answered", async () => {
			const bench = new NetworkBench();
			bench.setHandling(1, 5000);
			const { answer } = await tell(bench, [
				[110, cutOff],
				[210, reconnect],
			]);
			expect(answer).to.deep.equal(noReplyAt(200));
			expect(bench.told("no-reply")).to.have.lengthOf(1);
			expect(bench.told("reply")).to.have.lengthOf(0);
		});
	});

	it("and is done while the end is disabled, no reply comes, at that very moment", async () => {
		expect(
			await answerWhen(350, [
				[320, cutOff],
				[360, reconnect],
			]),
		).to.deep.equal(noReplyAt(350));
		expect(await answerWhen(50, [[20, cutOff]])).to.deep.equal(noReplyAt(50));
	});

	it("the end must be enabled at that moment and at each look, no more", async () => {
		expect(
			await answerWhen(350, [
				[310, cutOff],
				[340, reconnect],
			]),
		).to.deep.equal(replyAt(350));
	});
});

describe("a server that has crashed", () => {
	/** Lets S1 answer at that time, whatever has become of it. */
	function answeringAt(bench: NetworkBench, atMs: number): FakeMachine {
		const machine = bench.machine(1);
		machine.handler = async ({ rpc }) => {
			await bench.sim.sleep(atMs);
			bench.network.reply(rpc, '"granted"');
		};
		return machine;
	}

	it("never gives its answer", async () => {
		const bench = new NetworkBench();
		answeringAt(bench, 50);
		const { answer } = await tell(bench, [[40, crash]]);
		expect(answer).to.deep.equal(noReplyAt(50));
		expect(bench.reasons).to.deep.equal(["server crashed"]);
	});

	it("never gives its answer, also if it has been started again", async () => {
		const bench = new NetworkBench();
		answeringAt(bench, 50);
		const { answer } = await tell(bench, [
			[40, crash],
			[41, restart],
		]);
		expect(answer).to.deep.equal(noReplyAt(50));
		expect(bench.told("reply")).to.have.lengthOf(0);
	});

	it("never gives its answer, also if it crashes in the step in which it answers", async () => {
		const bench = new NetworkBench();
		bench.sim.events.on((event) => {
			if (event.kind === "handled") crash(bench);
		});
		const { answer } = await tell(bench, []);
		expect(answer).to.deep.equal(noReplyAt(0));
	});

	describe("does not get a request that was bound for it", () => {
		async function lateRequests(happens: (bench: NetworkBench) => void): Promise<NetworkBench> {
			const bench = new NetworkBench();
			bench.network.isReliable = false;
			bench.calls(200, 0, 1);
			await bench.run(async () => {
				await bench.sim.sleep(10.5);
				happens(bench);
			});
			return bench;
		}

		/** All ended when the request would have arrived, and none was delivered after the crash. */
		function expectNoneLate(bench: NetworkBench): void {
			const late = bench.told("no-reply").filter(({ why }) => why === "server crashed");
			expect(late.length).to.be.above(50);
			const times = late.map(({ atMs }) => atMs);
			expect(new Set(times)).to.deep.equal(new Set(Array.from({ length: 16 }, (_, i) => 11 + i)));
			expect(Math.max(...bench.told("deliver").map(({ atMs }) => atMs))).to.equal(10);
		}

		it("and the caller gets no reply when it would have arrived", async () => {
			const bench = await lateRequests(crash);
			expectNoneLate(bench);
		});

		it("and neither does the one that is running by then", async () => {
			const bench = await lateRequests((bench) => {
				crash(bench);
				restart(bench);
			});
			expect(bench.machine(1).incarnation).to.equal(1);
			expect(bench.machine(1).requests).to.deep.equal([]);
			expectNoneLate(bench);
		});
	});

	it("gets no reply to its own calls, and nor does the one that is running by then", async () => {
		const bench = new NetworkBench();
		bench.setHandling(1, 50);
		const call = bench.call(0, 1, { args: '"1234"' });
		await bench.run(async () => {
			await bench.sim.sleep(10);
			bench.crash(0);
			await bench.sim.sleep(10);
			bench.start(0);
		});
		expect(call.answer).to.equal(undefined);
		expect(bench.machine(0).answers.size).to.equal(0);
		// Its ends are gone for good: no reply travels on one.
		expect(bench.told("reply")).to.have.lengthOf(0);
		expect(bench.figures.bytes).to.equal(6);
	});
});

describe("a server that is cut off", () => {
	it("gets the requests that were on their way to it, but its replies do not arrive", async () => {
		const bench = new NetworkBench();
		bench.network.isReliable = false;
		bench.calls(200, 0, 1);
		await bench.run(async () => {
			await bench.sim.sleep(10.5);
			cutOff(bench);
		});
		const late = bench.machine(1).requests.filter(({ atMs }) => atMs > 10.5);
		expect(late.length).to.be.above(50);
		expect(bench.reasons.filter((why) => why === "cut off")).to.have.lengthOf(late.length);
	});
});
