import { expect } from "chai";
import type { Cluster } from "../cluster.ts";
import { narrator } from "../testing/narrator.ts";
import { tell } from "../testing/puppet.ts";
import { watched } from "../testing/watched.ts";

/** Applies 100 times the index at each index, 10 ms apart. */
function applyAt(cluster: Cluster, ...indices: readonly number[]): void {
	for (const [i, index] of indices.entries()) {
		tell(cluster, 1, { afterMs: 10 * i + 10, order: { apply: { index, command: 100 * index } } });
	}
}

function verdictOf(message: string, atMs: number): object {
	return { check: "apply-order", message, servers: [1], atMs };
}

const NOTHING_YET = "a server that has just started has applied nothing yet";

describe("a server applies", () => {
	for (const [what, indices, message] of [
		["index 1 first", [2], `S1 applied index 2, but the next one is 1: ${NOTHING_YET}`],
		["nothing at index 0", [0], "S1 applied index 0 again: it had applied everything up to 0"],
		["without a gap", [1, 2, 4], "S1 applied index 4, but the next one is 3"],
		["without a repeat", [1, 2, 2], "S1 applied index 2 again: it had applied everything up to 2"],
		["in order", [1, 2, 3, 1], "S1 applied index 1 again: it had applied everything up to 3"],
	] as const) {
		it(`${what}, and not ${indices.join(", ")}`, async () => {
			const verdict = await watched({}, (cluster) => applyAt(cluster, ...indices));
			expect(verdict).to.deep.equal(verdictOf(message, 10 * indices.length));
		});
	}

	it("each index, one after the other", async () => {
		const verdict = await watched({}, (cluster) => applyAt(cluster, 1, 2, 3, 4, 5));
		expect(verdict).to.equal(undefined);
	});

	describe("after a restart", () => {
		async function restart(cluster: Cluster, ...then: readonly number[]): Promise<void> {
			applyAt(cluster, 1, 2, 3);
			await cluster.sleep(100);
			cluster.start(1);
			applyAt(cluster, ...then);
		}

		it("everything again from index 1", async () => {
			expect(await watched({}, (cluster) => restart(cluster, 1, 2, 3, 4))).to.equal(undefined);
		});

		it("not from where it was", async () => {
			const verdict = await watched({}, (cluster) => restart(cluster, 4));
			const message = `S1 applied index 4, but the next one is 1: ${NOTHING_YET}`;
			expect(verdict).to.deep.equal(verdictOf(message, 110));
		});
	});

	describe("after a restart from a snapshot", () => {
		async function restarted(again: string) {
			const first = "if (me === 1) apply(1, 12);";
			const what = narrator({
				first,
				onSnapshot: "if (index === 9) save(bytes);",
				again: `setTimeout(() => ${again}, 20);`,
			});
			return await watched({ what, snapshots: true }, async (cluster) => {
				await cluster.sleep(100);
				cluster.start(1);
			});
		}

		it("what comes after it", async () => {
			expect(await restarted("apply(storedIndex + 1, 25)")).to.equal(undefined);
		});

		it("not everything from index 1", async () => {
			const verdict = await restarted("apply(1, 12)");
			expect(verdict).to.deep.equal(verdictOf("S1 applied index 1 again: it had applied everything up to 9", 120));
		});

		it("not from where it was", async () => {
			const verdict = await restarted("apply(13, 13)");
			expect(verdict).to.deep.equal(verdictOf("S1 applied index 13, but the next one is 10", 120));
		});
	});

	describe("after a snapshot from another server", () => {
		const first = "if (me === 0) apply(1, 12);";
		const onSnapshot = "if (me === 0) setTimeout(() => sendTo(1, index, bytes), 30);";

		it("what comes after it", async () => {
			const onReceived = "handOver(index, bytes); apply(index + 1, 25);";
			const what = narrator({
				first: "if (me === 0) apply(1, 12); else if (me === 1) apply(1, 3);",
				onSnapshot,
				onReceived,
			});
			expect(await watched({ what, snapshots: true })).to.equal(undefined);
		});

		it("not what is in it", async () => {
			const what = narrator({ first, onSnapshot, onReceived: "handOver(index, bytes); apply(index, index);" });
			const verdict = await watched({ what, snapshots: true });
			expect(verdict).to.deep.equal(verdictOf("S1 applied index 9 again: it had applied everything up to 9", 30));
		});

		it("not a snapshot of what lies behind", async () => {
			const onReceived = "apply(1, index + 1); handOver(index, bytes);";
			const what = narrator({ first, onSnapshot, onReceived });
			const verdict = await watched({ what, snapshots: true });
			const message = "S1 handed over a snapshot up to index 9 after having applied index 10";
			expect(verdict).to.deep.equal(verdictOf(message, 30));
		});

		it("a snapshot up to where it is, too", async () => {
			const what = narrator({
				first,
				onSnapshot,
				onReceived: "apply(1, index); handOver(index, bytes); apply(10, 10);",
			});
			expect(await watched({ what, snapshots: true })).to.equal(undefined);
		});
	});
});
