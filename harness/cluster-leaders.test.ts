import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import { fails, passes } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";

describe("checkOneLeader", () => {
	it("returns the leader", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 2, 7);
			expect(await cluster.checkOneLeader()).to.equal(2);
		});
	});

	it("looks after 450 … 549 ms, as the seed decides", async () => {
		const times = new Set<number>();
		for (let seed = 1; seed <= 20; seed++) {
			await passes(
				async (cluster) => {
					makeLeader(cluster, 0);
					await cluster.checkOneLeader();
					times.add(cluster.nowMs);
				},
				{ seed: seed.toString(16) },
			);
		}
		expect(Math.min(...times)).to.be.at.least(450);
		expect(Math.max(...times)).to.be.at.most(549);
		expect(times.size).to.be.above(10);
	});

	it("returns that of the latest term, if there are several", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 0, 4);
			makeLeader(cluster, 1, 9);
			makeLeader(cluster, 2, 5);
			expect(await cluster.checkOneLeader()).to.equal(1);
		});
	});

	it("fails if there are two of one term, also if another term is later", async () => {
		for (const [term0, term1, term2] of [
			[4, 4, 1],
			[4, 4, 9],
		] as const) {
			const failure = await fails(async (cluster) => {
				makeLeader(cluster, 0, term0);
				makeLeader(cluster, 1, term1);
				if (term2 > 1) makeLeader(cluster, 2, term2);
				await cluster.checkOneLeader();
			});
			expect(failure).to.include({ check: "one-leader", message: "two leaders in term 4: S0 and S1" });
		}
	});

	it("looks at the connected servers only", async () => {
		await passes(async (cluster) => {
			makeLeader(cluster, 0, 9);
			makeLeader(cluster, 1, 5);
			makeLeader(cluster, 2, 5);
			cluster.disconnect(0);
			cluster.crash(1);
			expect(await cluster.checkOneLeader()).to.equal(2);
		});
	});

	it("waits for one that comes late", async () => {
		await passes(async (cluster) => {
			tell(cluster, 1, { afterMs: 4_000, order: { be: { term: 3, isLeader: true } } });
			expect(await cluster.checkOneLeader()).to.equal(1);
			expect(cluster.nowMs).to.be.within(4_000, 4_549);
		});
	});

	it("fails if none has come after ten looks", async () => {
		const failure = await fails(async (cluster) => {
			cluster.disconnect(1);
			cluster.crash(2);
			makeLeader(cluster, 1, 8);
			await cluster.checkOneLeader();
		});
		expect(failure.check).to.equal("one-leader");
		expect(failure.message).to.equal("expected one leader, got none: S0 term 1, S1 leader, term 8, cut off, S2 down");
		expect(failure.atMs).to.be.within(4_500, 5_490);
	});

	it("looks ten times and not eleven", async () => {
		// The tenth look comes after at most 5490 ms, the eleventh would after 5500 with the seed of these tests.
		const failure = await fails(async (cluster) => {
			tell(cluster, 1, { afterMs: 5_491, order: { be: { term: 3, isLeader: true } } });
			await cluster.checkOneLeader();
		});
		expect(failure.message).to.match(/^expected one leader, got none/);
	});
});

describe("checkNoLeader", () => {
	it("passes if no connected server claims to be leader", async () => {
		await passes((cluster) => {
			makeLeader(cluster, 0);
			makeLeader(cluster, 1);
			cluster.disconnect(0);
			cluster.crash(1);
			cluster.checkNoLeader();
		});
	});

	it("fails if one does", async () => {
		const failure = await fails((cluster) => {
			cluster.disconnect(0);
			makeLeader(cluster, 2, 6);
			cluster.checkNoLeader();
		});
		expect(failure.check).to.equal("no-leader");
		expect(failure.message).to.equal("expected no leader among S1, S2, but S2 claims to be leader in term 6");
		expect(failure.details.servers).to.deep.equal([2]);
		const alone = await fails((cluster) => {
			cluster.disconnect(0);
			cluster.disconnect(1);
			makeLeader(cluster, 2, 6);
			cluster.checkNoLeader();
		});
		expect(alone.message).to.equal(
			"expected no leader, as nobody else is connected, but S2 claims to be leader in term 6",
		);
	});
});

describe("checkTerms", () => {
	const setTerms = (cluster: Cluster, ...terms: number[]) => {
		for (const [server, term] of terms.entries()) tell(cluster, server, { be: { term, isLeader: false } });
	};

	it("returns the term", async () => {
		await passes((cluster) => {
			setTerms(cluster, 3, 3, 3);
			expect(cluster.checkTerms()).to.equal(3);
		});
	});

	it("looks at the connected servers only", async () => {
		await passes((cluster) => {
			setTerms(cluster, 9, 3, 8);
			cluster.disconnect(0);
			cluster.crash(2);
			expect(cluster.checkTerms()).to.equal(3);
		});
	});

	it("fails if they disagree", async () => {
		const failure = await fails((cluster) => {
			setTerms(cluster, 3, 3, 4);
			cluster.checkTerms();
		});
		expect(failure.check).to.equal("terms");
		expect(failure.message).to.equal("the servers disagree on the term: S0 is in term 3, S2 in term 4");
	});
});
