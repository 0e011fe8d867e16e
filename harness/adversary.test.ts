import { expect } from "chai";
import type { Seen } from "./adversary.ts";
import type { Cluster } from "./cluster.ts";
import type { SimulationEvent } from "./events.ts";
import { passes } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";

/** S0 calls S1. */
function call(cluster: Cluster, args: unknown = "hello", handlingMs = 0): void {
	tell(cluster, 0, { echo: { to: 1, args, handlingMs } });
}

/** When requests arrived, and when replies did. */
function arrivals(events: readonly SimulationEvent[]): string[] {
	return events.flatMap(({ kind, atMs }) => (kind === "deliver" || kind === "reply" ? [`${kind} ${atMs}`] : []));
}

function deeds(events: readonly SimulationEvent[]): string[] {
	return events.flatMap((event) =>
		event.kind === "boot" ? [`S${event.server}.${event.incarnation} ${event.atMs}`] : [],
	);
}

describe("an adversary", () => {
	it("sees who sends what to whom: whoever leads replicates, and others stand for election", async () => {
		const seen: Omit<Seen, "chance">[] = [];
		await passes(async (cluster) => {
			cluster.adversary.intercept(({ chance, ...rest }) => {
				expect(chance()).to.be.within(0, 1);
				seen.push(rest);
				return undefined;
			});
			tell(cluster, 0, { be: { term: 4, isLeader: false } });
			call(cluster);
			await cluster.sleep(1);
			makeLeader(cluster, 0, 5);
			call(cluster);
			await cluster.sleep(1);
		});
		expect(seen.map(({ leg, topic, from, to, term }) => ({ leg, topic, from, to, term }))).to.deep.equal([
			{ leg: "request", topic: "election", from: 0, to: 1, term: 4 },
			{ leg: "reply", topic: "election", from: 1, to: 0, term: 1 },
			{ leg: "request", topic: "replication", from: 0, to: 1, term: 5 },
			{ leg: "reply", topic: "replication", from: 1, to: 0, term: 1 },
		]);
		expect(seen[0]?.rpc).to.equal(seen[1]?.rpc);
		expect(seen[0]?.bytes).to.be.above(0);
	});

	it("does what the first of its rules says that has an opinion", async () => {
		const events = await passes(async (cluster) => {
			const { adversary } = cluster;
			adversary.intercept(({ leg }) => (leg === "reply" ? { kind: "late", ms: 5 } : undefined));
			adversary.intercept(() => ({ kind: "late", ms: 20 }));
			call(cluster);
			await cluster.sleep(100);
		});
		expect(arrivals(events)).to.deep.equal(["deliver 20", "reply 25"]);
	});

	it("has a message wait until something is so, or for as long as it may", async () => {
		let isFree = false;
		const events = await passes(async (cluster) => {
			const { adversary } = cluster;
			adversary.intercept(({ leg }) =>
				leg === "request" ? adversary.until(() => isFree, 500) : adversary.until(() => false, 30),
			);
			call(cluster);
			await cluster.sleep(50);
			isFree = true;
			// It looks whenever something happens, which is every 10 ms here.
			for (let i = 0; i < 10; i++) {
				makeLeader(cluster, 2, 10 + i);
				await cluster.sleep(10);
			}
		});
		expect(arrivals(events)).to.deep.equal(["deliver 60", "reply 100"]);
	});

	it("restarts a server when its answer has left, and the answer arrives", async () => {
		const events = await passes(async (cluster) => {
			const { adversary } = cluster;
			adversary.whenSent(({ leg, from }) => {
				if (leg === "reply") adversary.bounce(from);
			});
			call(cluster);
			await cluster.sleep(10);
			expect(cluster.isConnected(1)).to.equal(true);
		});
		expect(deeds(events).at(-1)).to.equal("S1.1 0");
		expect(arrivals(events)).to.deep.equal(["deliver 0", "reply 0"]);
	});

	it("acts when something has happened, before the server's next effect", async () => {
		const events = await passes(async (cluster) => {
			const { adversary } = cluster;
			adversary.when(
				(event) => event.kind === "save",
				(event) => {
					if (event.kind === "save") adversary.bounce(event.server);
				},
			);
			tell(cluster, 1, { save: 8 });
			await cluster.sleep(10);
			expect(cluster.logSize()).to.equal(8);
		});
		expect(deeds(events).at(-1)).to.equal("S1.1 0");
	});

	it("leaves a server that was cut off cut off when it restarts it", async () => {
		await passes((cluster) => {
			cluster.disconnect(1);
			cluster.adversary.bounce(1);
			expect([cluster.isRunning(1), cluster.isConnected(1)]).to.deep.equal([true, false]);
		});
	});

	it("knows what servers say of themselves, and that one that is down is in no term", async () => {
		await passes((cluster) => {
			makeLeader(cluster, 1, 7);
			cluster.crash(2);
			expect(cluster.adversary.stateOf(1)).to.deep.equal({ term: 7, isLeader: true });
			expect(cluster.adversary.stateOf(2)).to.deep.equal({ term: -1, isLeader: false });
		});
	});

	it("holds messages that fit, for the story to deliver", async () => {
		const events = await passes(async (cluster) => {
			const mail = cluster.adversary.hold({ leg: "request", from: 0 });
			call(cluster, "first");
			call(cluster, "second");
			await cluster.sleep(40);
			const [first, second] = mail.waiting();
			mail.deliver({ rpc: second?.rpc as number });
			await cluster.sleep(10);
			mail.lose({ rpc: first?.rpc as number });
			await cluster.sleep(10);
		});
		expect(arrivals(events)).to.deep.equal(["deliver 40", "reply 40"]);
		expect(events.filter(({ kind }) => kind === "no-reply").map(({ atMs }) => atMs)).to.deep.equal([50]);
	});

	it("lets everything go when it stops, and then leaves everything alone", async () => {
		const events = await passes(async (cluster) => {
			const { adversary } = cluster;
			adversary.hold({ to: 1 });
			adversary.intercept(() => ({ kind: "lost" }));
			adversary.whenSent(({ from }) => adversary.bounce(from));
			adversary.stopClock(2);
			tell(cluster, 2, { afterMs: 100, order: { save: 3 } });
			call(cluster);
			await cluster.sleep(200);
			adversary.stop();
			call(cluster);
			await cluster.sleep(200);
		});
		expect(arrivals(events).filter((arrival) => arrival.startsWith("deliver"))).to.deep.equal([
			"deliver 200",
			"deliver 200",
		]);
		expect(events.filter(({ kind }) => kind === "save").map(({ atMs }) => atMs)).to.deep.equal([300]);
	});

	it("stops a server's machine", async () => {
		const events = await passes(async (cluster) => {
			cluster.adversary.pause(1, 80);
			call(cluster);
			await cluster.sleep(100);
		});
		expect(arrivals(events)).to.deep.equal(["deliver 80", "reply 80"]);
	});
});

describe("a server's clock", () => {
	/** When timers of so many milliseconds fire, set at 0, while somebody does something with the clock. */
	async function firings(delays: readonly number[], act: (cluster: Cluster) => Promise<void>): Promise<number[]> {
		const events = await passes(async (cluster) => {
			for (const afterMs of delays) tell(cluster, 0, { afterMs, order: { save: afterMs } });
			await act(cluster);
			await cluster.sleep(3_000);
		});
		const saved = new Map(events.flatMap((event) => (event.kind === "save" ? [[event.stateBytes, event.atMs]] : [])));
		return delays.map((delay) => saved.get(delay) ?? Number.NaN);
	}

	it("that stands still keeps timers from firing until it goes on, but for short ones", async () => {
		const at = await firings([10, 39, 40, 200], async (cluster) => {
			await cluster.sleep(5);
			cluster.adversary.stopClock(0);
			await cluster.sleep(500);
			cluster.adversary.startClock(0);
		});
		expect(at).to.deep.equal([10, 39, 540, 700]);
	});

	it("that is slow makes them take longer, from then on", async () => {
		const at = await firings([200, 400], async (cluster) => {
			await cluster.sleep(100);
			cluster.adversary.startClock(0, 0.25);
			await cluster.sleep(800);
			cluster.adversary.startClock(0);
		});
		expect(at).to.deep.equal([500, 1000]);
	});

	it("stands still over a restart", async () => {
		const events = await passes(async (cluster) => {
			cluster.adversary.stopClock(0);
			cluster.adversary.bounce(0);
			tell(cluster, 0, { afterMs: 50, order: { save: 1 } });
			await cluster.sleep(1_000);
		});
		expect(events.filter(({ kind }) => kind === "save")).to.deep.equal([]);
	});
});
