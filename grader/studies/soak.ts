/**
 * `npm run soak -- --seeds 1000`: many passes of right solutions over many seeds, on all cores, with the closest calls: they must never fail. It may be
 * interrupted, and goes on where it was. Prints what has been found as Markdown; with `--record` it becomes docs/soak.md.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleProgram, loadProgram, type Program, parseSeed, runSeed, type Schedule } from "../../harness/index.ts";
import { catalog, extraCatalog } from "../../labs/catalog.ts";
import { ALL_SUITES } from "../../labs/suites.ts";
import { variants } from "../../reference/variants/index.ts";
import { LabRunner } from "../lab-runner.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { markdownTable } from "../statistics.ts";
import { findTarget } from "../target.ts";
import { bundleWorker } from "../worker/code.ts";
import { isCrew, share, work } from "./crew.ts";
import { Kept } from "./kept.ts";
import { record } from "./record.ts";

const { values } = parseArgs({
	options: {
		/** Passes of each target and schedule. */
		seeds: { type: "string", default: "1000" },
		seed: { type: "string", default: "50a4" },
		/** `reference`, `styles` and `variants` for what lies there; or a target of one's own. */
		target: { type: "string", multiple: true, default: ["reference"] },
		/** Tests and parts by name, or `all` for the 28. */
		tests: { type: "string", default: "all" },
		schedules: { type: "string", default: "race" },
		jobs: { type: "string", default: String(os.availableParallelism()) },
		/** Ends after about so many minutes. */
		minutes: { type: "string", default: "Infinity" },
		/** Runs nothing, only tells what has been found. */
		page: { type: "boolean", default: false },
		record: { type: "boolean", default: false },
	},
});

/** A task is so many passes. */
const BATCH = 25;

/** A right solution. */
interface Solution {
	readonly name: string;
	readonly file: string;
	/** Tests that it is known to be too slow for. */
	readonly tooSlowFor: readonly string[];
}

interface Task {
	readonly name: string;
	readonly key: string;
	readonly solution: Solution;
	readonly schedule: Schedule;
	readonly first: number;
	readonly count: number;
}

/** What came of some passes. */
interface Batch {
	readonly name: string;
	readonly key: string;
	readonly passes: number;
	readonly runs: number;
	readonly failures: readonly { readonly run: string; readonly message: string }[];
	/** The closest call of each limit. */
	readonly closest: readonly ClosestCall[];
}

interface ClosestCall {
	readonly test: string;
	readonly run: string;
	readonly what: string;
	readonly used: number;
	readonly limit: number;
}

async function coordinate(): Promise<void> {
	const kept = new Kept<Batch>("soak");
	const tasks = await allTasks();
	const endMs = performance.now() + Number(values.minutes) * 60_000;
	if (!values.page) {
		const open = tasks.filter(({ name, key }) => !kept.has(name, key));
		let done = 0;
		// What has been found by then is told, whatever becomes of a child.
		await share<Task, Batch>(
			{ script: import.meta.url, jobs: Number(values.jobs) },
			untilTime(open, endMs),
			(batch) => {
				kept.add(batch);
				for (const { run, message } of batch.failures) console.error(`FAIL ${batch.name}: ${run}: ${message}`);
				console.error(`${++done} of ${open.length}: ${batch.name}`);
			},
		).catch((error: Error) => console.error(error.message));
	}
	const found = tasks.flatMap((task) => {
		const batch = kept.has(task.name, task.key) ? kept.get(task.name) : undefined;
		return batch === undefined ? [] : [{ task, batch }];
	});
	const page = tell(found);
	console.log(page);
	if (values.record) record("soak.md", `${INTRO}\n\n${page}`);
	const isComplete = found.length === tasks.length;
	if (!isComplete) console.error(`not complete: ${found.length} of ${tasks.length} parts are done`);
	process.exitCode = isComplete && found.every(({ batch }) => batch.failures.length === 0) ? 0 : 1;
}

/** Nothing is begun any more when the time is over. */
function* untilTime(tasks: readonly Task[], endMs: number): Generator<Task> {
	for (const task of tasks) {
		if (performance.now() > endMs) return;
		yield task;
	}
}

/** All targets get on alike: wherever it ends, each has been tried about as often. */
async function allTasks(): Promise<Task[]> {
	const labs = await bundleWorker([]);
	const seeds = Number(values.seeds);
	const bySolution = await Promise.all(
		values.target.flatMap(solutionsOf).map(async (solution) => {
			const { hash } = await bundleProgram(solution.file);
			const way = [hash, labs, values.seed, testsOf(solution).join(",")].join(" ");
			const key = createHash("sha256").update(way).digest("hex").slice(0, 16);
			return (values.schedules.split(",") as Schedule[]).flatMap((schedule) =>
				Array.from({ length: Math.ceil(seeds / BATCH) }, (_, i): Task => {
					const first = i * BATCH;
					const count = Math.min(BATCH, seeds - first);
					return {
						name: `${solution.name}, ${values.tests}, ${schedule}, ${count} from ${first}`,
						key,
						solution,
						schedule,
						first,
						count,
					};
				}),
			);
		}),
	);
	return bySolution.flat().sort((a, b) => a.first - b.first);
}

function solutionsOf(target: string): Solution[] {
	const inReference = (name: string, file: string, tooSlowFor: readonly string[] = []) => ({
		name,
		file: path.join(PACKAGE_ROOT, "reference", file),
		tooSlowFor,
	});
	if (target === "variants")
		return variants.map(({ id, tooSlowFor }) => inReference(id, `variants/${id}.ts`, tooSlowFor));
	if (target === "styles")
		return readdirSync(path.join(PACKAGE_ROOT, "reference/styles"))
			.sort()
			.map((entry) => inReference(`styles/${entry}`, `styles/${entry}${entry.endsWith(".ts") ? "" : "/raft.ts"}`));
	return [{ name: target, file: findTarget(target, process.cwd()).file, tooSlowFor: [] }];
}

function testsOf({ tooSlowFor }: Solution): readonly string[] {
	const every = [...catalog, ...extraCatalog];
	const chosen = values.tests.split(",").flatMap((word) => {
		if (word === "all") return catalog.map(({ id }) => id);
		const part = every.filter((entry) => entry.part === word).map(({ id }) => id);
		return part.length > 0 ? part : [word];
	});
	return chosen.filter((test) => !tooSlowFor.includes(test));
}

interface Found {
	readonly task: Task;
	readonly batch: Batch;
}

function tell(found: readonly Found[]): string {
	const names = [...new Set(found.map(({ task }) => `${task.solution.name}, ${task.schedule}`))];
	const rows = names.map((name) => {
		const own = found.filter(({ task }) => `${task.solution.name}, ${task.schedule}` === name);
		const sum = (of: (batch: Batch) => number) => String(own.reduce((total, { batch }) => total + of(batch), 0));
		const [nearest] = closestOf(own.flatMap(({ batch }) => batch.closest));
		return [
			name,
			sum(({ passes }) => passes),
			sum(({ runs }) => runs),
			sum(({ failures }) => failures.length),
			nearest === undefined ? "" : `${nearest.what}: ${nearest.used.toFixed(0)} of ${nearest.limit}, ${nearest.run}`,
		];
	});
	const calls = closestOf(found.flatMap(({ batch }) => batch.closest)).map(({ what, used, limit, run }) => [
		what,
		used.toFixed(0),
		String(limit),
		`${((100 * used) / limit).toFixed(0)}%`,
		run,
	]);
	const failures = found.flatMap(({ task, batch }) =>
		batch.failures.map(({ run, message }) => `- ${task.solution.name}, ${run}: ${message}`),
	);
	return [
		`Base seed ${values.seed}, tests: ${values.tests}, Node ${process.version}.`,
		markdownTable(["solution, schedule", "passes", "runs", "failures", "nearest limit"], rows),
		"The closest calls: of each limit, the run that came nearest.",
		markdownTable(["limit", "nearest", "of", "share", "run"], calls),
		...(failures.length === 0 ? [] : ["Failures:", failures.join("\n")]),
	].join("\n\n");
}

async function makePasses(): Promise<void> {
	const runner = await LabRunner.load(ALL_SUITES);
	const programs = new Map<string, Promise<Program>>();
	work<Task, Batch>(async ({ name, key, solution, schedule, first, count }) => {
		const known = programs.get(solution.file) ?? loadProgram(solution.file);
		programs.set(solution.file, known);
		const program = await known;
		const failures: Batch["failures"][number][] = [];
		let closest: readonly ClosestCall[] = [];
		const tests = testsOf(solution);
		for (let n = first; n < first + count; n++) {
			const calls: ClosestCall[] = [];
			for (const test of tests) {
				const seed = runSeed(parseSeed(values.seed), test, n, schedule);
				const run = `${test}@${seed}`;
				const note = (what: string, used: number, limit: number) => calls.push({ test, run, what, used, limit });
				const outcome = await runner.run(program, {
					test,
					seed,
					listener: (event) => {
						if (event.kind === "limit") note(event.what, event.used, event.limit);
					},
				});
				note("virtual ms of a test", outcome.figures.virtualMs, 120_000);
				if (outcome.failure !== undefined) failures.push({ run, message: outcome.failure.message });
			}
			closest = closestOf([...closest, ...calls]);
		}
		return { name, key, passes: count, runs: count * tests.length, failures, closest };
	});
}

/** Of each limit the closest call, the closest first. */
function closestOf(calls: readonly ClosestCall[]): ClosestCall[] {
	const closest = new Map<string, ClosestCall>();
	for (const call of calls) {
		const known = closest.get(call.what);
		if (known === undefined || call.used / call.limit > known.used / known.limit) closest.set(call.what, call);
	}
	return [...closest.values()].sort((a, b) => b.used / b.limit - a.used / a.limit);
}

const INTRO = `# Right solutions on thousands of seeds

A right solution must never fail. Here the model solution, others in other styles and variants of it run on many seeds, with the safety invariants on. Beside the
failures it shows the closest calls: of each limit that a test sets, the run that came nearest. Any of these runs can be looked at:
\`npx raft-grade Count@6249e92e6f4bc3e7 --target reference --speed 1\`. Written by \`npm run soak\`.`;

if (isCrew) await makePasses();
else await coordinate();
