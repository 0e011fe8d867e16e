import { expect } from "chai";
import { NetworkBench } from "../testing/network-bench.ts";

const NO_REPLY = undefined;

describe("the network", () => {
	describe("counts", () => {
		it("a call and the bytes of its arguments when it is made, whatever becomes of it", async () => {
			const bench = new NetworkBench();
			await bench.run(() => {
				bench.call(0, 1, { args: '"12345678"' });
				expect([bench.figures.rpcs, bench.figures.bytes]).to.deep.equal([1, 10]);
				bench.crash(2);
				bench.call(0, 2, { args: '"1234"' });
				expect([bench.figures.rpcs, bench.figures.bytes]).to.deep.equal([2, 16]);
				bench.network.setEnabled(0, 1, false);
				bench.call(0, 1, { args: '"1"' });
				expect([bench.figures.rpcs, bench.figures.bytes]).to.deep.equal([3, 19]);
			});
		});

		it("bytes, not characters", async () => {
			const bench = new NetworkBench();
			bench.machine(1).handler = ({ rpc }) => bench.network.reply(rpc, '"€"');
			await bench.run(() => {
				bench.call(0, 1, { args: '"é😀"' });
				expect(bench.figures.bytes).to.equal(8);
			});
			expect(bench.figures.bytes).to.equal(8 + 5);
		});

		it("the bytes of a reply when it is delivered", async () => {
			const bench = new NetworkBench();
			bench.network.isReordering = true;
			await bench.run(async () => {
				const held = bench.calls(20, 0, 1, { args: "1" }).length;
				await bench.sim.sleep(100);
				const atOnce = bench.machine(0).answers.size;
				expect(atOnce).to.be.within(1, held - 1);
				expect(bench.figures.bytes).to.equal(held + atOnce);
			});
			expect(bench.figures.bytes).to.equal(20 + 20);
		});

		it("nothing for a reply that does not arrive", async () => {
			const bench = new NetworkBench();
			bench.setHandling(1, 50);
			await bench.run(async () => {
				bench.call(0, 1, { args: '"1234"' });
				await bench.sim.sleep(20);
				bench.setConnected(1, false);
			});
			expect(bench.figures.bytes).to.equal(6);
		});

		it("for each server the requests that its handlers got", async () => {
			const bench = new NetworkBench();
			await bench.run(() => {
				bench.calls(3, 0, 1);
				bench.calls(2, 0, 2);
				bench.call(2, 2);
				bench.network.setEnabled(1, 0, false);
				bench.call(1, 0);
			});
			expect(bench.figures.handled).to.deep.equal([0, 3, 3]);
			expect(bench.figures.rpcs).to.equal(7);
		});
	});

	describe("delivers, while it is reliable,", () => {
		it("a call to the handler and its reply to the caller, at once and as they are", async () => {
			const bench = new NetworkBench();
			bench.machine(2).handler = ({ rpc }) => bench.network.reply(rpc, '~{"$":"bigint","v":"7"}');
			await bench.run(async () => {
				await bench.sim.sleep(12.5);
				const call = bench.call(1, 2, { method: "Raft.Vote", args: '{"term":1}' });
				await bench.sim.sleep(1);
				const [request] = bench.machine(2).requests;
				expect(request).to.include({ atMs: 12.5, method: "Raft.Vote", args: '{"term":1}' });
				expect(call.answer).to.deep.equal({ atMs: 12.5, reply: '~{"$":"bigint","v":"7"}' });
			});
		});

		it("calls in the order in which they were made", async () => {
			const bench = new NetworkBench();
			await bench.run(() => {
				for (let n = 0; n < 50; n++) bench.call(n % 2 === 0 ? 0 : 2, 1, { args: String(n) });
			});
			expect(bench.machine(1).requests.map(({ args }) => Number(args))).to.deep.equal([...Array(50).keys()]);
		});

		it("all of them", async () => {
			const bench = new NetworkBench();
			const calls = bench.calls(2000, 0, 1);
			await bench.run(() => {});
			expect(calls.filter(({ answer }) => answer?.reply !== '"hello"')).to.deep.equal([]);
			expect(bench.reasons).to.deep.equal([]);
		});

		it("a null that a handler returns, which is a reply", async () => {
			const bench = new NetworkBench();
			const call = bench.call(0, 1, { args: "null" });
			await bench.run(() => {});
			expect(call.answer?.reply).to.equal("null");
		});
	});

	describe("lets handlers take their time:", () => {
		it("several are in progress at once, and each reply finds its caller", async () => {
			const bench = new NetworkBench();
			bench.machine(1).handler = async ({ rpc, args }) => {
				await bench.sim.sleep(Number(args));
				bench.network.reply(rpc, args);
			};
			const [slow, quick, slower] = [
				bench.call(0, 1, { args: "310" }),
				bench.call(2, 1, { args: "40" }),
				bench.call(0, 1, { args: "999" }),
			];
			await bench.run(() => {});
			expect([slow, quick, slower].map(({ answer }) => answer)).to.deep.equal([
				{ atMs: 310, reply: "310" },
				{ atMs: 40, reply: "40" },
				{ atMs: 999, reply: "999" },
			]);
		});

		it("for as long as they like, if the server stays", async () => {
			const bench = new NetworkBench();
			bench.setHandling(1, 15_000);
			const call = bench.call(0, 1);
			await bench.run(() => {});
			expect(call.answer).to.deep.equal({ atMs: 15_000, reply: '"S1.0"' });
		});

		it("a second reply to the same request is none", async () => {
			const bench = new NetworkBench();
			bench.machine(1).handler = ({ rpc }) => {
				bench.network.reply(rpc, "1");
				bench.network.reply(rpc, "2");
			};
			const call = bench.call(0, 1);
			await bench.run(() => {});
			expect(call.answer?.reply).to.equal("1");
			expect(bench.told("reply")).to.have.lengthOf(1);
		});
	});

	describe("has an end for each pair of servers, in each direction:", () => {
		it("a disabled one stops calls from the one to the other, and no others", async () => {
			const bench = new NetworkBench();
			bench.network.setEnabled(0, 1, false);
			const pairs = [0, 1, 2].flatMap((from) => [0, 1, 2].map((to) => [from, to] as const));
			const calls = pairs.map(([from, to]) => ({ pair: `${from}${to}`, call: bench.call(from, to) }));
			await bench.run(() => {});
			const unanswered = calls.filter(({ call }) => call.answer?.reply === NO_REPLY).map(({ pair }) => pair);
			expect(unanswered).to.deep.equal(["01"]);
			expect(bench.network.isEnabled(0, 1)).to.equal(false);
			expect(bench.network.isEnabled(1, 0)).to.equal(true);
		});

		it("a server's calls to itself go through the network like any other", async () => {
			const bench = new NetworkBench();
			const before = bench.call(1, 1);
			await bench.run(async () => {
				await bench.sim.sleep(1);
				bench.network.setEnabled(1, 1, false);
				bench.call(1, 1);
			});
			expect(before.answer?.reply).to.equal('"hello"');
			expect(bench.figures).to.deep.include({ rpcs: 2, handled: [0, 1, 0], bytes: 7 * 3 });
			expect(bench.reasons).to.deep.equal(["unreachable"]);
		});

		it("none is enabled before somebody enables it", async () => {
			const { Network } = await import("./network.ts");
			const { sim } = new NetworkBench();
			const network = new Network(sim, 2, { running: () => undefined, pausedUntilMs: () => 0 });
			expect([network.isEnabled(0, 0), network.isEnabled(0, 1), network.isEnabled(1, 0)]).to.deep.equal([
				false,
				false,
				false,
			]);
		});
	});
});
