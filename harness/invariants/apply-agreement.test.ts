import { expect } from "chai";
import type { Cluster } from "../cluster.ts";
import { tell } from "../testing/puppet.ts";
import { watched } from "../testing/watched.ts";

function applyLater(cluster: Cluster, server: number, afterMs: number, index: number, command: unknown): void {
	tell(cluster, server, { afterMs, order: { apply: { index, command } } });
}

describe("what is applied at an index", () => {
	it("must be the same everywhere", async () => {
		const verdict = await watched({}, (cluster) => {
			for (const server of [0, 1, 2]) applyLater(cluster, server, 10, 1, "x");
			applyLater(cluster, 2, 20, 2, { key: "y" });
			applyLater(cluster, 1, 30, 2, { key: "z" });
		});
		expect(verdict).to.deep.equal({
			check: "apply-agreement",
			message: 'S1 applied {"key":"z"} at index 2, where S2 had applied {"key":"y"}',
			servers: [2, 1],
			atMs: 30,
		});
	});

	it("must be the same after the one that had applied it has crashed", async () => {
		const verdict = await watched({}, async (cluster) => {
			applyLater(cluster, 0, 10, 1, "x");
			await cluster.sleep(20);
			cluster.crash(0);
			applyLater(cluster, 1, 20, 1, "y");
		});
		const message = 'S1 applied "y" at index 1, where S0 had applied "x"';
		expect(verdict).to.deep.equal({ check: "apply-agreement", message, servers: [0, 1], atMs: 40 });
	});

	it("must be the same when a server applies it again after a restart", async () => {
		const verdict = await watched({}, async (cluster) => {
			applyLater(cluster, 0, 10, 1, "x");
			await cluster.sleep(20);
			cluster.start(0);
			applyLater(cluster, 0, 20, 1, "y");
		});
		const message = 'S0 applied "y" at index 1, where S0 had applied "x"';
		expect(verdict).to.deep.equal({ check: "apply-agreement", message, servers: [0], atMs: 40 });
	});

	it("is told in a few words if the commands are long", async () => {
		const verdict = await watched({}, (cluster) => {
			applyLater(cluster, 0, 10, 1, "x".repeat(1_000));
			applyLater(cluster, 1, 10, 1, "y".repeat(1_000));
		});
		expect(verdict?.check).to.equal("apply-agreement");
		expect(verdict?.message.length).to.be.below(150);
	});

	it("may be the same with its keys in another order, at other times, and again after a restart", async () => {
		const verdict = await watched({}, async (cluster) => {
			applyLater(cluster, 0, 10, 1, { a: 1, b: [2, { c: 3, d: 4 }] });
			applyLater(cluster, 1, 20, 1, { b: [2, { d: 4, c: 3 }], a: 1 });
			await cluster.sleep(30);
			cluster.start(0);
			applyLater(cluster, 0, 10, 1, { b: [2, { c: 3, d: 4 }], a: 1 });
		});
		expect(verdict).to.equal(undefined);
	});
});
