import { expect } from "chai";
import type { Schedule } from "../sim/seed.ts";
import { NetworkBench, type Outcome } from "../testing/network-bench.ts";

const ROUNDS = 200;

interface Options {
	readonly seed?: string;
	readonly schedule?: Schedule;
	readonly prepare?: (bench: NetworkBench) => void;
	/** Makes other calls in each round, before and after the one from S1 to S2. */
	readonly before?: (bench: NetworkBench, round: number) => void;
	readonly after?: (bench: NetworkBench, round: number) => void;
}

/** What becomes of calls from S1 to S2, one each 10 ms: how long each took, and whether a reply came. */
async function fates({ prepare, before, after, ...options }: Options = {}): Promise<string[]> {
	const bench = new NetworkBench(options);
	bench.network.isReliable = false;
	bench.network.isReordering = true;
	prepare?.(bench);
	const calls: Outcome[] = [];
	await bench.run(async () => {
		for (let round = 0; round < ROUNDS; round++) {
			before?.(bench, round);
			calls.push(bench.call(1, 2));
			after?.(bench, round);
			await bench.sim.sleep(10);
		}
	});
	return calls.map(({ madeAtMs, answer }) => `${(answer?.atMs ?? Number.NaN) - madeAtMs} ms: ${answer?.reply}`);
}

const KINDS: Record<string, Options> = {
	"on the unreliable network": {},
	"to a server that is cut off": { prepare: (bench) => bench.network.setEnabled(1, 2, false) },
	"in the race schedule": {
		schedule: "race",
		prepare: (bench) => {
			bench.network.isReliable = true;
			bench.network.isReordering = false;
		},
	},
};

for (const [kind, options] of Object.entries(KINDS)) {
	describe(`what becomes of a call ${kind}`, () => {
		it("is the same every time", async () => {
			expect(await fates(options)).to.deep.equal(await fates(options));
		});

		it("differs from call to call, and from seed to seed", async () => {
			const one = await fates(options);
			expect(new Set(one).size).to.be.above(20);
			expect(await fates({ ...options, seed: "9" })).not.to.deep.equal(one);
		});

		it("does not depend on calls between other servers", async () => {
			const others = (bench: NetworkBench, round: number) => {
				for (const [from, to] of [
					[0, 1],
					[0, 2],
					[1, 0],
					[2, 1],
					[2, 2],
				] as const)
					bench.calls(round % 3, from, to);
			};
			const alone = await fates(options);
			expect(await fates({ ...options, before: others })).to.deep.equal(alone);
			expect(await fates({ ...options, after: others })).to.deep.equal(alone);
		});

		it("does not depend on what is called, nor on when", async () => {
			const alone = await fates(options);
			const bench = new NetworkBench({ ...options });
			bench.network.isReliable = false;
			bench.network.isReordering = true;
			options.prepare?.(bench);
			const calls: Outcome[] = [];
			await bench.run(async () => {
				for (let round = 0; round < ROUNDS; round++) {
					calls.push(bench.call(1, 2, { method: `Method${round}`, args: '"hello"' }));
					await bench.sim.sleep(3);
				}
			});
			const took = calls.map(
				({ madeAtMs, answer }) => `${(answer?.atMs ?? Number.NaN) - madeAtMs} ms: ${answer?.reply}`,
			);
			expect(took).to.deep.equal(alone);
		});

		it("does depend on how many calls the same servers have made before", async () => {
			const oneMore = (bench: NetworkBench, round: number) => {
				if (round === 0) bench.call(1, 2);
			};
			const alone = await fates(options);
			const shifted = await fates({ ...options, before: oneMore });
			expect(shifted.slice(0, -1)).to.deep.equal(alone.slice(1));
		});
	});
}

describe("the two directions between two servers", () => {
	it("have fates of their own", async () => {
		const bench = new NetworkBench();
		bench.network.isReliable = false;
		const there = bench.calls(300, 1, 2);
		const back = bench.calls(300, 2, 1);
		await bench.run(() => {});
		const times = (calls: readonly Outcome[]) => calls.map(({ answer }) => answer?.atMs);
		const same = times(there).filter((atMs, n) => atMs === times(back)[n]);
		expect(same.length).to.be.below(40);
	});
});
