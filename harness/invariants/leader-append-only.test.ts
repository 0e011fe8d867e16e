import { expect } from "chai";
import type { Cluster } from "../cluster.ts";
import { makeLeader, tell } from "../testing/puppet.ts";
import { watched } from "../testing/watched.ts";

/** Proposes a command to a puppet, which says that it goes to that index, and applies it nowhere. */
function propose(cluster: Cluster, server: number, index: number): void {
	tell(cluster, server, { appliedBy: "none" }, { nextIndex: index });
	cluster.server(server).start(`at ${index}`);
}

describe("a leader", () => {
	for (const [what, first, second] of [
		["the same index twice", 4, 4],
		["an index before one that it has given", 4, 3],
	] as const) {
		it(`may not give ${what} in one term`, async () => {
			const verdict = await watched({}, async (cluster) => {
				makeLeader(cluster, 1, 2);
				propose(cluster, 1, first);
				await cluster.sleep(50);
				propose(cluster, 1, second);
			});
			expect(verdict).to.deep.equal({
				check: "leader-append-only",
				message: `S1 gave a command index ${second} in term 2, after index ${first} in the same term`,
				servers: [1],
				atMs: 50,
			});
		});
	}

	it("may not give index 0: the first is 1", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 1, 2);
			propose(cluster, 1, 0);
		});
		expect(verdict?.message).to.equal("S1 gave a command index 0 in term 2: the first index is 1");
	});

	it("may not do so after having been no leader for a while", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 1, 2);
			propose(cluster, 1, 4);
			tell(cluster, 1, { be: { term: 2, isLeader: false } });
			makeLeader(cluster, 1, 2);
			propose(cluster, 1, 4);
		});
		expect(verdict?.check).to.equal("leader-append-only");
	});

	it("may give an index again in a later term, and so may another leader", async () => {
		const verdict = await watched({}, (cluster) => {
			makeLeader(cluster, 1, 2);
			for (const index of [4, 5, 7]) propose(cluster, 1, index);
			makeLeader(cluster, 1, 3);
			propose(cluster, 1, 4);
			makeLeader(cluster, 0, 4);
			propose(cluster, 0, 4);
		});
		expect(verdict).to.equal(undefined);
	});

	it("alone gives indices: what a server answers that takes no command does not count", async () => {
		const verdict = await watched({}, (cluster) => {
			for (let i = 0; i < 3; i++) cluster.server(0).start("x");
		});
		expect(verdict).to.equal(undefined);
	});
});
