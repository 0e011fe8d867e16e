import { expect } from "chai";
import type { SimulationEvent } from "./events.ts";
import type { Program } from "./machine/program.ts";
import { RACE, Servers } from "./servers.ts";
import { parseSeed, type Schedule } from "./sim/seed.ts";
import { Simulation } from "./sim/simulation.ts";
import { passes } from "./testing/cluster-run.ts";
import { FakeMachine } from "./testing/fake-machine.ts";
import { expectShare, expectUniform } from "./testing/statistics.ts";
import { submission } from "./testing/submission.ts";

/** When each of some timers fires, by number; `set` sets them at 0 ms. */
async function firings(
	schedule: Schedule,
	set: (servers: Servers, machine: FakeMachine) => void,
	seed = "1",
): Promise<Map<number, number>> {
	const sim = new Simulation({ seed: parseSeed(seed), schedule });
	// No server is started: timers need no program.
	const program = undefined as unknown as Program;
	const servers = new Servers(sim, { program, size: 3, withSnapshots: false, withLog: false, withStacks: false });
	const machine = new FakeMachine(1);
	await sim.run(async () => {
		set(servers, machine);
		await sim.sleep(20_000);
	});
	return new Map(machine.fired);
}

function setAll(delays: readonly number[]) {
	return (servers: Servers, machine: FakeMachine) => {
		for (const [timer, delayMs] of delays.entries()) servers.setTimer(machine.asMachine, timer, delayMs);
	};
}

describe("a machine's timers", () => {
	describe("in the calm schedule", () => {
		it("fire exactly on time", async () => {
			const delays = [1, 2, 3, 150, 10_000, 2, 150];
			const fired = await firings("calm", setAll(delays));
			expect(delays.map((_, timer) => fired.get(timer))).to.deep.equal(delays);
		});

		it("fire in the order in which they were set, if they are due at the same instant", async () => {
			const fired = await firings("calm", setAll(new Array(50).fill(10)));
			expect([...fired.keys()]).to.deep.equal([...Array(50).keys()]);
		});
	});

	describe("in the race schedule", () => {
		const COUNT = 5000;
		/** How late each of many timers was, in 1024ths of a millisecond. */
		async function lateness(seed?: string): Promise<number[]> {
			const delays = Array.from({ length: COUNT }, (_, timer) => 1 + (timer % 500));
			const fired = await firings("race", setAll(delays), seed);
			return delays.map((delayMs, timer) => 1024 * ((fired.get(timer) ?? Number.NaN) - delayMs));
		}

		it("fire late by less than 5 ms, mostly by less than 2, and never early", async () => {
			const late = await lateness();
			expect(Math.min(...late)).to.be.at.least(0);
			expect(Math.max(...late)).to.be.below(5 * 1024);
			const isVeryLate = (ticks: number) => ticks >= 2 * 1024;
			expectShare(late.filter(isVeryLate).length, COUNT, 0.05 * (3 / 5));
			expectUniform(
				late.filter((ticks) => !isVeryLate(ticks)),
				2 * 1024,
			);
		});

		it("are late as the seed decides", async () => {
			expect(await lateness("1")).to.deep.equal(await lateness("1"));
			expect(await lateness("1")).not.to.deep.equal(await lateness("2"));
		});

		it("are late apart from those of other servers", async () => {
			const alone = await firings("race", setAll([10, 20, 30]));
			const beside = await firings("race", (servers, machine) => {
				const other = new FakeMachine(2);
				for (let timer = 0; timer < 10; timer++) servers.setTimer(other.asMachine, timer, 5);
				setAll([10, 20, 30])(servers, machine);
			});
			expect(beside).to.deep.equal(alone);
		});
	});

	it("do not fire once they are cleared", async () => {
		const fired = await firings("calm", (servers, machine) => {
			setAll([10, 20, 30])(servers, machine);
			servers.clearTimer(machine.asMachine, 1);
			servers.clearTimer(machine.asMachine, 1);
			servers.clearTimer(machine.asMachine, 99);
		});
		expect([...fired.keys()]).to.deep.equal([0, 2]);
	});
});

describe("a machine's pauses", () => {
	/** Ticks every 5 ms, and calls everybody every 40, itself too, whose handlers take a while. */
	const BUSY = `
		import { debug, sleep } from "raft-grade";
		export function make(peers, me) {
			setInterval(() => debug("tick"), 5);
			setInterval(async () => {
				for (const [to, peer] of peers.entries()) void peer.call("Work", to).then(() => debug("back"));
			}, 40);
			return {
				start: () => ({ index: 1, term: 1, isLeader: false }),
				getState: () => ({ term: 1, isLeader: false }),
				snapshot() {},
				kill() {},
				async Work() {
					await sleep(4);
				},
			};
		}`;
	let busy: Program;

	before(async () => {
		busy = await submission(BUSY);
	});

	interface Pause {
		readonly server: number;
		readonly fromMs: number;
		readonly toMs: number;
	}

	function pausesIn(events: readonly SimulationEvent[]): Pause[] {
		return events.flatMap((event) => {
			if (event.kind !== "pause") return [];
			return [{ server: event.server, fromMs: event.atMs, toMs: event.atMs + event.forMs }];
		});
	}

	/** The server that an event shows to be at work. */
	function workerIn(event: SimulationEvent): number | undefined {
		switch (event.kind) {
			case "log":
				return event.server;
			case "deliver":
			case "handled":
				return event.to;
			case "reply":
			case "no-reply":
			case "call":
				return event.from;
			default:
				return undefined;
		}
	}

	it("do not occur in the calm schedule", async () => {
		const events = await passes((cluster) => cluster.sleep(60_000));
		expect(pausesIn(events)).to.deep.equal([]);
	});

	describe("in the race schedule", () => {
		let events: readonly SimulationEvent[];
		let pauses: Pause[];

		before(async () => {
			events = await passes((cluster) => cluster.sleep(20_000), { program: busy, schedule: "race", explain: true });
			pauses = pausesIn(events);
		});

		it("let nothing reach the machine, and nothing leave it", () => {
			const perServer = [0, 1, 2].map((i) => pauses.filter(({ server }) => server === i));
			expect(pauses.length).to.be.at.least(6);
			const during = events.filter((event) => {
				const own = perServer[workerIn(event) ?? -1] ?? [];
				return own.some(({ fromMs, toMs }) => event.atMs > fromMs && event.atMs < toMs);
			});
			expect(during).to.deep.equal([]);
		});

		it("end with all that has come to it meanwhile", () => {
			const then = pauses.flatMap(({ server, toMs }) => {
				return events.filter((event) => event.atMs === toMs && workerIn(event) === server);
			});
			expect(then.filter(({ kind }) => kind === "log").length).to.be.at.least(pauses.length);
			expect(then.map(({ kind }) => kind)).to.include.members(["deliver", "handled", "reply"]);
		});

		it("are of one machine: the others go on", () => {
			for (const { server, fromMs, toMs } of pauses) {
				const others = events.filter(({ atMs }) => atMs > fromMs && atMs < toMs).map(workerIn);
				expect(new Set(others.filter((other) => other !== undefined && other !== server)).size).to.be.above(0);
			}
		});
	});

	describe("over many runs", () => {
		const lengths: number[] = [];
		const gaps: number[] = [];

		before(async () => {
			for (let seed = 1; seed <= 8; seed++) {
				const options = { schedule: "race", servers: 5, seed: seed.toString(16) } as const;
				const pauses = pausesIn(await passes((cluster) => cluster.sleep(110_000), options));
				for (let server = 0; server < 5; server++) {
					let lastMs = 0;
					for (const { fromMs, toMs } of pauses.filter((pause) => pause.server === server)) {
						lengths.push(toMs - fromMs);
						gaps.push(fromMs - lastMs);
						lastMs = fromMs;
					}
				}
			}
		});

		it("last 10 to 40 ms", () => {
			expectUniform(
				lengths.map((ms) => ms - 10),
				30,
			);
		});

		it("come 1 to 15 s after each other", () => {
			expect(Math.min(...gaps)).to.be.within(1_000, 1_300);
			expect(Math.max(...gaps)).to.be.within(14_700, 15_000);
		});
	});

	it("are over when the machine crashes: the next one is not paused", async () => {
		let paused: { server: number; atMs: number } | undefined;
		const events = await passes(
			async (cluster) => {
				while (paused === undefined) await cluster.sleep(1);
				cluster.crash(paused.server);
				cluster.start(paused.server);
				await cluster.sleep(9);
			},
			{
				program: busy,
				schedule: "race",
				explain: true,
				listener: (event) => {
					if (event.kind === "pause") paused ??= event;
				},
			},
		);
		const server = paused?.server;
		const since = paused?.atMs ?? Number.NaN;
		const after = events.filter((event) => event.kind === "log" && event.server === server && event.atMs > since);
		expect(after.length).to.be.above(0);
		expect((after[0]?.atMs ?? Number.NaN) - since).to.be.below(10);
	});
});

describe("the amounts by which a race strays", () => {
	it("are small beside the labs' own limits", () => {
		expect(RACE).to.deep.equal({
			timerLateMs: 2,
			timerVeryLatePerMille: 50,
			timerVeryLateMs: 5,
			pauseGapMs: [1_000, 15_000],
			pauseMs: [10, 40],
		});
	});
});
