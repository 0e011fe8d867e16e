import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import type { SimulationEvent } from "./events.ts";
import type { Program } from "./machine/program.ts";
import { fails, passes } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";
import { submission } from "./testing/submission.ts";

/** Between which servers calls get through: "01" for S0's to S1, its own included. */
async function reachable(cluster: Cluster): Promise<string[]> {
	const made: string[] = [];
	const running = Array.from({ length: cluster.size }, (_, i) => i).filter((i) => cluster.isRunning(i));
	const before = cluster.rpcCount();
	for (const from of running) {
		for (let to = 0; to < cluster.size; to++) {
			const count = cluster.rpcCount();
			tell(cluster, from, { echo: { to, args: null } });
			await cluster.sleep(1);
			if (cluster.rpcCount() > count) made.push(`${from}${to}`);
		}
	}
	expect(cluster.rpcCount() - before).to.equal(made.length);
	return made;
}

/** What happened to servers as a whole. */
function deeds(events: readonly SimulationEvent[]): string[] {
	return events.flatMap((event) => {
		if (event.kind === "boot") return [`boot S${event.server}.${event.incarnation}`];
		const isDeed = event.kind === "crash" || event.kind === "connect" || event.kind === "disconnect";
		return isDeed ? [`${event.kind} S${event.server}`] : [];
	});
}

describe("a cluster's servers", () => {
	it("are all started, then connected, before the test begins", async () => {
		const events = await passes(async (cluster) => {
			for (const i of [0, 1, 2]) expect([cluster.isRunning(i), cluster.isConnected(i)]).to.deep.equal([true, true]);
			expect(await reachable(cluster)).to.deep.equal(["00", "01", "02", "10", "11", "12", "20", "21", "22"]);
		});
		const expected = ["boot S0.0", "boot S1.0", "boot S2.0", "connect S0", "connect S1", "connect S2"];
		expect(deeds(events)).to.deep.equal(expected);
	});

	describe("disconnected", () => {
		it("reach nobody, not even themselves, and nobody reaches them", async () => {
			await passes(async (cluster) => {
				cluster.disconnect(1);
				expect(cluster.isConnected(1)).to.equal(false);
				expect(cluster.isRunning(1)).to.equal(true);
				expect(await reachable(cluster)).to.deep.equal(["00", "02", "20", "22"]);
			});
		});

		it("are told of once", async () => {
			const events = await passes((cluster) => {
				cluster.disconnect(1);
				cluster.disconnect(1);
				cluster.connect(1);
				cluster.connect(1);
			});
			expect(deeds(events).slice(6)).to.deep.equal(["disconnect S1", "connect S1"]);
		});
	});

	describe("connected", () => {
		it("reach those that are connected too", async () => {
			await passes(async (cluster) => {
				cluster.disconnect(0);
				cluster.disconnect(1);
				cluster.connect(0);
				expect(await reachable(cluster)).to.deep.equal(["00", "02", "20", "22"]);
				cluster.connect(1);
				expect(await reachable(cluster)).to.have.lengthOf(9);
			});
		});

		it("while all others are cut off, reach themselves alone", async () => {
			await passes(async (cluster) => {
				for (const i of [0, 1, 2]) cluster.disconnect(i);
				cluster.connect(2);
				expect(await reachable(cluster)).to.deep.equal(["22"]);
			});
		});
	});

	describe("crashed", () => {
		it("run no more, and are cut off", async () => {
			const events = await passes(async (cluster) => {
				cluster.crash(1);
				expect(cluster.isRunning(1)).to.equal(false);
				expect(cluster.isConnected(1)).to.equal(false);
				expect(await reachable(cluster)).to.deep.equal(["00", "02", "20", "22"]);
			});
			expect(deeds(events).slice(6)).to.deep.equal(["disconnect S1", "crash S1"]);
		});

		it("twice, are told of once", async () => {
			const events = await passes((cluster) => {
				cluster.crash(1);
				cluster.crash(1);
			});
			expect(deeds(events).slice(6)).to.deep.equal(["disconnect S1", "crash S1"]);
		});

		it("cannot be talked to: that is a mistake of the test's", async () => {
			for (const talk of [(c: Cluster) => c.server(1).start("x"), (c: Cluster) => c.server(1).getState()]) {
				const run = passes((cluster) => {
					cluster.crash(1);
					talk(cluster);
				});
				const error = await run.then(
					() => undefined,
					(thrown: Error) => thrown,
				);
				expect(error?.message).to.match(/^(start|getState): S1 is not running$/);
			}
		});

		it("do nothing more: their timers are gone", async () => {
			const events = await passes(async (cluster) => {
				tell(cluster, 1, { afterMs: 50, order: { echo: { to: 0, args: "from the grave" } } });
				await cluster.sleep(10);
				cluster.crash(1);
				cluster.start(1);
				cluster.connect(1);
				await cluster.sleep(100);
			});
			expect(events.filter(({ kind }) => kind === "call")).to.deep.equal([]);
		});
	});

	describe("started", () => {
		it("run, but are not connected", async () => {
			await passes(async (cluster) => {
				cluster.crash(1);
				cluster.start(1);
				expect([cluster.isRunning(1), cluster.isConnected(1)]).to.deep.equal([true, false]);
				expect(await reachable(cluster)).to.deep.equal(["00", "02", "20", "22"]);
				cluster.connect(1);
				expect(await reachable(cluster)).to.have.lengthOf(9);
			});
		});

		it("while they are up, crash first", async () => {
			const events = await passes((cluster) => {
				cluster.start(1);
				expect(cluster.isConnected(1)).to.equal(false);
			});
			expect(deeds(events).slice(6)).to.deep.equal(["disconnect S1", "crash S1", "boot S1.1"]);
		});

		it("are not connected either if they were connected while they were down", async () => {
			await passes(async (cluster) => {
				cluster.crash(1);
				cluster.connect(1);
				cluster.start(1);
				expect(cluster.isConnected(1)).to.equal(false);
				expect(await reachable(cluster)).to.deep.equal(["00", "02", "20", "22"]);
			});
		});

		it("have said nothing yet, also if their predecessor crashed in the midst of saying something", async () => {
			const events: SimulationEvent[] = [];
			await passes(
				async (cluster) => {
					tell(cluster, 1, { afterMs: 10, order: { echo: { to: 0, args: "last words" } } });
					await cluster.sleep(5);
					crashAtCall = () => cluster.crash(1);
					await cluster.sleep(20);
					cluster.start(1);
				},
				{
					listener: (event) => {
						events.push(event);
						if (event.kind === "call") crashAtCall();
					},
				},
			);
			expect(events.filter(({ kind }) => kind === "crash")).to.have.lengthOf(1);
			expect(events.filter((event) => event.kind === "spoke" && event.server === 1)).to.deep.equal([]);
		});
		let crashAtCall: () => void = () => {};
	});
});

describe("a server's stable storage", () => {
	/** Says at its start what it finds; saves what it is told to; and saves once more when it is killed. */
	const SAVER = `
		import { type Persister, debug, encode, decode } from "raft-grade";
		let startsInThisRealm = 0;
		export function make(peers: unknown, me: number, persister: Persister) {
			startsInThisRealm++;
			const state = persister.readRaftState();
			debug("found", me, state.length === 0 ? "nothing" : String(decode(state)), persister.readSnapshot().length, startsInThisRealm);
			return {
				start(command: string) {
					persister.save(encode(command), new Uint8Array(3));
					setTimeout(() => persister.save(encode("late"), new Uint8Array(0)), 50);
					return { index: 1, term: 1, isLeader: false };
				},
				getState: () => ({ term: 1, isLeader: false }),
				snapshot() {},
				kill: () => persister.save(encode("killed"), new Uint8Array(0)),
			};
		}`;
	let saver: Program;

	before(async () => {
		saver = await submission(SAVER);
	});

	async function found(body: (cluster: Cluster) => Promise<void> | void): Promise<string[]> {
		const events = await passes(body, { program: saver, servers: 2, explain: true });
		return events.flatMap((event) => (event.kind === "log" && event.server === 1 ? [event.text] : []));
	}

	it("is empty at first, and holds after a crash what was saved last", async () => {
		const texts = await found((cluster) => {
			cluster.server(1).start("first");
			cluster.server(1).start("second");
			cluster.crash(1);
			cluster.start(1);
		});
		expect(texts).to.deep.equal(["1 nothing 0 1", "1 second 3 1"]);
	});

	it("is as it was at the moment of the crash: what kill() saves is lost, and what would have come later", async () => {
		const texts = await found(async (cluster) => {
			cluster.server(1).start("first");
			await cluster.sleep(49);
			cluster.crash(1);
			await cluster.sleep(100);
			cluster.start(1);
			await cluster.sleep(100);
			cluster.start(1);
		});
		expect(texts).to.deep.equal(["1 nothing 0 1", "1 first 3 1", "1 first 3 1"]);
	});

	it("is each server's own", async () => {
		const texts = await found((cluster) => {
			cluster.server(0).start("of S0");
			cluster.start(1);
		});
		expect(texts).to.deep.equal(["1 nothing 0 1", "1 nothing 0 1"]);
	});

	it("is measured by the largest Raft state, that of servers that are down too", async () => {
		await passes((cluster) => {
			expect(cluster.logSize()).to.equal(0);
			tell(cluster, 0, { save: 100 });
			tell(cluster, 2, { save: 700 }, { save: 300 });
			expect(cluster.logSize()).to.equal(300);
			cluster.crash(2);
			expect(cluster.logSize()).to.equal(300);
			cluster.start(2);
			expect(cluster.logSize()).to.equal(300);
		});
	});
});

describe("kill()", () => {
	it("is called at a crash: if it throws, that fails the test", async () => {
		const program = await submission(`
			export const make = () => ({
				start: () => ({ index: 1, term: 1, isLeader: false }),
				getState: () => ({ term: 1, isLeader: false }),
				snapshot() {},
				kill() { throw new Error("I will not go"); },
			});`);
		const failure = await fails((cluster) => cluster.crash(1), { program });
		expect(failure.check).to.equal("fault-exception");
		expect(failure.message).to.equal("S1: kill() threw: Error: I will not go");
	});

	it("is not called at the end of a test", async () => {
		await passes((cluster) => makeLeader(cluster, 0));
	});
});
