import { expect } from "chai";
import { decode, encode } from "./labrpc/codec.ts";
import { ServiceBench, snapshotUpTo } from "./testing/service-bench.ts";

function bench(): ServiceBench {
	return new ServiceBench({ snapshots: true });
}

describe("the service, with snapshots,", () => {
	describe("makes one", () => {
		it("after each index i with (i + 1) mod 10 = 0", async () => {
			const service = bench();
			await service.run(() => service.applyAll(0, 1, 31));
			expect(service.machine(0).snapshots.map(({ index }) => index)).to.deep.equal([9, 19, 29]);
		});

		it("that holds the index and all commands up to it", async () => {
			const service = bench();
			await service.run(() => service.applyAll(0, 1, 9));
			const [made] = service.machine(0).snapshots;
			expect(decode(made?.snapshot ?? new Uint8Array(0))).to.deep.equal({
				lastIncludedIndex: 9,
				log: [null, 100, 200, 300, 400, 500, 600, 700, 800, 900],
			});
			expect(made?.snapshot).to.deep.equal(snapshotUpTo(9));
		});

		it("and says so, after it has said what was applied", async () => {
			const service = bench();
			await service.run(() => service.applyAll(0, 1, 9));
			const snapshot = snapshotUpTo(9);
			expect(service.events.slice(-2)).to.deep.equal([
				{ atMs: 0, kind: "apply", server: 0, index: 9, command: "900" },
				{ atMs: 0, kind: "snapshot", server: 0, index: 9, snapshot },
			]);
		});

		it("from a snapshot it was given and the commands since", async () => {
			const service = bench();
			await service.run(() => {
				service.applySnapshot(0, 12);
				service.applyAll(0, 13, 19);
			});
			expect(service.machine(0).snapshots).to.deep.equal([{ index: 19, snapshot: snapshotUpTo(19) }]);
		});
	});

	describe("puts snapshots off", () => {
		it("until it is to make them: the latest of them, and from then on each in time", async () => {
			const service = bench();
			await service.run(async () => {
				service.service.putOffSnapshots(0);
				service.applyAll(0, 1, 24);
				await service.sim.sleep(10);
				expect(service.machine(0).snapshots).to.deep.equal([]);
				service.service.makeSnapshots(0, service.machine(0).asMachine);
				await service.sim.sleep(10);
				service.applyAll(0, 25, 30);
			});
			const made = [19, 29].map((index) => ({ index, snapshot: snapshotUpTo(index) }));
			expect(service.machine(0).snapshots).to.deep.equal(made);
		});

		it("makes none where there was nothing to put off, or a snapshot was handed over since, or a crash came between", async () => {
			for (const since of [
				() => {},
				(service: ServiceBench) => {
					service.applyAll(0, 1, 12);
					service.applySnapshot(0, 15);
				},
				(service: ServiceBench) => {
					service.applyAll(0, 1, 12);
					service.crash(0);
					service.start(0);
				},
			]) {
				const service = bench();
				await service.run(async () => {
					service.service.putOffSnapshots(0);
					since(service);
					await service.sim.sleep(10);
					service.service.makeSnapshots(0, service.machine(0).asMachine);
				});
				expect(service.machine(0).snapshots).to.deep.equal([]);
			}
		});
	});

	describe("takes commands in order, without a gap or a repeat:", () => {
		for (const [what, applied, next, expected] of [
			["a first index but 1", 0, 2, 1],
			["a gap", 3, 5, 4],
			["a repeat", 3, 3, 4],
			["an index long past", 3, 1, 4],
		] as const) {
			it(`${what} fails the test`, async () => {
				const service = bench();
				const failure = await service.run(() => {
					service.applyAll(0, 1, applied);
					service.apply(0, next, 100 * next);
				});
				expect(failure?.check).to.equal("apply-order");
				expect(failure?.message).to.equal(`S0 applied index ${next}, but the next one is ${expected}`);
			});
		}

		it("after a crash without a snapshot it begins anew at 1, and what was recorded stays", async () => {
			const service = bench();
			const failure = await service.run(async () => {
				service.applyAll(0, 1, 3);
				await service.settle();
				service.crash(0);
				service.start(0);
				expect(service.counts(3)).to.deep.equal([1]);
				service.applyAll(0, 1, 4);
				await service.settle();
				expect(service.counts(3, 4)).to.deep.equal([1, 1]);
				service.crash(0);
				service.start(0);
				service.apply(0, 5, 500);
			});
			expect(failure?.message).to.equal("S0 applied index 5, but the next one is 1");
		});

		it("the servers must agree too", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.applyAll(0, 1, 2);
				service.apply(1, 1, 100);
				service.apply(1, 2, "other");
			});
			expect(failure?.message).to.equal('S1 applied "other" at index 2, but S0 applied 200 there');
		});
	});

	describe("takes a snapshot", () => {
		it("in place of all it has recorded, and goes on after it", async () => {
			const service = bench();
			const failure = await service.run(async () => {
				service.applyAll(0, 1, 2);
				service.applySnapshot(0, 9);
				service.apply(0, 10, 1000);
			});
			expect(failure).to.equal(undefined);
			expect(service.counts(1, 9, 10, 11)).to.deep.equal([1, 1, 1, 0]);
			expect(service.service.nCommitted(9).command).to.equal("900");
			expect(service.counts(0)).to.deep.equal([0]);
		});

		it("as the only record of what comes after: later ones are gone", async () => {
			const service = bench();
			await service.run(async () => {
				service.applyAll(0, 1, 15);
				await service.settle();
				service.crash(0);
				service.start(0);
				service.applySnapshot(0, 9);
				await service.settle();
				expect(service.counts(9, 10, 15)).to.deep.equal([1, 0, 0]);
			});
		});

		it("exactly at what it has applied", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.applyAll(0, 1, 9);
				service.applySnapshot(0, 9);
				service.apply(0, 10, 1000);
			});
			expect(failure).to.equal(undefined);
			expect(service.counts(10)).to.deep.equal([1]);
		});

		it("but not below what it has applied", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.applyAll(0, 1, 10);
				service.applySnapshot(0, 9);
			});
			expect(failure?.check).to.equal("apply-order");
			expect(failure?.message).to.equal("S0 sent a snapshot up to index 9 on applyCh after having applied index 10");
		});

		it("but not one that ends elsewhere", async () => {
			for (const [says, holds] of [
				[9, 8],
				[9, 10],
				[10, 9],
			] as const) {
				const service = bench();
				const failure = await service.run(() => {
					service.applySnapshot(0, says, snapshotUpTo(holds));
				});
				expect(failure?.check).to.equal("snapshot-content");
				expect(failure?.message).to.match(new RegExp(`snapshotIndex says ${says}, .* ends at index ${holds}$`));
			}
		});

		it("but not one that it did not make", async () => {
			const wrong = [
				new Uint8Array(0),
				Uint8Array.of(1, 2, 3),
				snapshotUpTo(9).slice(0, -1),
				encode(null),
				encode("text"),
				encode({ lastIncludedIndex: 9 }),
				encode({ lastIncludedIndex: "9", log: [] }),
				encode({ log: [] }),
			];
			for (const snapshot of wrong) {
				const service = bench();
				const failure = await service.run(() => {
					service.applySnapshot(0, 9, snapshot);
				});
				expect(failure?.check).to.equal("snapshot-content");
				expect(failure?.message).to.equal("S0 gave the service a snapshot that the service never made");
			}
		});

		it("and ignores what is neither a snapshot nor a command", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.apply(0, 1, 100);
				service.applyNothing(0);
				service.apply(0, 2, 200);
			});
			expect(failure).to.equal(undefined);
			expect(service.machine(0).takenAt).to.have.lengthOf(3);
		});
	});

	it("finds out when snapshots disagree with what others have applied", async () => {
		const service = bench();
		const other = encode({ lastIncludedIndex: 9, log: [null, ...new Array(9).fill("other")] });
		const failure = await service.run(async () => {
			service.applyAll(0, 1, 9);
			await service.settle();
			service.applySnapshot(1, 9, other);
			await service.settle();
			service.service.nCommitted(9);
		});
		expect(failure?.check).to.equal("agreement");
		expect(failure?.message).to.equal('the servers have applied different commands at index 9: 900 and "other"');
	});

	describe("when a server starts again", () => {
		it("takes up the snapshot in its stable storage", async () => {
			const service = bench();
			const failure = await service.run(async () => {
				service.applyAll(0, 1, 12);
				await service.settle();
				service.crash(0);
				service.start(0, snapshotUpTo(9));
				expect(service.counts(9, 10)).to.deep.equal([1, 0]);
				expect(service.events.at(-1)).to.include({ kind: "restore", server: 0, index: 9 });
				service.applyAll(0, 10, 13);
			});
			expect(failure).to.equal(undefined);
			expect(service.counts(9, 13)).to.deep.equal([1, 1]);
		});

		it("goes on only after it", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.crash(0);
				service.start(0, snapshotUpTo(9));
				service.apply(0, 1, 100);
			});
			expect(failure?.message).to.equal("S0 applied index 1, but the next one is 10");
		});

		it("refuses one that it did not make", async () => {
			const service = bench();
			const failure = await service.run(() => {
				service.crash(0);
				service.start(0, Uint8Array.of(1, 2, 3));
			});
			expect(failure?.check).to.equal("snapshot-content");
		});

		it("keeps its own copy: what is applied later does not change the snapshot", async () => {
			const service = bench();
			await service.run(async () => {
				const snapshot = snapshotUpTo(9);
				service.start(0, snapshot);
				service.applyAll(0, 10, 19);
				await service.settle();
				expect(snapshot).to.deep.equal(snapshotUpTo(9));
			});
		});
	});
});
