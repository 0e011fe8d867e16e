import { expect } from "chai";
import type { Cluster } from "../cluster.ts";
import type { Parts } from "../testing/observe.ts";
import { type Order, tell } from "../testing/puppet.ts";
import { watched } from "../testing/watched.ts";

const inTerm = (term: number): Order => ({ be: { term, isLeader: false } });

/** Crashes S1 after 100 ms, and starts it 50 ms later: puppets begin in term 1. */
async function restart(cluster: Cluster): Promise<void> {
	await cluster.sleep(100);
	cluster.crash(1);
	await cluster.sleep(50);
	cluster.start(1);
}

function wentBack(from: number, to: number, atMs: number): object {
	const message = `the term of S1 went back from ${from} to ${to}`;
	return { check: "term-monotonic", message, servers: [1], atMs };
}

describe("a server's term", () => {
	it("may not go back, not for a moment", async () => {
		const verdict = await watched({}, (cluster) => {
			tell(cluster, 1, inTerm(5), { afterMs: 40, order: inTerm(4) }, { afterMs: 41, order: inTerm(5) });
		});
		expect(verdict).to.deep.equal(wentBack(5, 4, 40));
	});

	it("may go on, by more than one, and stay while the role changes", async () => {
		const verdict = await watched({}, (cluster) => {
			const leader: Order = { be: { term: 9, isLeader: true } };
			tell(cluster, 1, inTerm(5), { afterMs: 10, order: leader }, { afterMs: 20, order: inTerm(9) });
		});
		expect(verdict).to.equal(undefined);
	});

	it("is the server's own", async () => {
		const verdict = await watched({}, (cluster) => {
			tell(cluster, 1, inTerm(5));
			tell(cluster, 2, inTerm(4));
		});
		expect(verdict).to.equal(undefined);
	});

	describe("over a restart", () => {
		it("may not be lost after the server has called in it", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, inTerm(5), { echo: { to: 0, args: "I am in term 5" } });
				return restart(cluster);
			});
			expect(verdict).to.deep.equal(wentBack(5, 1, 150));
		});

		it("may not be lost after the server has answered in it", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, inTerm(5));
				tell(cluster, 0, { afterMs: 20, order: { echo: { to: 1, args: "are you in term 5?" } } });
				return restart(cluster);
			});
			expect(verdict).to.deep.equal(wentBack(5, 1, 150));
		});

		it("counts as far as anybody has heard of it", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, inTerm(2), { echo: { to: 0, args: "I am in term 2" } }, inTerm(5));
				return restart(cluster);
			});
			expect(verdict).to.deep.equal(wentBack(2, 1, 150));
		});

		it("may be lost as long as all that is said tells of the term before: it is being saved", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, inTerm(40), { echo: { to: 0, args: { term: 39, entries: [140, 4.4, 0.4] } } });
				return restart(cluster);
			});
			expect(verdict).to.equal(undefined);
		});

		it("may be lost if what is said has the same number for something else", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, inTerm(40), { echo: { to: 0, args: { term: 39, conflictIndex: 40 } } });
				return restart(cluster);
			});
			expect(verdict).to.equal(undefined);
		});

		it("may not be lost once a field that is called after it, in whatever words, has told it", async () => {
			for (const args of [{ Term: 40, next: 3 }, { index: 7, leader_term: 40 }, { from: { currentTerm: 40 } }]) {
				const verdict = await watched({}, (cluster) => {
					tell(cluster, 1, inTerm(40), { echo: { to: 0, args } });
					return restart(cluster);
				});
				expect(verdict).to.deep.equal(wentBack(40, 1, 150));
			}
		});

		it("may be lost if nobody had heard of it", async () => {
			const verdict = await watched({}, (cluster) => {
				tell(cluster, 1, { echo: { to: 0, args: "I am in term 1" } }, inTerm(5));
				return restart(cluster);
			});
			expect(verdict).to.equal(undefined);
		});

		it("is not lost by a server that saves it before it speaks", async () => {
			const campaigner = (save: string): Parts => ({
				make: `
					const saved = persister.readRaftState();
					let term = saved.length === 0 ? 0 : decode(saved);
					setInterval(() => {
						term++;
						${save}
						for (const peer of peers) void peer.call("Vote", term);
					}, 30 + me);`,
				methods: "getState: () => ({ term, isLeader: false }), Vote() {},",
			});
			const saving = "persister.save(encode(term), new Uint8Array(0));";
			expect(await watched({ what: campaigner(saving) }, restart)).to.equal(undefined);
			const forgetful = { what: campaigner("") };
			expect(await watched(forgetful, restart)).to.deep.equal(wentBack(3, 0, 150));
		});
	});
});
