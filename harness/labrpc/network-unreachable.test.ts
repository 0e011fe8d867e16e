import { expect } from "chai";
import { NetworkBench, type Outcome } from "../testing/network-bench.ts";
import { expectUniform } from "../testing/statistics.ts";

const CALLS = 4000;

function delaysOf(calls: readonly Outcome[]): number[] {
	return calls.map(({ madeAtMs, answer }) => (answer?.atMs ?? Number.NaN) - madeAtMs);
}

const UNREACHABLE: Record<string, (bench: NetworkBench) => void> = {
	"is cut off": (bench) => bench.network.setEnabled(0, 1, false),
	"is down": (bench) => bench.crash(1),
	// What a disconnected server's end is for a server that runs, and the other way round.
	"is down, with an enabled end": (bench) => {
		bench.crash(1);
		bench.network.setEnabled(0, 1, true);
	},
};

describe("a call to a server that cannot be reached", () => {
	for (const [state, make] of Object.entries(UNREACHABLE)) {
		describe(`because it ${state}`, () => {
			it("gives up after 0 … 6999 ms, with long delays", async () => {
				const bench = new NetworkBench();
				bench.network.hasLongDelays = true;
				make(bench);
				const calls = bench.calls(CALLS, 0, 1);
				await bench.run(() => {});
				expectUniform(delaysOf(calls), 7000);
				expect(calls.filter(({ answer }) => answer?.reply !== undefined)).to.deep.equal([]);
				expect(new Set(bench.reasons)).to.deep.equal(new Set(["unreachable"]));
			});

			it("gives up after 0 … 99 ms, without", async () => {
				const bench = new NetworkBench();
				make(bench);
				const calls = bench.calls(CALLS, 0, 1);
				await bench.run(() => {});
				expectUniform(delaysOf(calls), 100, 100);
			});
		});
	}

	it("takes as long on the unreliable network, where nothing more can happen to it", async () => {
		const bench = new NetworkBench();
		bench.network.isReliable = false;
		bench.network.hasLongDelays = true;
		bench.network.setEnabled(0, 1, false);
		const calls = bench.calls(CALLS, 0, 1);
		await bench.run(() => {});
		expectUniform(delaysOf(calls), 7000);
		expect(new Set(bench.reasons)).to.deep.equal(new Set(["unreachable"]));
	});

	it("never reaches a handler, also if the server comes back while the caller waits", async () => {
		const bench = new NetworkBench();
		await bench.run(async () => {
			bench.network.setEnabled(0, 1, false);
			bench.crash(2);
			const calls = [...bench.calls(50, 0, 1), ...bench.calls(50, 0, 2)];
			await bench.sim.sleep(0);
			bench.network.setEnabled(0, 1, true);
			bench.start(2);
			await bench.sim.sleep(7000);
			expect(calls.filter(({ answer }) => answer === undefined || answer.reply !== undefined)).to.deep.equal([]);
		});
		expect(bench.figures.handled).to.deep.equal([0, 0, 0]);
	});

	it("takes as long as it was to take when it was made", async () => {
		const bench = new NetworkBench();
		bench.network.setEnabled(0, 1, false);
		bench.network.hasLongDelays = true;
		await bench.run(async () => {
			const long = bench.calls(100, 0, 1);
			bench.network.hasLongDelays = false;
			const short = bench.calls(100, 0, 1);
			bench.network.hasLongDelays = true;
			await bench.sim.sleep(7000);
			expect(Math.max(...delaysOf(long))).to.be.above(5000);
			expect(Math.max(...delaysOf(short))).to.be.below(100);
		});
	});

	it("resolves for nobody if the caller has crashed", async () => {
		const bench = new NetworkBench();
		bench.network.setEnabled(0, 1, false);
		await bench.run(async () => {
			const calls = bench.calls(20, 0, 1);
			await bench.sim.sleep(0);
			const before = calls.filter(({ answer }) => answer !== undefined).length;
			bench.crash(0);
			bench.start(0);
			await bench.sim.sleep(7000);
			expect(calls.filter(({ answer }) => answer !== undefined)).to.have.lengthOf(before);
			expect(bench.machine(0).answers.size).to.equal(0);
		});
	});
});
