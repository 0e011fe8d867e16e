import { expect } from "chai";
import { NetworkBench } from "../testing/network-bench.ts";
import type { Fate, HeldMessage, Message } from "./network.ts";

/** A network on which somebody decides what becomes of messages; one leg alone, if that is given. */
function interfered(decide: (message: Message) => Fate | undefined, leg?: Message["leg"]): NetworkBench {
	const bench = new NetworkBench();
	bench.network.interference = (message) => (leg === undefined || message.leg === leg ? decide(message) : undefined);
	return bench;
}

const texts = (bench: NetworkBench, server: number) => bench.machine(server).requests.map(({ args }) => args);

describe("what somebody decides about a message", () => {
	it("is asked for the request and for the reply, which are told apart", async () => {
		const seen: unknown[] = [];
		const bench = interfered(({ leg, rpc, from, to, method, n, bytes }) => {
			seen.push({ leg, rpc, from: from.server, to, method, n, bytes });
			return undefined;
		});
		await bench.run(() => {
			bench.call(0, 1);
		});
		expect(seen).to.deep.equal([
			{ leg: "request", rpc: 1, from: 0, to: 1, method: "Echo", n: 0, bytes: 7 },
			{ leg: "reply", rpc: 1, from: 1, to: 0, method: "Echo", n: 0, bytes: 7 },
		]);
	});

	it("is not asked for where nothing can arrive", async () => {
		const bench = interfered(() => {
			throw new Error("asked");
		});
		bench.network.setEnabled(0, 1, false);
		await bench.run(() => {
			bench.call(0, 1);
		});
		expect(bench.reasons).to.deep.equal(["unreachable"]);
	});

	for (const leg of ["request", "reply"] as const) {
		it(`lost: a ${leg} does not arrive, and the caller learns that at once`, async () => {
			const bench = interfered(() => ({ kind: "lost" }), leg);
			await bench.run(async () => {
				const { answer } = bench.call(0, 1);
				expect(answer).to.equal(undefined);
				await bench.sim.sleep(1);
				expect(bench.machine(0).answers.get(1)).to.deep.equal({ atMs: 0, reply: undefined });
			});
			expect(bench.reasons).to.deep.equal([`${leg} lost`]);
			expect(texts(bench, 1)).to.have.lengthOf(leg === "request" ? 0 : 1);
		});

		it(`late: a ${leg} takes that long`, async () => {
			const bench = interfered(() => ({ kind: "late", ms: 70 }), leg);
			await bench.run(() => {
				bench.call(0, 1);
			});
			expect(bench.machine(1).requests[0]?.atMs).to.equal(leg === "request" ? 70 : 0);
			expect(bench.machine(0).answers.get(1)?.atMs).to.equal(70);
		});

		it(`held: a ${leg} waits until it is let go, once`, async () => {
			let held: HeldMessage | undefined;
			const bench = interfered(() => ({ kind: "held", hold: (it) => (held = it) }), leg);
			await bench.run(async () => {
				bench.call(0, 1);
				await bench.sim.sleep(300);
				expect(bench.machine(0).answers.size).to.equal(0);
				for (const end of [held?.letGo, held?.letGo, held?.lose]) end?.();
			});
			expect(bench.machine(0).answers.get(1)).to.deep.equal({ atMs: 300, reply: '"hello"' });
			expect(texts(bench, 1)).to.have.lengthOf(1);
		});

		it(`held, and then lost: a ${leg} never arrives`, async () => {
			let held: HeldMessage | undefined;
			const bench = interfered(() => ({ kind: "held", hold: (it) => (held = it) }), leg);
			await bench.run(async () => {
				bench.call(0, 1);
				await bench.sim.sleep(300);
				for (const end of [held?.lose, held?.letGo]) end?.();
			});
			expect(bench.machine(0).answers.get(1)).to.deep.equal({ atMs: 300, reply: undefined });
			expect(bench.reasons).to.deep.equal([`${leg} lost`]);
		});
	}

	it("held, and copied: nobody waits for the answers to copies of a request", async () => {
		let held: HeldMessage | undefined;
		const bench = interfered(() => ({ kind: "held", hold: (it) => (held = it) }), "request");
		await bench.run(async () => {
			bench.call(0, 1);
			held?.copy();
			await bench.sim.sleep(10);
			expect(bench.machine(0).answers.size).to.equal(0);
			held?.letGo();
			await bench.sim.sleep(10);
			held?.copy();
		});
		expect(texts(bench, 1)).to.have.lengthOf(3);
		expect(bench.machine(0).answers.size).to.equal(1);
	});

	it("twice: a request comes again, and is answered once", async () => {
		const bench = interfered(() => ({ kind: "twice", afterMs: 40 }), "request");
		await bench.run(() => {
			bench.call(0, 1);
		});
		expect(bench.machine(1).requests.map(({ atMs }) => atMs)).to.deep.equal([0, 40]);
		expect(bench.told("deliver").map(({ rpc, atMs }) => [rpc, atMs])).to.deep.equal([[1, 0]]);
		expect(bench.told("deliver-again").map(({ rpc, atMs, from, to }) => [rpc, atMs, from, to])).to.deep.equal([
			[1, 40, 0, 1],
		]);
		expect(bench.machine(0).answers.size).to.equal(1);
	});

	it("a request that was held reaches whoever runs when it arrives, and one that was not doesn't", async () => {
		let held: HeldMessage | undefined;
		const bench = interfered(() => ({ kind: "held", hold: (it) => (held = it) }), "request");
		await bench.run(async () => {
			bench.call(0, 1);
			bench.crash(1);
			bench.start(1);
			held?.letGo();
			await bench.sim.sleep(1);
			expect(texts(bench, 1)).to.have.lengthOf(1);
			bench.crash(1);
			held?.copy();
		});
		expect(bench.machine(0).answers.get(1)?.reply).to.equal('"hello"');
	});

	it("a request that would come again reaches nobody if the server is down by then", async () => {
		const bench = interfered(() => ({ kind: "twice", afterMs: 40 }), "request");
		await bench.run(async () => {
			bench.call(0, 1);
			await bench.sim.sleep(1);
			bench.crash(1);
			await bench.sim.sleep(100);
		});
		expect(bench.told("deliver-again")).to.deep.equal([]);
	});

	it("a copy does not reach a machine that is paused", async () => {
		let held: HeldMessage | undefined;
		const bench = interfered(() => ({ kind: "held", hold: (it) => (held = it) }), "request");
		await bench.run(() => {
			bench.call(0, 1);
			bench.pausedUntilMs[1] = 100;
			held?.copy();
		});
		expect(texts(bench, 1)).to.deep.equal([]);
	});
});
