import { expect } from "chai";
import type { Cluster } from "./cluster.ts";
import { passes, runCluster } from "./testing/cluster-run.ts";
import { makeLeader, tell } from "./testing/puppet.ts";
import { submission } from "./testing/submission.ts";

describe("a cluster", () => {
	it("has as many servers as asked for", async () => {
		await passes(
			(cluster) => {
				expect(cluster.size).to.equal(7);
			},
			{ servers: 7 },
		);
	});

	describe("draws for the test", () => {
		const draw = (cluster: Cluster) => [
			...Array.from({ length: 10 }, () => cluster.rand(1000)),
			cluster.randomCommand(),
			cluster.randomString(8),
		];

		async function drawn(seed: string, meanwhile: (cluster: Cluster) => Promise<void> | void = () => {}) {
			const draws: (string | number)[] = [];
			await passes(
				async (cluster) => {
					await meanwhile(cluster);
					draws.push(...draw(cluster));
				},
				{ seed },
			);
			return draws;
		}

		it("from the seed alone, whatever the servers do", async () => {
			const draws = await drawn("5");
			expect(await drawn("5")).to.deep.equal(draws);
			expect(await drawn("6")).not.to.deep.equal(draws);
			const busy = async (cluster: Cluster) => {
				cluster.setReliable(false);
				makeLeader(cluster, 0);
				for (let n = 0; n < 20; n++) tell(cluster, 0, { echo: { to: 1, args: n } });
				await cluster.sleep(100);
				cluster.crash(2);
			};
			expect(await drawn("5", busy)).to.deep.equal(draws);
		});

		it("commands and texts that do not occur twice", async () => {
			await passes((cluster) => {
				const commands = Array.from({ length: 1000 }, () => cluster.randomCommand());
				expect(new Set(commands).size).to.equal(1000);
				expect(commands.every((command) => Number.isSafeInteger(command) && command >= 0)).to.equal(true);
				const large = commands.filter((command) => command > Number.MAX_SAFE_INTEGER / 2);
				expect(large.length).to.be.within(400, 600);
				const texts = Array.from({ length: 100 }, () => cluster.randomString(12));
				expect(new Set(texts).size).to.equal(100);
				expect(texts.every((text) => /^[\w-]{12}$/.test(text))).to.equal(true);
			});
		});
	});

	describe("asks a server", () => {
		it("to take a command, and hands on its answer", async () => {
			const events = await passes((cluster) => {
				makeLeader(cluster, 1, 4);
				tell(cluster, 1, { appliedBy: "none" });
				expect(cluster.server(1).start("x")).to.deep.equal({ index: 1, term: 4, isLeader: true });
				expect(cluster.server(0).start("x")).to.deep.equal({ index: -1, term: 1, isLeader: false });
			});
			const starts = events.filter((event) => event.kind === "start").slice(-2);
			expect(starts).to.deep.equal([
				{ atMs: 0, kind: "start", server: 1, command: '"x"', index: 1, term: 4, isLeader: true },
				{ atMs: 0, kind: "start", server: 0, command: '"x"', index: -1, term: 1, isLeader: false },
			]);
		});

		it("for its state, connected or not", async () => {
			await passes((cluster) => {
				makeLeader(cluster, 1, 4);
				cluster.disconnect(1);
				expect(cluster.server(1).getState()).to.deep.equal({ term: 4, isLeader: true });
			});
		});

		it("that there must be", async () => {
			await passes((cluster) => {
				expect(() => cluster.crash(3)).to.throw(RangeError, "there is no server 3: they are 0 … 2");
				expect(() => cluster.server(-1).getState()).to.throw(RangeError);
			});
		});
	});

	describe("nCommitted", () => {
		it("counts the servers that have applied an index, down or not, and gives the command", async () => {
			await passes(async (cluster) => {
				expect(cluster.nCommitted(1)).to.deep.equal({ count: 0, command: undefined });
				for (const server of [0, 2]) tell(cluster, server, { apply: { index: 1, command: { key: [1n] } } });
				await cluster.sleep(1);
				cluster.crash(2);
				expect(cluster.nCommitted(1)).to.deep.equal({ count: 2, command: { key: [1n] } });
			});
		});

		it("gives a copy", async () => {
			await passes(async (cluster) => {
				tell(cluster, 0, { apply: { index: 1, command: ["x"] } });
				await cluster.sleep(1);
				(cluster.nCommitted(1).command as string[]).push("y");
				expect(cluster.nCommitted(1).command).to.deep.equal(["x"]);
			});
		});
	});

	describe("counts", () => {
		it("the requests that its servers were handed, and the bytes on the network", async () => {
			const { figures } = await runCluster({}, async (cluster) => {
				tell(cluster, 0, { echo: { to: 1, args: "12345678" } });
				tell(cluster, 0, { echo: { to: 0, args: "" } });
				cluster.disconnect(2);
				tell(cluster, 0, { echo: { to: 2, args: "" } });
				expect(cluster.rpcCount()).to.equal(0);
				await cluster.sleep(1);
				expect(cluster.rpcCount()).to.equal(2);
				const requests = ['{"to":1,"args":"12345678"}', '{"to":0,"args":""}', '{"to":2,"args":""}'];
				expect(cluster.bytesTotal()).to.equal(requests.join("").length + '"12345678"""'.length);
			});
			expect(figures).to.deep.include({ rpcs: 3, servers: 3, virtualMs: 1, agreements: 0 });
		});

		it("agreements by the highest index applied, and the time", async () => {
			const { figures } = await runCluster({}, async (cluster) => {
				makeLeader(cluster, 1);
				for (const command of ["a", "b", "c"]) await cluster.one(command, 3, false);
				await cluster.sleep(1_500);
			});
			expect(figures).to.include({ agreements: 3, elections: 1 });
			expect(figures.virtualMs).to.equal(1_500 + 3 * 20);
		});
	});

	describe("changes the network", () => {
		it("to an unreliable one, and back", async () => {
			const events = await passes(async (cluster) => {
				const echo = (n: number) => tell(cluster, 0, { echo: { to: 1, args: n } });
				cluster.setReliable(false);
				for (let n = 0; n < 200; n++) echo(n);
				await cluster.sleep(100);
				expect(cluster.rpcCount()).to.be.within(150, 199);
				cluster.setReliable(true);
				const before = cluster.rpcCount();
				for (let n = 0; n < 200; n++) echo(n);
				await cluster.sleep(1);
				expect(cluster.rpcCount()).to.equal(before + 200);
			});
			const told = events.filter((event) => event.kind === "network");
			expect(told.map(({ reliable, longReordering }) => [reliable, longReordering])).to.deep.equal([
				[false, false],
				[true, false],
			]);
		});

		it("to one that reorders", async () => {
			const events = await passes(async (cluster) => {
				cluster.setLongReordering(true);
				for (let n = 0; n < 100; n++) tell(cluster, 0, { echo: { to: 1, args: n } });
				await cluster.sleep(5_000);
			});
			const late = events.filter(({ kind, atMs }) => kind === "reply" && atMs >= 200);
			expect(late.length).to.be.within(50, 85);
		});

		it("which may be unreliable from the start", async () => {
			await passes(
				async (cluster) => {
					for (let n = 0; n < 200; n++) tell(cluster, 0, { echo: { to: 1, args: n } });
					await cluster.sleep(100);
					expect(cluster.rpcCount()).to.be.within(150, 199);
				},
				{ unreliable: true },
			);
		});

		it("and has long delays", async () => {
			const events = await passes(async (cluster) => {
				cluster.disconnect(1);
				for (let n = 0; n < 50; n++) tell(cluster, 0, { echo: { to: 1, args: n } });
				await cluster.sleep(7_000);
			});
			const ends = events.flatMap((event) => (event.kind === "no-reply" ? [event.atMs] : []));
			expect(Math.max(...ends)).to.be.within(5_000, 6_999);
		});
	});

	it("says in what two servers are caught that make time stand still", async () => {
		const program = await submission(`
			export const make = (peers, me) => {
				const raft = {
					start: () => ({ index: 1, term: 1, isLeader: false }),
					getState: () => ({ term: 1, isLeader: false }),
					snapshot() {},
					kill() {},
					Ping: () => "pong",
				};
				if (me === 2) setTimeout(async () => { for (;;) await peers[1].call("Ping", null); }, 10);
				return raft;
			};`);
		const { failure } = await runCluster({ program, journal: false }, (cluster) => cluster.sleep(1_000));
		expect(failure?.check).to.equal("standstill");
		expect(failure?.message).to.match(/; most of all S2 calls Ping on S1$/);
		expect(failure?.atMs).to.equal(10);
	});

	it("takes the same course for the same seed", async () => {
		const course = async (seed: string, schedule: "calm" | "race") => {
			const { journal } = await runCluster({ seed, schedule, unreliable: true }, async (cluster) => {
				makeLeader(cluster, 0);
				for (let n = 0; n < 5; n++) {
					tell(cluster, n % 3, { echo: { to: (n + 1) % 3, args: n, handlingMs: 120 } });
					await cluster.sleep(cluster.rand(300));
				}
				cluster.crash(1);
				cluster.start(1);
				await cluster.sleep(5_000);
			});
			return journal?.hash();
		};
		for (const schedule of ["calm", "race"] as const) {
			const one = await course("1", schedule);
			expect(await course("1", schedule)).to.equal(one);
			expect(await course("2", schedule)).not.to.equal(one);
		}
	});
});
