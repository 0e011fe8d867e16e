/**
 * `npm run timeouts`: which election timeouts and heartbeats does the lab want? The paper's 150–300 ms, or longer ones, as the labs advise? Tries a grid of
 * them with the model solution; writes docs/timeouts.md. It may be interrupted, and goes on where it was.
 */
import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleProgram, compileProgram, type Program, parseSeed, runSeed, runTest } from "../../harness/index.ts";
import { SUITES } from "../../labs/suites.ts";
import { seedOf } from "../grading/plan.ts";
import { LabRunner } from "../lab-runner.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { estimate, markdownTable, median, quantile } from "../statistics.ts";
import { bundleWorker } from "../worker/code.ts";
import { isCrew, share, work } from "./crew.ts";
import { Kept } from "./kept.ts";
import { record } from "./record.ts";

const { values } = parseArgs({
	options: {
		/** How many passes over the 28 tests for each cell of the grid. */
		passes: { type: "string", default: "50" },
		/** How many clusters lose leaders, for each cell and network. */
		clusters: { type: "string", default: "20" },
		jobs: { type: "string", default: String(os.availableParallelism()) },
		/** Only writes the page, from what has been found. */
		page: { type: "boolean", default: false },
	},
});

const BASE = parseSeed("71e");
/** Shortest and longest election timeout, in milliseconds. */
const TIMEOUTS = [
	[150, 300],
	[200, 400],
	[300, 600],
	[500, 1000],
	[800, 1600],
] as const;
/** In milliseconds. */
const HEARTBEATS = [50, 100, 150] as const;
/** How often each cluster loses its leader. */
const LOSSES = 10;
/** A leader that is not there after so many milliseconds will count as that. */
const LEADER_MAX_MS = 20_000;

/** A cell of the grid. */
interface Task {
	readonly name: string;
	readonly key: string;
	readonly timeout: readonly [number, number];
	readonly heartbeat: number;
}

interface Cell {
	readonly name: string;
	readonly key: string;
	readonly runs: number;
	/** The tests that failed, once for each time. */
	readonly failed: readonly string[];
	/** Elections in each pass. */
	readonly elections: readonly number[];
	/** Virtual milliseconds from the loss of a leader to the next one, on a reliable network and on one that loses messages. */
	readonly reliableMs: readonly number[];
	readonly unreliableMs: readonly number[];
}

async function coordinate(): Promise<void> {
	const kept = new Kept<Cell>("timeouts");
	const tasks = await allTasks();
	if (!values.page) {
		const open = tasks.filter(({ name, key }) => !kept.has(name, key));
		let done = 0;
		await share<Task, Cell>({ script: import.meta.url, jobs: Number(values.jobs) }, open, (cell) => {
			kept.add(cell);
			console.error(`${++done} of ${open.length}: ${cell.name}`);
		});
	}
	const rows = tasks.flatMap(({ name, timeout: [min, max], heartbeat }) => {
		const cell = kept.get(name);
		if (cell === undefined) return [];
		const { share: rate, low, high } = estimate(cell.failed.length, cell.runs);
		const percent = (value: number) => `${(100 * value).toFixed(2)}%`;
		const often = mostOften(cell.failed);
		return [
			[
				`${min}–${max} ms, heartbeat ${heartbeat} ms`,
				`${cell.failed.length} of ${cell.runs}`,
				`${percent(rate)} (${percent(low)}–${percent(high)})`,
				String(median(cell.elections)),
				...[cell.reliableMs, cell.unreliableMs].map(
					(ms) => `${Math.round(median(ms))} (${Math.round(quantile(ms, 0.99))})`,
				),
				often,
			],
		];
	});
	const head = [
		"election timeout",
		"failed",
		"rate (95 % interval)",
		"elections",
		"leader, ms",
		"on a bad network",
		"which",
	];
	record("timeouts.md", `${INTRO}\n\n${markdownTable(head, rows)}`);
}

function mostOften(failed: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const test of failed) counts.set(test, (counts.get(test) ?? 0) + 1);
	const first = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
	return first.map(([test, count]) => `${test} ${count}`).join(", ") || "–";
}

async function allTasks(): Promise<Task[]> {
	const labs = await bundleWorker([]);
	const { hash } = await bundleProgram(path.join(PACKAGE_ROOT, "reference/index.ts"));
	const key = createHash("sha256")
		.update(`${hash} ${labs} ${values.passes} ${values.clusters}`)
		.digest("hex")
		.slice(0, 16);
	return TIMEOUTS.flatMap((timeout) =>
		HEARTBEATS.map((heartbeat) => ({ name: `${timeout.join("–")}, ${heartbeat}`, key, timeout, heartbeat })),
	);
}

async function measureCells(): Promise<void> {
	const runner = await LabRunner.load(SUITES);
	work<Task, Cell>(async ({ name, key, timeout: [min, max], heartbeat }) => {
		const options = `electionTimeoutMinMs: ${min}, electionTimeoutMaxMs: ${max}, heartbeatIntervalMs: ${heartbeat}`;
		const edit = { file: "index.ts", find: "makeWith({})", replace: `makeWith({ ${options} })` };
		const program = compileProgram(await bundleProgram(path.join(PACKAGE_ROOT, "reference/index.ts"), [edit]));
		const failed: string[] = [];
		const elections: number[] = [];
		const tests = runner.tests();
		for (let pass = 0; pass < Number(values.passes); pass++) {
			let ofThisPass = 0;
			for (const test of tests) {
				const { failure, figures } = await runner.run(program, { test, seed: seedOf(test, pass, undefined, BASE) });
				if (failure !== undefined) failed.push(test);
				ofThisPass += figures.elections;
			}
			elections.push(ofThisPass);
		}
		return {
			name,
			key,
			runs: tests.length * Number(values.passes),
			failed,
			elections,
			reliableMs: await timesToLeader(program, false),
			unreliableMs: await timesToLeader(program, true),
		};
	});
}

/** Five servers whose leaders are cut off, one after the other: how long it takes each time until there is another one. */
async function timesToLeader(program: Program, unreliable: boolean): Promise<number[]> {
	const times: number[] = [];
	for (let n = 0; n < Number(values.clusters); n++) {
		const seed = runSeed(BASE, unreliable ? "leader-unreliable" : "leader-reliable", n, "race");
		let lost: number | undefined;
		let elected: number | undefined;
		await runTest(
			{
				program,
				seed,
				servers: 5,
				unreliable,
				listener: (event) => {
					if (event.kind === "state" && event.isLeader && event.server !== lost) elected = event.server;
				},
			},
			async (cluster) => {
				let leader = await cluster.checkOneLeader();
				for (let i = 0; i < LOSSES; i++) {
					elected = undefined;
					lost = leader;
					cluster.disconnect(leader);
					const beganMs = cluster.nowMs;
					while (elected === undefined && cluster.nowMs < beganMs + LEADER_MAX_MS) await cluster.sleep(1);
					times.push(cluster.nowMs - beganMs);
					cluster.connect(leader);
					await cluster.sleep(1000);
					leader = await cluster.checkOneLeader();
				}
			},
		);
	}
	return times;
}

const INTRO = `# Which election timeouts?

The paper gives 150–300 ms as an example (§5.2) and asks that the time to reach the others be far below the election timeout, and that far below the time between
failures (§5.6). The labs allow ten heartbeats a second, lose a tenth of all messages on the unreliable network, delay others by up to 26 ms, and
want a leader within five seconds; so they advise timeouts that are longer than the paper's. Here is what the model solution does with a grid of them: all 28 tests (one schedule in
eight calm, the others race), and, beside that, clusters of five that lose their leader again and again: the median time until the next one (99 % in
brackets). Written by \`npm run timeouts\`.`;

if (isCrew) await measureCells();
else await coordinate();
