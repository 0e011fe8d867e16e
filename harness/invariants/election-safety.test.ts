import { expect } from "chai";
import type { Cluster } from "../cluster.ts";
import { makeLeader, type Order, tell } from "../testing/puppet.ts";
import { watched } from "../testing/watched.ts";

/** Has a puppet say so from a later instant on. */
function be(cluster: Cluster, server: number, afterMs: number, state: { term: number; isLeader: boolean }): void {
	const order: Order = { be: state };
	tell(cluster, server, { afterMs, order });
}

const twoLeaders = {
	check: "election-safety",
	message: "two leaders in term 3: S0 and S2",
	servers: [0, 2],
	atMs: 70,
};

describe("election safety", () => {
	it("is violated by two leaders of one term, as soon as the second one is", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 0, 3);
			be(cluster, 2, 70, { term: 3, isLeader: true });
		});
		expect(verdict).to.deep.equal(twoLeaders);
	});

	for (const cutOff of [0, 2]) {
		it(`is violated also if one of them is cut off (S${cutOff})`, async () => {
			const verdict = await watched({}, (cluster) => {
				cluster.disconnect(cutOff);
				makeLeader(cluster, 0, 3);
				be(cluster, 2, 70, { term: 3, isLeader: true });
			});
			expect(verdict).to.deep.equal(twoLeaders);
		});
	}

	it("is violated also if the first has stepped down, or is in another term by then", async () => {
		for (const later of [
			{ term: 3, isLeader: false },
			{ term: 4, isLeader: true },
		]) {
			const verdict = await watched({}, (cluster) => {
				makeLeader(cluster, 0, 3);
				be(cluster, 0, 30, later);
				be(cluster, 2, 70, { term: 3, isLeader: true });
			});
			expect(verdict).to.deep.equal(twoLeaders);
		}
	});

	it("is violated also if the first has crashed", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 0, 3);
			cluster.crash(0);
			be(cluster, 2, 70, { term: 3, isLeader: true });
		});
		expect(verdict).to.deep.equal(twoLeaders);
	});

	it("allows leaders of different terms at the same time", async () => {
		const verdict = await watched({}, (cluster) => {
			for (const server of [0, 1, 2]) makeLeader(cluster, server, 3 + server);
		});
		expect(verdict).to.equal(undefined);
	});

	it("allows one leader in a term, and others that know of the term", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 0, 3);
			for (const server of [1, 2]) be(cluster, server, 10, { term: 3, isLeader: false });
			be(cluster, 0, 20, { term: 3, isLeader: false });
			be(cluster, 0, 30, { term: 3, isLeader: true });
		});
		expect(verdict).to.equal(undefined);
	});
});
