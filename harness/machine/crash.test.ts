import { expect } from "chai";
import fc from "fast-check";
import type { Cluster } from "../cluster.ts";
import type { SimulationEvent } from "../events.ts";
import { observe, type Parts, sourceOf, toldBy } from "../testing/observe.ts";
import { submission } from "../testing/submission.ts";

/** Crashes server 0 after so many milliseconds and starts it again at once. */
async function restartAfter(ms: number, cluster: Cluster): Promise<void> {
	await cluster.sleep(ms);
	cluster.start(0);
	cluster.connect(0);
	await cluster.sleep(1_000);
}

/** What server 0 and those after it tell while that happens. */
const overRestart = (parts: Parts, ms = 20, servers = 1) =>
	toldBy(parts, { servers }, (cluster) => restartAfter(ms, cluster));

describe("a crash", () => {
	it("ends all variables: a restarted server begins anew", async () => {
		const module = "let incarnations = 0; const memory = new Map(); class Counter { static made = 0; }";
		const make = `
			tell([++incarnations, memory.size, ++Counter.made, globalThis.left]);
			memory.set(me, peers);
			globalThis.left = "behind";
		`;
		expect(await overRestart({ module, make })).to.deep.equal([
			[1, 0, 1, undefined],
			[1, 0, 1, undefined],
		]);
	});

	it("ends all timers", async () => {
		const make = `
			const born = performance.now();
			for (const [name, set] of Object.entries({ setTimeout, setInterval })) set(() => tell([name, born, performance.now()]), 50);
			sleep(50).then(() => tell(["sleep", born, performance.now()]));
			setInterval(() => {}, 1);
		`;
		const told = (await overRestart({ make }, 40)) as [string, number, number][];
		expect(told.slice(0, 3)).to.deep.equal([
			["setTimeout", 40, 90],
			["setInterval", 40, 90],
			["sleep", 40, 90],
		]);
		expect(told.every(([, born]) => born === 40)).to.equal(true);
	});

	it("ends whatever awaits: not even a finally is reached", async () => {
		const make = `
			(async () => {
				try { await sleep(50); tell("awoke at " + performance.now()); }
				finally { tell("finally at " + performance.now()); }
			})();
		`;
		expect(await overRestart({ make })).to.deep.equal(["awoke at 70", "finally at 70"]);
	});

	it("ends the handling of requests: no reply of a dead incarnation arrives, nor the new one's in its place", async () => {
		const make = `
			const born = performance.now();
			if (me === 1) setTimeout(async () => tell([await peers[0].call("Slow", 7), performance.now()]), 10);
		`;
		const methods =
			"async Slow(x) { persister.save(encode(x), new Uint8Array(0)); await sleep(60); return [x, born]; },";
		const { toldBy } = await observe({ make, methods }, { servers: 2 }, (cluster) => restartAfter(30, cluster));
		expect(toldBy(1)).to.deep.equal([[undefined, 110]]);
	});

	it("ends calls: a reply to the dead incarnation does not reach the new one, whose calls have the same numbers", async () => {
		const make = `
			const born = performance.now();
			if (me === 0) setTimeout(async () => tell([born, await peers[1].call("Slow", born)]), 5);
		`;
		const methods = "async Slow(x) { await sleep(60); return x; },";
		const { toldBy } = await observe({ make, methods }, { servers: 2 }, (cluster) => restartAfter(30, cluster));
		expect(toldBy(0)).to.deep.equal([[30, 30]]);
	});

	it("ends what waits on applyCh", async () => {
		const make = `
			const born = performance.now();
			setTimeout(() => {
				for (let i = 1; i <= 3; i++) {
					applyCh.send({ commandValid: true, command: born, commandIndex: i }).then(() => tell([born, i]));
				}
			}, 10 - born);
		`;
		const { told, events } = await observe({ make }, {}, async (cluster) => {
			await cluster.sleep(10);
			cluster.start(0);
			await cluster.sleep(50);
		});
		const applied = events.flatMap((event) => (event.kind === "apply" ? [`${event.index}: ${event.command}`] : []));
		expect(applied).to.deep.equal(["1: 10", "2: 10", "3: 10"]);
		expect(told).to.deep.equal([
			[10, 1],
			[10, 2],
			[10, 3],
		]);
	});

	it("calls kill(), once, and nothing that it does reaches anybody", async () => {
		const make = `
			let calls = 0;
			persister.save(encode("in time"), new Uint8Array(0));
		`;
		const methods = `
			kill() {
				calls++;
				persister.save(encode("too late: " + calls), new Uint8Array(9));
				tell("dead");
				console.log("dead");
				void applyCh.send({ commandValid: true, command: 1, commandIndex: 1 });
				setTimeout(() => tell("dead"), 1);
				Promise.resolve().then(() => tell("dead"));
				Promise.reject(new Error("dead"));
			},
		`;
		const parts = {
			make: `if (persister.raftStateSize() > 0) tell(decode(persister.readRaftState())); ${make}`,
			methods,
		};
		const { told, events, failure } = await observe(parts, { explain: true }, (cluster) => restartAfter(20, cluster));
		expect(failure).to.equal(undefined);
		expect(told).to.deep.equal(["in time"]);
		expect(events.filter(({ kind }) => kind === "log" || kind === "apply")).to.deep.equal([]);
	});

	it("reports what kill() throws", async () => {
		const { failure } = await observe({ methods: "kill() { throw new RangeError('not now'); }," }, {}, (cluster) => {
			cluster.crash(0);
		});
		expect(failure).to.include({ check: "fault-exception", message: "S0: kill() threw: RangeError: not now" });
	});

	it("does not call kill() again on a server that is down", async () => {
		const parts = { make: "let calls = 0;", methods: "kill() { if (++calls > 1) throw new Error('twice'); }," };
		const { failure } = await observe(parts, {}, (cluster) => {
			cluster.crash(0);
			cluster.crash(0);
		});
		expect(failure).to.equal(undefined);
	});
});

describe("stable storage", () => {
	const READ =
		"const read = () => (persister.raftStateSize() === 0 ? [] : [decode(persister.readRaftState()), decode(persister.readSnapshot())]);";

	it("holds what was saved last, both parts of it", async () => {
		const make = `${READ}
			tell(read());
			for (let i = 0; i < 3; i++) persister.save(encode(["state", i, performance.now()]), encode(["snapshot", i]));
			tell(read());
		`;
		const saved = (ms: number) => [
			["state", 2, ms],
			["snapshot", 2],
		];
		expect(await overRestart({ make })).to.deep.equal([[], saved(0), saved(0), saved(20)]);
	});

	it("holds, after a crash in the middle of a step, what was saved by then", async () => {
		const make = `${READ}
			tell(read());
			const save = (what) => persister.save(encode(what), encode(-what));
			if (persister.raftStateSize() === 0) setTimeout(() => { save(2); peers[0].call("tell", "between"); save(3); tell("end"); }, 10);
			save(1);
		`;
		for (const [crashAt, expected] of [
			[2, [2, -2]],
			[3, [3, -3]],
			["between", [2, -2]],
		] as const) {
			let saves = 0;
			let cluster: Cluster | undefined;
			const { told } = await observe(
				{ make },
				{
					listener: (event) => {
						const isDue =
							event.kind === "save" ? ++saves === crashAt : event.kind === "call" && event.args === `"${crashAt}"`;
						if (isDue) cluster?.crash(0);
					},
				},
				async (running) => {
					cluster = running;
					await running.sleep(20);
					cluster = undefined;
					running.start(0);
				},
			);
			expect(told.at(-1), `at ${crashAt}`).to.deep.equal(expected);
			expect(told, `at ${crashAt}`).to.not.include("end");
		}
	});

	it("holds it also if getState() saves", async () => {
		const make = `${READ}
			tell(read());
			const save = (what) => persister.save(encode(what), encode(-what));
			let saves = 0;
			setTimeout(() => { peers[0].call("tell", "now"); save(50); }, 10);
		`;
		const methods = "getState() { save(++saves); return { term: 1, isLeader: false }; },";
		let cluster: Cluster | undefined;
		const listener = (event: SimulationEvent) => {
			if (event.kind === "call" && event.args === '"now"') cluster?.crash(0);
		};
		const { told } = await observe({ make, methods }, { listener }, async (running) => {
			cluster = running;
			await running.sleep(20);
			running.start(0);
		});
		expect(told).to.deep.equal([[], "now", [1, -1]]);
	});

	it("keeps every byte, whatever is saved when", async () => {
		const program = await submission(
			sourceOf({
				make: "tell([...persister.readRaftState(), -1, ...persister.readSnapshot()]);",
				methods: `
					start(saves) {
						for (const [fill, state, snapshot] of saves) {
							persister.save(new Uint8Array(state).fill(fill), new Uint8Array(snapshot).fill(fill + 100));
							if (persister.raftStateSize() !== state || persister.snapshotSize() !== snapshot) throw new Error("size");
						}
						return { index: -1, term: 1, isLeader: false };
					},
				`,
			}),
		);
		const save = fc.tuple(fc.nat(99), fc.nat(40), fc.nat(40));
		const step = fc.record({ saves: fc.array(save, { maxLength: 4 }), crash: fc.boolean() });
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
				const expected: number[][] = [[-1]];
				let last = [-1];
				const { told } = await observe(program, {}, (cluster) => {
					for (const { saves, crash } of steps) {
						cluster.server(0).start(saves);
						const [fill, state, snapshot] = saves.at(-1) ?? [];
						if (fill !== undefined) last = [...Array(state).fill(fill), -1, ...Array(snapshot).fill(fill + 100)];
						if (!crash) continue;
						cluster.start(0);
						expected.push(last);
					}
				});
				expect(told).to.deep.equal(expected);
			}),
			{ numRuns: 60, seed: 1 },
		);
	});
});
