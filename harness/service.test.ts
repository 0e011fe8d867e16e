import { expect } from "chai";
import { ServiceBench, snapshotUpTo } from "./testing/service-bench.ts";

describe("the service", () => {
	describe("counts the servers that have applied an index", () => {
		it("and knows the command", async () => {
			const bench = new ServiceBench();
			await bench.run(async () => {
				bench.apply(0, 1, { key: "x" });
				bench.apply(2, 1, { key: "x" });
				await bench.settle();
				expect(bench.service.nCommitted(1)).to.deep.equal({ count: 2, command: '{"key":"x"}' });
				expect(bench.service.nCommitted(2)).to.deep.equal({ count: 0, command: undefined });
				bench.apply(1, 1, { key: "x" });
				await bench.settle();
				expect(bench.counts(1)).to.deep.equal([3]);
			});
		});

		it("those that have crashed too", async () => {
			const bench = new ServiceBench();
			await bench.run(async () => {
				for (const server of [0, 1, 2]) bench.apply(server, 1, "x");
				await bench.settle();
				bench.crash(1);
				expect(bench.counts(1)).to.deep.equal([3]);
				bench.start(1);
				expect(bench.counts(1)).to.deep.equal([3]);
			});
		});

		it("also if the command is undefined", async () => {
			const bench = new ServiceBench();
			await bench.run(() => {
				bench.apply(0, 1, undefined);
			});
			expect(bench.counts(1)).to.deep.equal([1]);
		});
	});

	it("tells of every command that is applied", async () => {
		const bench = new ServiceBench();
		await bench.run(() => bench.applyAll(1, 1, 2));
		expect(bench.events).to.deep.equal([
			{ atMs: 0, kind: "apply", server: 1, index: 1, command: "100" },
			{ atMs: 0, kind: "apply", server: 1, index: 2, command: "200" },
		]);
	});

	describe("checks that the servers agree:", () => {
		it("another command at the same index fails the test", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(() => {
				bench.apply(0, 1, "x");
				bench.apply(2, 1, "y");
			});
			expect(failure?.check).to.equal("agreement");
			expect(failure?.message).to.equal('S2 applied "y" at index 1, but S0 applied "x" there');
			expect(failure?.details.servers).to.deep.equal([2, 0]);
		});

		it("1 is not the text 1, nor are 0 and -0 the same", async () => {
			for (const [one, other] of [
				[1, "1"],
				[0, -0],
				[null, undefined],
				[[1], { 0: 1 }],
			]) {
				const bench = new ServiceBench();
				const failure = await bench.run(() => {
					bench.apply(0, 1, one);
					bench.apply(1, 1, other);
				});
				expect(failure?.check).to.equal("agreement");
			}
		});

		it("keys in another order make no other command", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(() => {
				bench.apply(0, 1, { a: 1, b: [2n] });
				bench.apply(1, 1, { b: [2n], a: 1 });
			});
			expect(failure).to.equal(undefined);
			expect(bench.counts(1)).to.deep.equal([2]);
		});

		it("what a server has applied before it crashed still counts", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(async () => {
				bench.apply(0, 1, "x");
				await bench.settle();
				bench.crash(0);
				bench.start(0);
				bench.apply(0, 1, "y");
			});
			expect(failure?.message).to.equal('S0 applied "y" at index 1, but S0 applied "x" there');
		});
	});

	describe("without snapshots", () => {
		it("takes any index whose predecessor this server has applied", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(async () => {
				bench.applyAll(0, 1, 3);
				await bench.settle();
				bench.crash(0);
				bench.start(0);
				// Its records outlive the crash, so it may go on from anywhere in them.
				bench.applyAll(0, 1, 2);
				bench.applyAll(0, 4, 5);
			});
			expect(failure).to.equal(undefined);
			expect(bench.counts(1, 4, 5)).to.deep.equal([1, 1, 1]);
		});

		it("fails if this server has not applied the index before, whatever others have", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(() => {
				bench.applyAll(0, 1, 3);
				bench.apply(1, 1, 100);
				bench.apply(1, 3, 300);
			});
			expect(failure?.check).to.equal("apply-order");
			expect(failure?.message).to.equal("S1 applied index 3 without having applied 2");
		});

		it("makes no snapshots", async () => {
			const bench = new ServiceBench();
			await bench.run(() => bench.applyAll(0, 1, 40));
			expect(bench.machine(0).snapshots).to.deep.equal([]);
		});

		it("ignores other messages, but takes them", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(() => {
				bench.applyAll(0, 1, 2);
				bench.applySnapshot(0, 9);
				bench.applySnapshot(0, 1, Uint8Array.of(1, 2, 3));
				bench.applyNothing(0);
				bench.apply(0, 3, 300);
			});
			expect(failure).to.equal(undefined);
			expect(bench.counts(3, 9)).to.deep.equal([1, 0]);
			expect(bench.machine(0).takenAt).to.have.lengthOf(6);
		});

		it("does not look at a snapshot in stable storage", async () => {
			const bench = new ServiceBench();
			const failure = await bench.run(() => {
				bench.crash(0);
				bench.start(0, snapshotUpTo(9));
				bench.crash(0);
				bench.start(0, Uint8Array.of(1, 2, 3));
			});
			expect(failure).to.equal(undefined);
			expect(bench.counts(9)).to.deep.equal([0]);
		});
	});
});
