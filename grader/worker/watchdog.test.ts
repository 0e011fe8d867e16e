import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { bundleProgram, parseSeed } from "../../harness/index.ts";
import { USUAL_LIMITS } from "../grading/limits.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import { CAN_LIST_PROCESSES, workersOf } from "../testing/processes.ts";
import { referenceFiles, rightBut } from "../testing/submissions.ts";
import { workerCode } from "./code.ts";
import type { RunOrder, RunOutcome } from "./messages.ts";
import { Pool } from "./pool.ts";
import type { WorkerLimits } from "./worker-process.ts";

/** Something goes wrong in a cluster of seven: that is, in ManyElections. */
const inSeven = (code: string, helpers = "") =>
	rightBut(`if (peers.length === 7) setTimeout(() => { ${code} }, 20);`, helpers);
const BUSY = "function busy(ms) { let x = 0; for (let i = 0; i < ms * 100_000; i++) x = (x * 31 + i) | 0; return x; }";

const ORDERS = ["InitialElection", "ManyElections", "ReElection"].map(
	(test): RunOrder => ({ test, seed: parseSeed("8"), purpose: "judge" }),
);

describe("the watch over workers", () => {
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

	const open = async (text: string, limits: Partial<WorkerLimits>) => {
		const folder = await folderWith({ ...reference, "raft.ts": text });
		const source = await bundleProgram(path.join(folder, "raft.ts"), [], folder);
		const pool = new Pool({ jobs: 1, code, source, limits: { ...USUAL_LIMITS, ...limits } });
		pools.push(pool);
		return pool;
	};
	const grade = async (text: string, limits: Partial<WorkerLimits>, orders: readonly RunOrder[] = ORDERS) => {
		const outcomes = new Map<string, RunOutcome>();
		await (await open(text, limits)).run(orders, ({ test }, outcome) => outcomes.set(test, outcome));
		return outcomes;
	};
	const expectOthersPassed = (outcomes: ReadonlyMap<string, RunOutcome>) => {
		for (const test of ["InitialElection", "ReElection"]) {
			expect(outcomes.has(test), test).to.equal(true);
			expect(outcomes.get(test)?.failure, test).to.equal(undefined);
		}
	};

	const HANGS = {
		"a loop that never ends": "let i = 0; for (;;) i++;",
		"promises that never end": "const again = () => Promise.resolve().then(again); again();",
	};
	for (const [what, hang] of Object.entries(HANGS)) {
		it(`stops ${what}, and nothing else pays for it`, async () => {
			const outcomes = await grade(inSeven(hang), { stepMs: 400 });
			const failure = outcomes.get("ManyElections")?.failure;
			expect(failure?.isContained).to.equal(true);
			expect(failure?.message).to.match(/0\.4 s/);
			expect(failure?.message.split("\n")).to.have.length(1);
			expectOthersPassed(outcomes);
		});
	}

	it("stops a run that eats memory, and nothing else pays for it", async () => {
		const outcomes = await grade(inSeven("const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length));"), {
			memoryMb: 128,
		});
		const failure = outcomes.get("ManyElections")?.failure;
		expect(failure).to.deep.include({
			check: "contained-memory",
			isContained: true,
			message: "the run used more than the 128 MB of memory that it may use, and was stopped",
		});
		expectOthersPassed(outcomes);
	});

	it("stops a run that eats memory outside the heap", async function () {
		if (process.platform !== "linux") this.skip();
		const bomb = "const kept = []; for (;;) { const page = new Uint8Array(1 << 22).fill(1); kept.push(page); }";
		const outcomes = await grade(inSeven(bomb), { memoryMb: 128 });
		expect(outcomes.get("ManyElections")?.failure?.check).to.equal("contained-memory");
		expectOthersPassed(outcomes);
	});

	it("stops a run that takes too long as a whole, although each of its steps ends; and nothing else pays for it", async () => {
		const slow = rightBut("if (peers.length === 7) setInterval(() => busy(20), 5);", BUSY);
		const outcomes = await grade(slow, { runMs: 1500 });
		expect(outcomes.get("ManyElections")?.failure).to.deep.include({
			check: "contained-slow",
			isContained: true,
			message: "the run took more than 1.5 s of real time and was stopped",
		});
		// It waited behind that run.
		expectOthersPassed(outcomes);
	});

	it("takes a solution that is merely slow for no other: many steps at one instant, each of them long", async () => {
		// Seconds in which no virtual time passes, and in which the test that waits for them has no turn.
		const step = "busy(50); persister.save(persister.readRaftState(), persister.readSnapshot());";
		const slow = rightBut(`for (let i = 0; i < 40; i++) setTimeout(() => { ${step} }, 20);`, BUSY);
		const outcomes = await grade(slow, { stepMs: 300 }, ORDERS.slice(0, 1));
		expect(outcomes.get("InitialElection")?.failure).to.equal(undefined);
	});

	it("does not stop code that gives way within its limit, however small that is", async () => {
		const orders = Array.from({ length: 4 }, (_, i) => ({ ...(ORDERS[0] as RunOrder), seed: parseSeed(`${i + 1}`) }));
		const slow = rightBut("if (me === 0) setTimeout(() => busy(100), 20);", BUSY);
		const pool = await open(slow, { stepMs: 50 });
		const failures: unknown[] = [];
		await pool.run(orders, (_, { failure }) => failures.push(failure));
		expect(failures).to.deep.equal(orders.map(() => undefined));
	});

	it("counts no time against a worker for which it had to wait", async function () {
		if (process.platform !== "linux" || !CAN_LIST_PROCESSES) this.skip();
		const before = workersOf(process.pid);
		const pool = await open(rightBut(""), { stepMs: 50, runMs: 1500 });
		await pool.ready();
		const [worker = 0] = workersOf(process.pid).filter((pid) => !before.includes(pid));
		// As on a busy machine: others have the cores, for longer than a step and a run may take.
		process.kill(worker, "SIGSTOP");
		const outcomes: RunOutcome[] = [];
		const running = pool.run(ORDERS.slice(0, 1), (_, outcome) => outcomes.push(outcome));
		await sleep(2500);
		expect(workersOf(process.pid)).to.include(worker);
		process.kill(worker, "SIGCONT");
		await running;
		expect(outcomes.map(({ failure }) => failure)).to.deep.equal([undefined]);
	});

	it("counts no time against a run in which all of it was stopped", async function () {
		if (!CAN_LIST_PROCESSES) this.skip();
		const before = workersOf(process.pid);
		const slow = rightBut("if (me === 0) setInterval(() => busy(5), 20);", BUSY);
		const pool = await open(slow, { runMs: 1500 });
		await pool.ready();
		const outcomes: RunOutcome[] = [];
		const running = pool.run(ORDERS.slice(0, 1), (_, outcome) => outcomes.push(outcome));
		const workers = workersOf(process.pid).filter((pid) => !before.includes(pid));
		expect(workers).to.have.length(1);
		// As Ctrl-Z does: nothing happens in any of these processes for longer than a run may take.
		for (const pid of workers) process.kill(pid, "SIGSTOP");
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1800);
		for (const pid of workers) process.kill(pid, "SIGCONT");
		await running;
		expect(outcomes.map(({ failure }) => failure)).to.deep.equal([undefined]);
	});
});
