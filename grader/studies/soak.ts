/**
 * `npm run soak -- --seeds 1000`: many passes over calm and race seeds, on all cores, with the closest calls. A right target must
 * never fail. Prints its results as Markdown; docs/soak.md keeps those of a full run.
 */
import os from "node:os";
import { parseArgs } from "node:util";
import { loadProgram, parseSeed, runSeed, type Schedule } from "../../harness/index.ts";
import { catalog, extraCatalog } from "../../labs/catalog.ts";
import { ALL_SUITES } from "../../labs/suites.ts";
import { LabRunner } from "../lab-runner.ts";
import { markdownTable } from "../statistics.ts";
import { findTarget } from "../target.ts";
import { isCrew, share, work } from "./crew.ts";

const { values } = parseArgs({
	options: {
		seeds: { type: "string", default: "1000" },
		first: { type: "string", default: "0" },
		seed: { type: "string", default: "50a4" },
		target: { type: "string", default: "reference" },
		/** Tests by name, or 2X for those of that part; by default the 28. */
		tests: { type: "string", default: "" },
		schedules: { type: "string", default: "calm,race" },
		jobs: { type: "string", default: String(os.availableParallelism()) },
	},
});

/** One pass of one seed, as a child reports it. */
interface PassReport {
	readonly schedule: Schedule;
	readonly runs: number;
	readonly failures: readonly { readonly run: string; readonly message: string }[];
	/** The closest call of each limit in this pass. */
	readonly closest: readonly ClosestCall[];
}

interface ClosestCall {
	readonly test: string;
	readonly run: string;
	readonly what: string;
	readonly used: number;
	readonly limit: number;
}

/** A pass that is to be made. */
interface Pass {
	readonly n: number;
	readonly schedule: Schedule;
}

if (isCrew) await makePasses();
else await coordinate();

async function coordinate(): Promise<void> {
	const beganMs = performance.now();
	const reports: PassReport[] = [];
	const jobs = Number(values.jobs);
	const first = Number(values.first);
	const schedules = values.schedules.split(",") as Schedule[];
	const passes = Array.from({ length: Number(values.seeds) }, (_, i) => first + i).flatMap((n) =>
		schedules.map((schedule): Pass => ({ n, schedule })),
	);
	// What has been found by then is told, whatever becomes of a child.
	const made = share<Pass, PassReport>({ script: import.meta.url, jobs }, passes, (report) => {
		reports.push(report);
		for (const { run, message } of report.failures) console.error(`FAIL ${run}: ${message}`);
		if (reports.length % 100 === 0) console.error(`${reports.length} passes`);
	});
	await made.catch((error: Error) => console.error(error.message));
	print(reports, (performance.now() - beganMs) / 60_000);
	const isComplete = reports.length === passes.length;
	if (!isComplete) console.log(`\nINCOMPLETE: ${reports.length} of ${passes.length} passes`);
	process.exitCode = isComplete && reports.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

function print(reports: readonly PassReport[], minutes: number): void {
	const all = (schedule: string) => reports.filter((report) => report.schedule === schedule);
	const rows = values.schedules.split(",").map((schedule) => {
		const runs = all(schedule).reduce((sum, report) => sum + report.runs, 0);
		const failures = all(schedule).flatMap((report) => report.failures);
		return [schedule, String(all(schedule).length), String(runs), String(failures.length)];
	});
	console.log(
		`target ${values.target}, base seed ${values.seed}, Node ${process.version}, ${minutes.toFixed(1)} minutes on ${values.jobs} cores\n`,
	);
	console.log(markdownTable(["schedule", "passes", "runs", "failures"], rows));
	console.log("\nThe closest calls: of each limit, the run that came nearest.\n");
	const closest = closestOf(reports.flatMap((report) => report.closest));
	closest.sort((a, b) => b.used / b.limit - a.used / a.limit);
	console.log(
		markdownTable(
			["limit", "nearest", "of", "share", "run"],
			closest.map(({ what, used, limit, run }) => [
				what,
				used.toFixed(0),
				String(limit),
				`${((100 * used) / limit).toFixed(0)}%`,
				run,
			]),
		),
	);
	const failures = reports.flatMap((report) => report.failures);
	if (failures.length > 0)
		console.log(`\nFailures:\n\n${failures.map(({ run, message }) => `- ${run}: ${message}`).join("\n")}`);
}

async function makePasses(): Promise<void> {
	const program = await loadProgram(findTarget(values.target, process.cwd()).file);
	const runner = await LabRunner.load(ALL_SUITES);
	const tests = chosenTests();
	work<Pass, PassReport>(async ({ n, schedule }) => {
		const failures: PassReport["failures"][number][] = [];
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
		return { schedule, runs: tests.length, failures, closest: closestOf(calls) };
	});
}

function chosenTests(): readonly string[] {
	if (values.tests === "") return catalog.map(({ id }) => id);
	return values.tests.split(",").flatMap((word) => (word === "2X" ? extraCatalog.map(({ id }) => id) : [word]));
}

function closestOf(calls: readonly ClosestCall[]): ClosestCall[] {
	const closest = new Map<string, ClosestCall>();
	for (const call of calls) {
		const known = closest.get(call.what);
		if (known === undefined || call.used / call.limit > known.used / known.limit) closest.set(call.what, call);
	}
	return [...closest.values()];
}
