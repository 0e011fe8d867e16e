import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import { fails, passes } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";

/** To whom commands were offered, and when: "S1 at 50". Orders to puppets do not count. */
async function offers(body: (cluster: Cluster) => Promise<void>, servers = 3): Promise<string[]> {
	const events = await passes(body, { servers });
	return events.flatMap((event) => {
		return event.kind === "start" && !event.command.startsWith('{"order"') ? [`S${event.server} at ${event.atMs}`] : [];
	});
}

/** Fails the test with what one() throws; returns normally if it does not fail. */
async function expectFailure(promise: Promise<unknown>): Promise<Error> {
	try {
		await promise;
	} catch (error) {
		return error as Error;
	}
	throw new Error("one() did not fail");
}

describe("one", () => {
	it("has the leader commit the command, and returns its index", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 2);
			expect(await cluster.one("x", 3, false)).to.equal(1);
			expect(await cluster.one({ key: "y" }, 3, false)).to.equal(2);
			expect(cluster.nCommitted(2)).to.deep.equal({ count: 3, command: { key: "y" } });
		});
	});

	it("looks every 20 ms whether enough servers have applied it", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 0);
			tell(cluster, 0, { appliedBy: "none" });
			for (const [server, afterMs] of [
				[0, 5],
				[1, 85],
				[2, 21],
			] as const) {
				tell(cluster, server, { afterMs, order: { apply: { index: 1, command: "x" } } });
			}
			expect(await cluster.one("x", 2, false)).to.equal(1);
			expect(cluster.nowMs).to.equal(40);
		});
	});

	it("wants at least one server, also if none is expected", async () => {
		const failure = await fails(async (cluster) => {
			makeLeader(cluster, 0);
			tell(cluster, 0, { appliedBy: "none" });
			await cluster.one("x", 0, false);
		});
		expect(failure.message).to.match(/failed to reach agreement/);
	});

	it("wants its own command there", async () => {
		const failure = await fails(async (cluster) => {
			makeLeader(cluster, 0);
			tell(cluster, 0, { appliedBy: "none" }, { apply: { index: 1, command: "another" } });
			await cluster.one("x", 1, false);
		});
		expect(failure.message).to.match(/index 1 has been applied by 1 of the 1 servers needed, with "another"/);
	});

	it("refuses a command that cannot be sent", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 0);
			const error = await expectFailure(cluster.one({ run: () => 1 }, 3, false));
			expect(error.message).to.equal("command.run: a function cannot be sent over the network");
		});
	});

	describe("offers the command", () => {
		it("to each server in turn, beginning after the first, until one is leader", async () => {
			const to = await offers(async (cluster) => {
				makeLeader(cluster, 0);
				await cluster.one("x", 3, false);
			}, 5);
			expect(to).to.deep.equal(["S1 at 0", "S2 at 0", "S3 at 0", "S4 at 0", "S0 at 0"]);
		});

		it("to nobody after the one that took it", async () => {
			const to = await offers(async (cluster) => {
				makeLeader(cluster, 2);
				await cluster.one("x", 3, false);
			}, 5);
			expect(to).to.deep.equal(["S1 at 0", "S2 at 0"]);
		});

		it("to connected servers that run", async () => {
			const to = await offers(async (cluster) => {
				makeLeader(cluster, 0);
				makeLeader(cluster, 1);
				cluster.disconnect(1);
				cluster.crash(3);
				cluster.connect(3);
				await cluster.one("x", 3, false);
			}, 5);
			expect(to).to.deep.equal(["S2 at 0", "S4 at 0", "S0 at 0"]);
		});

		it("again after 50 ms, if there is no leader", async () => {
			const to = await offers(async (cluster) => {
				tell(cluster, 2, { afterMs: 80, order: { be: { term: 2, isLeader: true } } });
				await cluster.one("x", 3, false);
			});
			const round = (atMs: number) => [`S1 at ${atMs}`, `S2 at ${atMs}`, `S0 at ${atMs}`];
			expect(to).to.deep.equal([...round(0), ...round(50), "S1 at 100", "S2 at 100"]);
		});

		it("again after 2 s if it is to retry, to the server after the one that took it", async () => {
			const to = await offers(async (cluster) => {
				makeLeader(cluster, 2);
				tell(cluster, 2, { appliedBy: "none" }, { afterMs: 1_000, order: { be: { term: 2, isLeader: false } } });
				tell(cluster, 1, { nextIndex: 7 }, { afterMs: 1_000, order: { be: { term: 2, isLeader: true } } });
				for (const server of [0, 1, 2]) {
					for (let index = 1; index < 7; index++) tell(cluster, server, { apply: { index, command: index } });
				}
				expect(await cluster.one("x", 3, true)).to.equal(7);
			});
			expect(to).to.deep.equal(["S1 at 0", "S2 at 0", "S0 at 2000", "S1 at 2000"]);
		});

		it("for each of several at the same time in an order of its own", async () => {
			const to = await offers(async (cluster) => {
				makeLeader(cluster, 2);
				await Promise.all([cluster.one("x", 3, false), cluster.one("y", 3, false)]);
			});
			expect(to).to.deep.equal(["S1 at 0", "S2 at 0", "S1 at 0", "S2 at 0"]);
		});
	});

	describe("gives up", () => {
		it("after 2 s, if it is not to retry", async () => {
			const failure = await fails(async (cluster) => {
				makeLeader(cluster, 1, 4);
				tell(cluster, 1, { appliedBy: "me" });
				await cluster.one("x", 2, false);
			});
			expect(failure.check).to.equal("one");
			expect(failure.atMs).to.equal(2_000);
			expect(failure.message).to.equal(
				'one("x", 2, no retry) failed to reach agreement: index 1 has been applied by 1 of the 2 servers needed, with "x": ' +
					"S0 term 1, S1 leader, term 4, S2 term 1",
			);
		});

		it("after 10 s, if it is to retry", async () => {
			const events: number[] = [];
			const failure = await fails(
				async (cluster) => {
					makeLeader(cluster, 1);
					tell(cluster, 1, { appliedBy: "none" });
					await cluster.one("x", 3, true);
				},
				{
					listener: (event) => {
						if (event.kind === "start" && event.isLeader) events.push(event.atMs);
					},
				},
			);
			expect(failure.atMs).to.equal(10_000);
			expect(events).to.deep.equal([0, 2_000, 4_000, 6_000, 8_000]);
			expect(failure.message).to.match(
				/^one\("x", 3, retry\) failed to reach agreement: the leader put it at index 5, and no server has applied that: S0/,
			);
		});

		it("after 10 s, if there is no leader, to retry or not", async () => {
			for (const retry of [true, false]) {
				const failure = await fails(async (cluster) => {
					await cluster.one(12345, 3, retry);
				});
				expect(failure.atMs).to.equal(10_000);
				expect(failure.message).to.match(
					/^one\(12345, 3, (no )?retry\) .*: no server took the command as leader: S0 term 1, /,
				);
			}
		});

		it("with a few words of a long command", async () => {
			const failure = await fails(async (cluster) => {
				await cluster.one("long".repeat(1000), 3, false);
			});
			expect(failure.message.length).to.be.below(250);
		});
	});
});
