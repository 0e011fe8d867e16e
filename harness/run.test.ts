import { AssertionError, expect } from "chai";
import type { Cluster } from "./cluster.ts";
import type { SimulationEvent } from "./events.ts";
import { LabFailure } from "./failure.ts";
import { type RunOptions, type RunResult, runTest } from "./run.ts";
import { Pace } from "./sim/pace.ts";
import { parseSeed } from "./sim/seed.ts";
import { type Parts, sourceOf } from "./testing/observe.ts";
import { makeLeader, puppets, tell } from "./testing/puppet.ts";
import { submission } from "./testing/submission.ts";

type Options = Partial<Omit<RunOptions, "seed">> & { readonly seed?: string };

/** Runs a test as the labs do; by default with three puppets, calm. */
async function run(options: Options, body: (cluster: Cluster) => Promise<void> | void): Promise<RunResult> {
	const { seed = "8", program = await puppets(), ...rest } = options;
	return await runTest({ servers: 3, ...rest, program, seed: parseSeed(seed) }, async (cluster) => body(cluster));
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	throw new Error("it threw nothing");
}

const programOf = (parts: Parts) => submission(sourceOf(parts));

describe("a run", () => {
	it("starts and connects all servers, and passes if nothing fails", async () => {
		const result = await run({ servers: 5 }, (cluster) => {
			const servers = [0, 1, 2, 3, 4].filter((i) => cluster.isRunning(i) && cluster.isConnected(i));
			expect(servers).to.have.length(cluster.size).and.to.have.length(5);
		});
		expect(result).to.deep.equal({
			failure: undefined,
			figures: { virtualMs: 0, servers: 5, rpcs: 0, bytes: 0, agreements: 0, elections: 0 },
			warnings: [],
			journal: undefined,
		});
	});

	it("tells its figures", async () => {
		// A call: 5 bytes there, and 1 back; the one that reaches nobody comes to 5, too.
		const make = `
			const call = () => void peers[1].call("Echo", "hé");
			if (me === 0) setTimeout(call, 10);
			if (me === 0) setTimeout(call, 20);
			let isLeader = false;
			if (me < 2) setTimeout(() => { isLeader = true; }, 30 + me);
			for (let i = 1; i <= 3 + me; i++) void applyCh.send({ commandValid: true, command: i, commandIndex: i });`;
		const program = await programOf({ make, methods: "Echo: () => 7, getState: () => ({ term: 1 + me, isLeader })," });
		const { figures, failure } = await run({ program, servers: 4 }, async (cluster) => {
			await cluster.sleep(15);
			cluster.disconnect(1);
			await cluster.sleep(85);
		});
		expect(failure).to.equal(undefined);
		expect(figures).to.deep.equal({ virtualMs: 100, servers: 4, rpcs: 2, bytes: 11, agreements: 6, elections: 2 });
	});

	it("gives warnings, the test's own first", async () => {
		const program = await programOf({
			make: "setInterval(() => void peers[me].call('Beat', 0), 50);",
			methods: "Beat() {},",
		});
		const { warnings, failure } = await run({ program, servers: 1 }, async (cluster) => {
			cluster.warn("it took long");
			await cluster.sleep(3_000);
			cluster.warn("it took longer");
		});
		expect(failure).to.equal(undefined);
		expect(warnings).to.have.length(3);
		expect(warnings.slice(0, 2)).to.deep.equal(["it took long", "it took longer"]);
		expect(warnings[2]).to.match(/heartbeats$/);
	});

	it("follows the schedule that its seed asks for, if it is not told which", async () => {
		const run8 = async (options: Options) => {
			const { journal } = await run({ journal: true, ...options }, async (cluster) => {
				for (let i = 0; i < 10; i++) tell(cluster, 0, { echo: { to: 1, args: i } });
				await cluster.sleep(100);
			});
			return journal?.events.every(({ atMs }) => Number.isInteger(atMs)) === true ? "calm" : "race";
		};
		expect(await run8({ seed: "8" })).to.equal("calm");
		expect(await run8({ seed: "9" })).to.equal("race");
		expect(await run8({ seed: "8", schedule: "race" })).to.equal("race");
		expect(await run8({ seed: "9", schedule: "calm" })).to.equal("calm");
	});

	it("loses messages, makes snapshots and looks at the invariants if it is told to", async () => {
		const kinds = async (options: Options) => {
			const { journal } = await run({ journal: true, ...options }, async (cluster) => {
				for (let i = 0; i < 50; i++) tell(cluster, 0, { echo: { to: 1, args: i } });
				for (let index = 1; index < 10; index++) tell(cluster, 0, { apply: { index, command: index } });
				makeLeader(cluster, 0);
				await cluster.sleep(100);
				tell(cluster, 1, { be: { term: 1, isLeader: true } });
			});
			const told = new Set(journal?.events.map(({ kind }) => kind));
			return ["no-reply", "snapshot", "failure"].filter((kind) => told.has(kind as SimulationEvent["kind"]));
		};
		expect(await kinds({ invariants: false })).to.deep.equal([]);
		expect(await kinds({})).to.deep.equal(["failure"]);
		expect(await kinds({ invariants: false, unreliable: true })).to.deep.equal(["no-reply"]);
		expect(await kinds({ invariants: false, snapshots: true })).to.deep.equal(["snapshot"]);
	});
});

describe("a verdict", () => {
	it("is a LabFailure that the test throws, with the time", async () => {
		const thrown = new LabFailure("mine", "not good enough", { servers: [1] });
		const { failure, figures } = await run({}, async (cluster) => {
			await cluster.sleep(70);
			throw thrown;
		});
		expect(failure).to.equal(thrown);
		expect(failure?.atMs).to.equal(70);
		expect(figures.virtualMs).to.equal(70);
	});

	it("is an assertion of Chai's, under a check that is the same for other figures", async () => {
		const failures = [];
		for (const [actual, expected] of [
			[3, 15],
			[1234, 7],
		]) {
			const { failure } = await run({}, async (cluster) => {
				await cluster.sleep(10);
				expect(actual, "RPCs of S1").to.equal(expected);
			});
			failures.push(failure);
		}
		const check = "assertion: RPCs of S#: expected # to equal #";
		expect(failures.map((failure) => failure?.check)).to.deep.equal([check, check]);
		const [first] = failures;
		expect(first).to.be.instanceOf(LabFailure);
		expect(first).to.include({ message: "RPCs of S1: expected 3 to equal 15", atMs: 10 });
		expect(first?.details).to.deep.equal({ expected: "15", actual: "3" });
	});

	it("is an assertion without figures, too", async () => {
		const { failure } = await run({}, () => {
			throw new AssertionError("no leader");
		});
		expect(failure).to.include({ check: "assertion: no leader", message: "no leader" });
		expect(failure?.details).to.deep.equal({});
	});

	it("is the first that there is", async () => {
		const both = async (isCaught: boolean) => {
			const { failure } = await run({}, (cluster) => {
				makeLeader(cluster, 0);
				try {
					makeLeader(cluster, 1);
				} catch (error) {
					if (!isCaught) throw error;
				}
				cluster.fail("the second");
			});
			return failure?.check;
		};
		expect(await both(true)).to.equal("election-safety");
		expect(await both(false)).to.equal("election-safety");
	});

	it("of a server as it starts ends the run: no other is started, and the test does not begin", async () => {
		const program = await programOf({ make: "if (me === 1) throw new Error('not me');" });
		const boots: number[] = [];
		const listener = (event: SimulationEvent) => {
			if (event.kind === "boot") boots.push(event.server);
		};
		let hasBegun = false;
		const { failure } = await run({ program, listener }, () => {
			hasBegun = true;
		});
		expect(failure?.message).to.match(/^S1: make\(\) threw: Error: not me/);
		expect(boots).to.deep.equal([0, 1]);
		expect(hasBegun).to.equal(false);
	});

	it("is not what else the test throws: that is thrown on, and the next run is none the worse", async () => {
		for (const error of [new TypeError("a mistake"), "no error at all"]) {
			const promise = run({}, async (cluster) => {
				await cluster.sleep(10);
				throw error;
			});
			expect(await thrownBy(promise)).to.equal(error);
		}
		const nothing = run({}, () => Promise.reject(undefined));
		expect(await thrownBy(nothing)).to.be.instanceOf(Error);
		expect((await run({}, (cluster) => cluster.sleep(10))).failure).to.equal(undefined);
	});
});

describe("a listener", () => {
	it("hears every event, in order, and the failure after what it is about", async () => {
		const heard: SimulationEvent[] = [];
		const listener = (event: SimulationEvent) => void heard.push(event);
		const { journal, failure } = await run({ listener, journal: true }, async (cluster) => {
			makeLeader(cluster, 0);
			tell(cluster, 1, { afterMs: 20, order: { be: { term: 1, isLeader: true } } });
			await cluster.sleep(100);
		});
		expect(heard).to.deep.equal(journal?.events);
		expect(heard.slice(0, 2)).to.deep.equal([
			{ atMs: 0, kind: "boot", server: 0, incarnation: 0 },
			{ atMs: 0, kind: "state", server: 0, term: 1, isLeader: false },
		]);
		expect(heard.slice(-2)).to.deep.equal([
			{ atMs: 20, kind: "state", server: 1, term: 1, isLeader: true },
			{ atMs: 20, kind: "failure", check: "election-safety", text: failure?.message },
		]);
	});
});

describe("a pace", () => {
	const body = async (cluster: Cluster) => {
		for (const afterMs of [100, 250, 2_000]) tell(cluster, 0, { afterMs, order: { echo: { to: 1, args: 1 } } });
		await cluster.sleep(3_000);
	};

	it("is asked to wait for every instant at which something happens, before it does", async () => {
		const waits: [number, string | undefined][] = [];
		let last: string | undefined;
		class Noting extends Pace {
			override async waitFor(virtualMs: number): Promise<void> {
				if (waits.at(-1)?.[0] !== virtualMs) waits.push([virtualMs, last]);
			}
		}
		const listener = ({ atMs, kind }: SimulationEvent) => {
			last = `${kind} at ${atMs}`;
		};
		await run({ pace: new Noting(1), listener }, body);
		expect(waits).to.deep.include.members([
			[100, "start at 0"],
			[250, "reply at 100"],
			[2_000, "reply at 250"],
			[3_000, "reply at 2000"],
		]);
	});

	it("makes a run take its time, and changes nothing else", async () => {
		const beganMs = performance.now();
		const paced = await run({ pace: new Pace(20), journal: true }, body);
		// 3,000 virtual milliseconds at 20 a millisecond; a timer of Node's may be a millisecond early.
		expect(performance.now() - beganMs).to.be.at.least(148);
		const unpaced = await run({ journal: true }, body);
		expect(paced.journal?.hash()).to.equal(unpaced.journal?.hash());
	});
});
