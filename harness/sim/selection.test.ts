import { expect } from "chai";
import fc from "fast-check";
import type { Cluster } from "../cluster.ts";
import { loadProgram, type Program } from "../machine/program.ts";
import { type RunResult, runTest } from "../run.ts";
import { FIXED_SUBMISSION, fixedTest } from "../testing/journal-hashes.ts";
import { submission } from "../testing/submission.ts";
import { formatChoices } from "./choice.ts";
import { Choices, Decision } from "./choices.ts";
import { parseSeed, type Schedule } from "./seed.ts";
import { type KeptChoice, Selection } from "./selection.ts";

type Body = (cluster: Cluster) => Promise<void>;

/** Messages that come late, twice, or after a crash, by chance; and a partition that is no matter of chance. */
async function attacked(cluster: Cluster): Promise<void> {
	const { adversary } = cluster;
	await cluster.one("hello", 3, true);
	let isCut = false;
	adversary.intercept(({ to }) => (isCut && to === 0 ? { kind: "lost" } : undefined));
	adversary.intercept(({ leg, chance }) => {
		if (chance() < 0.3) return { kind: "late", ms: 300 * chance(1) };
		return leg === "request" && chance(2) < 0.3 ? { kind: "twice", afterMs: 100 } : undefined;
	});
	adversary.whenSent(({ leg, from, chance }) => {
		if (leg === "reply" && chance(3) < 0.05) adversary.bounce(from);
	});
	for (let round = 0; round < 4; round++) {
		isCut = round % 2 === 1;
		for (const server of [0, 1, 2]) cluster.server(server).start(round);
		await cluster.sleep(500);
	}
}

function code(choices: readonly KeptChoice[]): string {
	return formatChoices({ decisions: [], choices });
}

describe("a selection of choices", () => {
	let fixed: Program;
	let reference: Program;
	before(async () => {
		fixed = await submission(FIXED_SUBMISSION);
		reference = await loadProgram("reference/index.ts");
	});

	const stories: readonly { what: string; program: () => Program; body: Body }[] = [
		{ what: "trouble of all kinds", program: () => fixed, body: fixedTest },
		{ what: "an adversary", program: () => reference, body: attacked },
	];
	for (const { what, program, body } of stories) {
		for (const schedule of ["calm", "race"] as const) {
			const make = (seed: string, selection?: Selection): Promise<RunResult> => {
				const options = { servers: 3, snapshots: true, journal: true, invariants: false };
				return runTest({ program: program(), seed: parseSeed(seed), schedule, selection, ...options }, body);
			};
			const hash = async (seed: string, kept?: string) => (await make(seed, new Selection(kept))).journal?.hash();

			it(`takes the same course if it keeps all that came up: ${what}, ${schedule}`, async () => {
				for (const seed of ["1", "2"]) {
					const usual = await make(seed);
					const all = new Selection();
					expect((await make(seed, all)).journal?.hash()).to.equal(usual.journal?.hash());
					const again = new Selection(code(all.kept()));
					expect((await make(seed, again)).journal?.hash()).to.equal(usual.journal?.hash());
					expect(again.kept()).to.deep.equal(all.kept());
					expect(all.kept()).to.have.length.above(20);
				}
			});

			it(`and if it keeps some, so does what came up of these: ${what}, ${schedule}`, async () => {
				const all = new Selection();
				await make("1", all);
				await fc.assert(
					fc.asyncProperty(fc.subarray([...all.kept()]), async (some) => {
						const kept = code(some);
						const selection = new Selection(kept);
						await make("1", selection);
						const cameUp = code(selection.kept());
						expect(await hash("1", cameUp)).to.equal(await hash("1", kept));
						// Nothing comes up that was not kept.
						expect(selection.kept().every((choice) => new Selection(kept).has(choice))).to.equal(true);
					}),
					{ seed: 1, numRuns: 3 },
				);
			}).timeout(60_000);

			it(`keeps nothing, and nothing goes wrong: ${what}, ${schedule}`, async () => {
				const selection = new Selection("0");
				const { journal } = await make("1", selection);
				expect(selection.kept()).to.deep.equal([]);
				const events = journal?.events ?? [];
				expect(events.filter(({ kind }) => kind === "pause")).to.deep.equal([]);
				const lost = events.filter((event) => event.kind === "no-reply" && event.why.endsWith("lost"));
				// What the test's story loses, is lost.
				expect(lost.length > 0).to.equal(what === "an adversary");
			});
		}
	}

	it("leaves what has no default as it was drawn: the machines' random numbers and the tester's draws", async () => {
		const draws = async (schedule: Schedule, selection?: Selection) => {
			const drawn: number[] = [];
			const options = { program: reference, seed: parseSeed("9"), schedule, servers: 3, selection };
			await runTest({ ...options, journal: true }, async (cluster) => {
				for (let i = 0; i < 5; i++) drawn.push(cluster.rand(1000));
				await cluster.checkOneLeader();
			});
			return drawn;
		};
		expect(await draws("race", new Selection("0"))).to.deep.equal(await draws("race"));
		expect(await draws("calm", new Selection("0"))).to.deep.equal(await draws("calm"));
	});

	it("changes no choice but those that it does not keep", () => {
		const seed = parseSeed("77");
		const free = new Choices(seed);
		const some = new Choices(seed, new Selection("L201-3D"));
		for (let n = 0; n < 5; n++) {
			for (const decision of [Decision.requestLoss, Decision.requestDelay, Decision.replyLoss]) {
				const drawn = free.integer(decision, 2, 0, n, 27) + 1;
				expect(some.integer(decision, 2, 0, n, 27) + 1).to.equal(drawn);
				expect(free.settle(decision, 2, 0, n, drawn, 0)).to.equal(drawn);
				const isKept = decision === Decision.requestDelay || (decision === Decision.requestLoss && n % 2 === 1);
				expect(some.settle(decision, 2, 0, n, drawn, 0)).to.equal(isKept ? drawn : 0);
				expect(some.settle(decision, 0, 2, n, drawn, 0)).to.equal(decision === Decision.requestDelay ? drawn : 0);
			}
		}
		expect(some.selection?.kept().map(({ n }) => n)).to.include.members([1, 3]);
	});

	describe("of ties", () => {
		/** What came up when events of one instant happened in this order of their making. */
		const cameUp = (...sequences: number[]) => {
			const selection = new Selection();
			const tie = (n: number) => ({ decision: Decision.tie, a: 1, b: 0, n });
			selection.happens(1, 0, tie(0));
			for (const sequence of sequences) selection.happens(2, sequence, tie(sequence));
			selection.happens(3, 99, tie(99));
			return selection.kept().map(({ n }) => n);
		};

		it("sees those that happened in another order than they were made in, and those between", () => {
			expect(cameUp(1, 2, 3)).to.deep.equal([]);
			expect(cameUp(2, 1)).to.deep.equal([2, 1]);
			expect(cameUp(1, 2, 4, 3)).to.deep.equal([4, 3]);
			expect(cameUp(1, 3, 4, 2, 5)).to.deep.equal([3, 4, 2, 5]);
		});
	});
});
