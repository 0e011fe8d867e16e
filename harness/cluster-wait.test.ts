import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import { fails, passes } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";

/** A server applies "x" at index 1, at that time. */
function applyAt(cluster: Cluster, server: number, atMs: number): void {
	tell(cluster, server, { afterMs: atMs, order: { apply: { index: 1, command: "x" } } });
}

function newTermAt(cluster: Cluster, server: number, atMs: number, term: number): void {
	tell(cluster, server, { afterMs: atMs, order: { be: { term, isLeader: false } } });
}

describe("wait", () => {
	it("returns at once what enough servers have applied", async () => {
		await passes(async (cluster) => {
			for (const server of [0, 1, 2]) applyAt(cluster, server, 1);
			await cluster.sleep(5);
			expect(await cluster.wait(1, 3)).to.equal("x");
			expect(cluster.nowMs).to.equal(5);
		});
	});

	it("waits for enough of them", async () => {
		await passes(async (cluster) => {
			applyAt(cluster, 0, 1);
			applyAt(cluster, 1, 65);
			applyAt(cluster, 2, 400);
			expect(await cluster.wait(1, 2)).to.equal("x");
			expect(cluster.nowMs).to.equal(70);
			expect(await cluster.wait(1, 3)).to.equal("x");
		});
	});

	it("looks after 10 ms, then after twice as long each time, up to 1.28 s", async () => {
		const looks = [0, 10, 30, 70, 150, 310, 630, 1270, 2550, 3830, 5110];
		for (const [i, lookMs] of looks.slice(1).entries()) {
			await passes(async (cluster) => {
				applyAt(cluster, 0, (looks[i] as number) + 1);
				await cluster.wait(1, 1);
				expect(cluster.nowMs).to.equal(lookMs);
			});
		}
	});

	it("fails after 30 tries", async () => {
		const failure = await fails(async (cluster) => {
			applyAt(cluster, 0, 1);
			makeLeader(cluster, 1, 3);
			cluster.disconnect(1);
			cluster.crash(2);
			await cluster.wait(1, 2);
		});
		expect(failure.check).to.equal("wait");
		expect(failure.message).to.equal(
			"only 1 of 2 servers have applied index 1: S0 term 1, S1 leader, term 3, cut off, S2 down",
		);
		expect(failure.atMs).to.equal(1270 + 23 * 1280);
	});

	it("counts what is applied during its last pause", async () => {
		await passes(async (cluster) => {
			applyAt(cluster, 0, 1270 + 23 * 1280 - 1);
			expect(await cluster.wait(1, 1)).to.equal("x");
		});
	});

	it("fails if the servers have applied different commands", async () => {
		const failure = await fails(async (cluster) => {
			tell(cluster, 0, { apply: { index: 1, command: "x" } });
			tell(cluster, 1, { apply: { index: 1, command: "y" } });
			await cluster.wait(1, 2);
		});
		expect(failure.check).to.equal("agreement");
	});

	describe("with a term", () => {
		it("returns undefined once a server has moved on", async () => {
			await passes(async (cluster) => {
				newTermAt(cluster, 2, 100, 5);
				expect(await cluster.wait(1, 3, 4)).to.equal(undefined);
				expect(cluster.nowMs).to.equal(150);
			});
		});

		it("also if enough have applied it at that look, and also if the server is cut off", async () => {
			await passes(async (cluster) => {
				cluster.disconnect(2);
				applyAt(cluster, 0, 100);
				newTermAt(cluster, 2, 100, 5);
				expect(await cluster.wait(1, 1, 4)).to.equal(undefined);
			});
		});

		it("returns what was applied before any look at the terms", async () => {
			await passes(async (cluster) => {
				tell(cluster, 2, { be: { term: 5, isLeader: false } }, { apply: { index: 1, command: "x" } });
				await cluster.sleep(1);
				expect(await cluster.wait(1, 1, 4)).to.equal("x");
			});
		});

		it("minds no server that is in that term or before it, nor one that is down", async () => {
			await passes(async (cluster) => {
				tell(cluster, 0, { be: { term: 4, isLeader: true } });
				tell(cluster, 1, { be: { term: 9, isLeader: false } });
				cluster.crash(1);
				applyAt(cluster, 0, 1000);
				expect(await cluster.wait(1, 1, 4)).to.equal("x");
			});
		});

		it("of -1, or none, minds no term at all", async () => {
			await passes(async (cluster) => {
				newTermAt(cluster, 2, 20, 9);
				applyAt(cluster, 0, 300);
				expect(await cluster.wait(1, 1, -1)).to.equal("x");
			});
		});

		it("of 0 minds a server that has reached term 1", async () => {
			await passes(async (cluster) => {
				applyAt(cluster, 0, 300);
				expect(await cluster.wait(1, 1, 0)).to.equal(undefined);
				expect(cluster.nowMs).to.equal(10);
			});
		});
	});
});
