import { readFileSync } from "node:fs";
import path from "node:path";
import pc from "picocolors";
import { loadProgram, Pace, type Program, TargetError } from "../harness/index.ts";
import { catalog, parts } from "../labs/catalog.ts";
import { SUITE_FILES } from "../labs/suites.ts";
import { type CliOptions, readCommandLine } from "./cli.ts";
import { ExitCode } from "./exit-code.ts";
import { checkDeterminism, type GradePlan, grade, type TestVerdict } from "./grade.ts";
import { type LabOutcome, LabRunner } from "./lab-runner.ts";
import { liveView } from "./live.ts";
import type { Output } from "./output.ts";
import { preflight } from "./preflight.ts";
import { failureScreen } from "./report/failure-screen.ts";
import { tableHead, tableRow, tableTotal } from "./report/table.ts";
import { selectTests } from "./selection.ts";
import { findTarget, type Target } from "./target.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The program.
 *
 * @param args - the command line, without node and the script.
 * @returns the process's exit code.
 */
export async function main(args: readonly string[], output: Output): Promise<ExitCode> {
	try {
		const options = readCommandLine(args, readVersion());
		return options === undefined ? ExitCode.passed : await run(options, output);
	} catch (error) {
		if (error instanceof UsageError || error instanceof TargetError) {
			output.error(`raft-grade: ${error.message}`);
			return ExitCode.unusable;
		}
		output.error(
			`raft-grade: a fault of raft-grade itself, please report it: ${(error as Error).stack ?? String(error)}`,
		);
		return ExitCode.fault;
	}
}

async function run(options: CliOptions, output: Output): Promise<ExitCode> {
	const tests = selectTests(options.words, options.grep);
	if (options.list) {
		list(new Set(tests.map(({ test }) => test)), output);
		return ExitCode.passed;
	}
	const target = findTarget(options.target, process.cwd());
	const [program, runner] = await Promise.all([loadProgram(target.file), LabRunner.load(SUITE_FILES)]);
	await preflight(program, (file, line) => `${path.relative(process.cwd(), file)}:${line}`);
	const isWatched = options.clock === "real";
	const plan: GradePlan = {
		tests,
		baseSeed: options.seed,
		// One run is a calm one, unless somebody asks for another.
		schedule: options.schedule ?? (options.raceRepeat === 1 ? "calm" : undefined),
		repeats: options.raceRepeat,
		pace: isWatched ? new Pace(options.speed) : undefined,
		listener: isWatched ? liveView((line) => output.line(line)) : undefined,
	};
	output.line(`target ${target.name}, seed ${options.seed}, ${describeSchedules(plan)}`);
	output.line("");
	return options.checkDeterminism
		? reportDeterminism(runner, program, plan, output)
		: reportTests(runner, program, target, options, plan, output);
}

async function reportTests(
	runner: LabRunner,
	program: Program,
	target: Target,
	options: CliOptions,
	plan: GradePlan,
	output: Output,
): Promise<ExitCode> {
	const verdicts: TestVerdict[] = [];
	output.line(tableHead());
	for await (const verdict of grade(runner, program, plan)) {
		verdicts.push(verdict);
		output.line(tableRow(verdict));
		const [warning] = verdict.outcomes.flatMap(({ warnings }) => warnings);
		if (warning !== undefined) output.line(pc.yellow(`  advice: ${warning}`));
	}
	output.line(tableTotal(verdicts));
	for (const verdict of verdicts) {
		for (const alike of groupByCause(verdict)) {
			const [first] = alike;
			output.line("");
			output.line(await explain(runner, program, first, replayCommand(first, target, options)));
			if (plan.repeats > 1) output.line(describeShare(alike.length, verdict.outcomes.length));
		}
	}
	return verdicts.every(({ failed }) => failed.length === 0) ? ExitCode.passed : ExitCode.failed;
}

/** The failed runs of a test, those that failed in the same way together. */
function groupByCause({ failed }: TestVerdict): (readonly [LabOutcome, ...LabOutcome[]])[] {
	const groups = new Map<string, [LabOutcome, ...LabOutcome[]]>();
	for (const outcome of failed) {
		const check = outcome.failure?.check ?? "";
		const group = groups.get(check);
		if (group === undefined) groups.set(check, [outcome]);
		else group.push(outcome);
	}
	return [...groups.values()];
}

function describeShare(alike: number, runs: number): string {
	return `  ${alike} of ${runs} schedules of this test failed in this way; this is the first of them`;
}

function describeSchedules({ schedule, repeats }: GradePlan): string {
	const each = schedule === undefined ? "one in eight calm, the others race" : schedule;
	return repeats === 1 ? `schedule ${each}` : `${repeats} schedules of each test (${each})`;
}

/** A run replays exactly, so one that failed is run again, with the journal on, to be explained. */
async function explain(runner: LabRunner, program: Program, outcome: LabOutcome, replay: string): Promise<string> {
	const { test, seed } = outcome;
	const again = await runner.run(program, { test, seed, journal: true, explain: true });
	const failure = again.failure ?? outcome.failure;
	if (failure === undefined) throw new Error(`${test} did not fail`);
	return failureScreen({ test, failure, servers: again.figures.servers, events: again.journal?.events ?? [], replay });
}

function replayCommand({ test, seed }: LabOutcome, target: Target, options: CliOptions): string {
	const targetOption = options.target === undefined ? "" : ` --target ${target.name}`;
	return `npx raft-grade ${test}@${seed}${targetOption}`;
}

async function reportDeterminism(
	runner: LabRunner,
	program: Program,
	plan: GradePlan,
	output: Output,
): Promise<ExitCode> {
	const divergences = await checkDeterminism(runner, program, plan);
	for (const { test, seed, hashes } of divergences) {
		output.line(
			`${pc.red("DIFFERS")} ${test}@${seed}: journals ${hashes.map((hash) => hash.slice(0, 12)).join(" and ")}`,
		);
	}
	const differing = new Set(divergences.map(({ test }) => test)).size;
	output.line(`${plan.tests.length - differing} of ${plan.tests.length} tests took the same course twice`);
	return divergences.length === 0 ? ExitCode.passed : ExitCode.failed;
}

function list(tests: ReadonlySet<string>, output: Output): void {
	for (const { part, title } of parts) {
		const entries = catalog.filter((entry) => entry.part === part && tests.has(entry.id));
		if (entries.length === 0) continue;
		output.line(pc.bold(`${part}: ${title}`));
		for (const { id, title: about, points } of entries) {
			output.line(`  ${id.padEnd(27)}${String(points).padStart(3)} points  ${about}`);
		}
	}
}

function readVersion(): string {
	// One level up from the sources, two from what is built.
	for (const place of ["../package.json", "../../package.json"]) {
		try {
			const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8"));
			if (name === "raft-grade") return version;
		} catch {
			// Look further up.
		}
	}
	return "unknown";
}
