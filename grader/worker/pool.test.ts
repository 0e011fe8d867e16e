import path from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { bundleProgram, type ProgramSource, parseSeed, runSeed, TargetError } from "../../harness/index.ts";
import { USUAL_LIMITS } from "../grading/limits.ts";
import { folderWith, ROOT, removeFolders, run } from "../testing/command.ts";
import { CAN_LIST_PROCESSES, isRunning, until, workersOf } from "../testing/processes.ts";
import { referenceFiles, rightBut, SILENT } from "../testing/submissions.ts";
import { workerCode } from "./code.ts";
import type { RunOrder, RunOutcome } from "./messages.ts";
import { Pool } from "./pool.ts";
import { WorkerFault, type WorkerLimits } from "./worker-process.ts";

/** Fails in every third run or so, depending on the seed. */
const UNLUCKY = rightBut(
	"if (me === 0 && Math.random() < 0.3) setTimeout(unlucky, 30);",
	"function unlucky() { throw new Error('no luck'); }",
);

const orderOf = (i: number, test = "InitialElection"): RunOrder => ({
	test,
	seed: runSeed(parseSeed("7"), test, i, i % 2 === 0 ? "calm" : "race"),
	purpose: "judge",
});
const workers = () => workersOf(process.pid);

describe("a pool of workers", () => {
	let code: string;
	let reference: Record<string, string>;
	const pools: Pool[] = [];
	before(async () => {
		code = await workerCode([]);
		reference = await referenceFiles();
	});
	afterEach(() => {
		for (const pool of pools.splice(0)) pool.close();
	});
	after(removeFolders);

	const bundle = async (text: string): Promise<ProgramSource> => {
		const folder = await folderWith({ ...reference, "raft.ts": text });
		return bundleProgram(path.join(folder, "raft.ts"), [], folder);
	};
	const open = async (text: string, jobs = 1, limits: Partial<WorkerLimits> = {}, ownCode = code) => {
		const source = await bundle(text);
		const pool = new Pool({ jobs, code: ownCode, source, limits: { ...USUAL_LIMITS, ...limits } });
		pools.push(pool);
		return pool;
	};
	const collect = async (pool: Pool, orders: Iterable<RunOrder>, signal?: AbortSignal) => {
		const outcomes: [RunOrder, RunOutcome][] = [];
		await pool.run(orders, (order, outcome) => outcomes.push([order, outcome]), signal);
		return outcomes;
	};
	/** What was found, run by run, whatever the order; without the time it took. */
	const findings = (outcomes: readonly (readonly [RunOrder, RunOutcome])[]) =>
		outcomes
			.map(([{ seed }, outcome]) => ({ seed, ...outcome, wallMs: 0 }))
			.toSorted((a, b) => (a.seed < b.seed ? -1 : 1));

	it("makes each run once and finds the same, whatever the number of workers", async () => {
		const orders = Array.from({ length: 24 }, (_, i) => orderOf(i));
		const [one, two, three] = await Promise.all(
			[1, 2, 3].map(async (jobs) => collect(await open(UNLUCKY, jobs), orders)),
		);
		expect(one?.map(([{ seed }]) => seed).toSorted()).to.deep.equal(orders.map(({ seed }) => seed).toSorted());
		const failed = one?.filter(([, { failure }]) => failure !== undefined) ?? [];
		expect(failed.length).to.be.within(1, 23);
		expect(failed[0]?.[1].failure?.message).to.match(/^S0: a timer callback threw: Error: no luck/);
		expect(findings(two ?? [])).to.deep.equal(findings(one ?? []));
		expect(findings(three ?? [])).to.deep.equal(findings(one ?? []));
	});

	it("makes any list of runs, several lists one after the other with the same workers", async () => {
		const pool = await open(SILENT, 2);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { maxLength: 12 }), async (list) => {
				const orders = list.map((i) => orderOf(i));
				const outcomes = await collect(pool, orders);
				const names = (some: readonly RunOrder[]) => some.map(({ seed }) => seed).toSorted();
				expect(names(outcomes.map(([order]) => order))).to.deep.equal(names(orders));
				for (const [, { failure }] of outcomes) expect(failure?.message).to.match(/^expected one leader, got none/);
			}),
			{ numRuns: 10 },
		);
	});

	it("takes orders as workers become free, from a list that never ends", async () => {
		const pool = await open(SILENT, 2);
		const stop = new AbortController();
		let taken = 0;
		let over = 0;
		function* endless() {
			for (;;) yield orderOf(taken++);
		}
		await pool.run(
			endless(),
			() => {
				if (++over === 10) stop.abort();
			},
			stop.signal,
		);
		expect(over).to.equal(10);
		expect(taken).to.be.within(10, 10 + 2 * 2);
	});

	it("makes a run again whose worker was killed from outside, and hands those on that waited behind it", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const before = workers();
		const pool = await open(rightBut(""), 1);
		await pool.ready();
		const [pid] = workers().filter((id) => !before.includes(id));
		const orders = [orderOf(0, "Figure8Unreliable"), ...Array.from({ length: 5 }, (_, i) => orderOf(i))];
		const running = collect(pool, orders);
		process.kill(pid as number, "SIGKILL");
		const outcomes = await running;
		expect(outcomes.map(([{ test }]) => test).toSorted()).to.deep.equal(orders.map(({ test }) => test).toSorted());
		for (const [{ test }, { failure }] of outcomes) expect(failure, test).to.equal(undefined);
	});

	it("breaks off what nobody wants any more, and hands on what waited behind it", async () => {
		const hanging = rightBut("if (peers.length === 7) setTimeout(() => { for (;;); }, 20);");
		const pool = await open(hanging, 2, { stepMs: 600_000 });
		const told: RunOrder[] = [];
		const [hangs, waits, ...others] = [orderOf(0, "ManyElections"), orderOf(0), orderOf(1), orderOf(2)] as const;
		await pool.run(
			[hangs, waits, ...others],
			(order) => told.push(order),
			undefined,
			(order) => order !== hangs || told.length === 0,
		);
		expect(told).to.have.members([waits, ...others]);
	});

	it("stops when it is told to, and leaves no process behind", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const before = workers();
		const pool = await open(rightBut("if (peers.length === 7) setTimeout(() => { for (;;); }, 20);"), 2);
		const stop = new AbortController();
		const told: string[] = [];
		const running = pool.run(
			[orderOf(0), orderOf(0, "ManyElections"), orderOf(1, "ManyElections"), orderOf(1)],
			({ test }) => {
				told.push(test);
				stop.abort();
			},
			stop.signal,
		);
		await running;
		// Nothing is said of what was under way.
		expect(told).to.deep.equal(["InitialElection"]);
		await until(() => workers().every((id) => before.includes(id)));
		// It can still be used.
		expect(await collect(pool, [orderOf(2)])).to.have.length(1);
		expect(workers().some((id) => !before.includes(id))).to.equal(true);
		pool.close();
		await until(() => workers().every((id) => before.includes(id)));
	});

	it("makes nothing of a run that it was looking into when it was stopped", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const pool = await open(rightBut("if (peers.length === 7) setTimeout(() => { for (;;); }, 20);"), 1, {
			stepMs: 300,
		});
		await pool.ready();
		const first = workers();
		const stop = new AbortController();
		const running = collect(pool, [orderOf(0, "ManyElections")], stop.signal);
		// Its worker has been given up, and another one looks into what happened.
		await until(() => workers().some((pid) => !first.includes(pid)));
		stop.abort();
		expect(await running).to.deep.equal([]);
	});

	it("leaves no process behind when its own process ends abruptly", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const folder = await folderWith({ "raft.ts": "for (;;);" });
		const script = path.join(ROOT, "grader/testing/leave-abruptly.ts");
		const args = ["--import", "tsx", script, path.join(folder, "raft.ts"), folder];
		const { stdout, stderr } = await run(process.execPath, args, ROOT);
		expect(stderr).to.equal("");
		const pids: number[] = JSON.parse(stdout);
		expect(pids).to.have.length.above(0);
		await until(() => !pids.some(isRunning));
	});

	it("is closed while it still loads", async () => {
		const pool = await open("for (;;);");
		setTimeout(() => pool.close(), 50);
		await pool.ready();
		expect(await collect(pool, [orderOf(0)])).to.deep.equal([]);
	});

	it("refuses a target that cannot be loaded", async () => {
		const pool = await open("null!.x; export const make = 1;", 2);
		const error = await pool.ready().catch((thrown: unknown) => thrown);
		expect(error).to.be.instanceOf(TargetError);
		expect((error as Error).message).to.match(/loading the module threw: TypeError/);
	});

	it("says of a target that hangs as it is loaded that it does", async () => {
		const error = await (await open("for (;;);", 1, { stepMs: 300 })).ready().catch((thrown: unknown) => thrown);
		expect(error).to.be.instanceOf(TargetError);
		expect((error as Error).message).to.match(/never comes to rest|more than 0\.3 s/);
	});

	it("tells a fault of its own from one of the target's", async () => {
		const pool = await open(SILENT);
		const error = await collect(pool, [orderOf(0, "NoSuchTest")]).catch((thrown: unknown) => thrown);
		expect(error).to.be.instanceOf(WorkerFault);
		expect((error as Error).message).to.include("there is no test NoSuchTest");
		const broken = await open(SILENT, 1, {}, "throw new Error('our own mistake');");
		const second = await broken.ready().catch((thrown: unknown) => thrown);
		expect((second as Error).message).to.include("our own mistake");
	});
});
