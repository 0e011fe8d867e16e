import { expect } from "chai";
import {
	type Cluster,
	loadProgram,
	type Program,
	parseSeed,
	runSeed,
	runTest,
	type Seed,
	Selection,
} from "../../harness/index.ts";
import { mutants } from "../../reference/mutants/index.ts";
import { ROOT } from "../testing/command.ts";
import type { RunOrder, RunOutcome } from "../worker/messages.ts";
import type { Pool } from "../worker/pool.ts";
import { type ShrinkOptions, shrinkAndTell, type Told } from "./shrink.ts";
import { tellChoices } from "./tell-choices.ts";

const TEST = "ManyElections";

/** As the lab's test of that name. */
async function manyElections(cluster: Cluster): Promise<void> {
	for (let round = 0; round < 10; round++) {
		const away = [0, 1, 2].map(() => cluster.rand(cluster.size));
		for (const server of away) cluster.disconnect(server);
		await cluster.checkOneLeader();
		for (const server of away) cluster.connect(server);
	}
}

describe("shrink", () => {
	let program: Program;
	let seed: Seed;
	before(async function () {
		this.timeout(120_000);
		const mutant = mutants.find(({ id }) => id === "server-zero-is-nobody");
		program = await loadProgram(`${ROOT}reference/index.ts`, mutant?.edits);
		for (let i = 0; seed === undefined; i++) {
			const candidate = runSeed(parseSeed("1"), TEST, i, "race");
			const drawn = await make({ test: TEST, seed: candidate, purpose: "judge" });
			const calm = await make({ test: TEST, seed: candidate, kept: "0", purpose: "judge" });
			if (drawn.failure !== undefined && calm.failure === undefined) seed = candidate;
		}
	});

	/** Makes runs in this process. */
	const pool: Pick<Pool, "run"> = {
		async run<Order extends RunOrder>(
			orders: Iterable<Order>,
			onOutcome: (order: Order, outcome: RunOutcome) => void,
			signal?: AbortSignal,
		) {
			for (const order of orders) {
				if (signal?.aborted === true) return;
				onOutcome(order, await make(order));
			}
		},
	};

	async function make({ seed, kept, limitMs, purpose }: RunOrder): Promise<RunOutcome> {
		const selection = new Selection(kept);
		const options = { program, seed, servers: 7, selection, limitMs, journal: purpose === "explain" };
		const { failure, figures, warnings, journal } = await runTest(options, manyElections);
		return {
			failure: failure && { ...failure, message: failure.message, isContained: false },
			figures,
			warnings,
			wallMs: 0,
			choices: selection.kept(),
			toldChoices: journal && tellChoices(selection.kept(), journal.events, figures.servers),
		};
	}

	async function shrunk(options: Partial<ShrinkOptions> = {}): Promise<Told> {
		const { signal } = new AbortController();
		const result = await shrinkAndTell(pool, { test: TEST, run: { seed }, tries: 200, signal, ...options });
		if (result.kind !== "found") throw new Error(result.kind);
		return result;
	}

	it("leaves few choices of a mistake that comes to light by chance, none of which can be left out", async () => {
		const { failure, told, seed: its, kept, choices, of, cutShort } = await shrunk();
		expect(failure.check).to.equal("election-safety");
		expect([told.check, its, cutShort]).to.deep.equal(["election-safety", seed, undefined]);
		expect(of).to.be.above(100);
		expect(choices).to.have.length.within(1, 10);
		for (const sentence of choices) expect(sentence).to.match(/^(S\d|a timer|the|a).* at \d+\.\d{3} s.*\.$/);
		// By its name it can be made again.
		const { failure: again, choices: cameUp } = await make({ test: TEST, seed: its, kept, purpose: "judge" });
		expect([again?.check, again?.message, cameUp?.length]).to.deep.equal([told.check, told.message, choices.length]);
	}).timeout(60_000);

	it("says when there were too few tries to be sure", async () => {
		const { cutShort, tries, told, choices } = await shrunk({ tries: 6 });
		expect(told.check).to.equal("election-safety");
		expect(tries).to.be.at.most(6);
		// In so few tries nothing can be found but another run, in which nothing has to go wrong.
		expect(cutShort).to.equal(choices.length === 0 ? undefined : "tries");
	}).timeout(60_000);

	it("tells the best so far when it is stopped", async () => {
		const controller = new AbortController();
		const onProgress = (tries: number) => {
			if (tries === 8) controller.abort();
		};
		const { cutShort, told, choices, of } = await shrunk({ signal: controller.signal, onProgress });
		expect([cutShort, told.check]).to.deep.equal(["stopped", "election-safety"]);
		expect(choices.length).to.be.within(1, of);
	}).timeout(60_000);
});
