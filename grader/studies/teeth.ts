/**
 * `npm run teeth`: what the labs make of each known mistake. Measures with all cores what has not been measured yet with these labs, and writes docs/teeth.md;
 * it may be interrupted, and goes on where it was. `npm run teeth -- --passes 5 vote-twice-in-a-term` measures less.
 */
import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleProgram, compileProgram } from "../../harness/index.ts";
import { catalog, extraCatalog } from "../../labs/catalog.ts";
import { ALL_SUITES } from "../../labs/suites.ts";
import { mutants } from "../../reference/mutants/index.ts";
import { LabRunner } from "../lab-runner.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { bundleWorker } from "../worker/code.ts";
import { isCrew, share, work } from "./crew.ts";
import { Kept } from "./kept.ts";
import { record } from "./record.ts";
import { measure } from "./teeth/measure.ts";
import type { Measurement } from "./teeth/measurement.ts";
import { teethPage } from "./teeth/page.ts";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		/** How many passes over all tests. */
		passes: { type: "string", default: "50" },
		/** How many runs of each test, for the tables by test. */
		runs: { type: "string", default: "5" },
		jobs: { type: "string", default: String(os.availableParallelism()) },
		/** Only writes the page, from what has been measured. */
		page: { type: "boolean", default: false },
	},
});

const REFERENCE = path.join(PACKAGE_ROOT, "reference/index.ts");

/** A mistake to measure; see {@link Measurement}. */
interface Task {
	readonly name: string;
	readonly key: string;
}

if (isCrew) await measureMutants();
else await coordinate();

async function coordinate(): Promise<void> {
	const kept = new Kept<Measurement>("teeth");
	if (!values.page) {
		const tasks = (await allTasks()).filter(({ name, key }) => !kept.has(name, key));
		let done = 0;
		await share<Task, Measurement>({ script: import.meta.url, jobs: Number(values.jobs) }, tasks, (measurement) => {
			kept.add(measurement);
			console.error(`${++done} of ${tasks.length}: ${measurement.name}`);
		});
	}
	const measurements = mutants.flatMap(({ id }) => kept.get(id) ?? []);
	const page = teethPage({
		mutants,
		measurements: new Map(measurements.map((measurement) => [measurement.name, measurement])),
		labTests: catalog.map(({ id }) => id),
		extraTests: extraCatalog.map(({ id }) => id),
		made: `${values.passes} passes of each mistake, a run count of ${values.runs} for each test in the tables by test, on Node ${process.version}`,
	});
	record("teeth.md", page);
	const missing = mutants.length - measurements.length;
	if (missing > 0) console.error(`${missing} mistakes have not been measured: npm run teeth`);
}

async function allTasks(): Promise<Task[]> {
	// The labs and the harness, as workers have them.
	const labs = await bundleWorker([]);
	const chosen = mutants.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
	return Promise.all(
		chosen.map(async ({ id, edits }) => {
			const { hash } = await bundleProgram(REFERENCE, edits);
			const key = createHash("sha256").update(`${hash} ${labs} ${values.passes} ${values.runs}`).digest("hex");
			return { name: id, key: key.slice(0, 16) };
		}),
	);
}

async function measureMutants(): Promise<void> {
	const runner = await LabRunner.load(ALL_SUITES);
	const effort = { runs: Number(values.runs), passes: Number(values.passes) };
	work<Task, Measurement>(async ({ name, key }) => {
		const { edits = [] } = mutants.find(({ id }) => id === name) ?? {};
		const program = compileProgram(await bundleProgram(REFERENCE, edits));
		return { name, key, ...(await measure(runner, program, effort)) };
	});
}
