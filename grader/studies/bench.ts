/**
 * `npm run bench`: what a test costs, what a pass costs, where the time goes, how the cost grows with the servers, and what a student waits for.
 * Compare ratios within one run: machines are noisy.
 */
import os from "node:os";
import { loadProgram, type Program, parseSeed, runSeed, runTest } from "../../harness/index.ts";
import { SUITES } from "../../labs/suites.ts";
import { type LabOutcome, LabRunner } from "../lab-runner.ts";
import { median } from "../statistics.ts";
import { findTarget } from "../target.ts";
import { benchGrading } from "./bench-grading.ts";
import { profiled } from "./profile.ts";

const WARM_UP_PASSES = 2;
const PASSES = 7;
const GO_TESTER_S = 454;
const CLUSTER_SIZES = [3, 5, 7, 9, 15, 25];
const SEED = parseSeed("be7c4");

const target = findTarget(process.argv[2] ?? "reference", process.cwd());
const program = await loadProgram(target.file);
const runner = await LabRunner.load(SUITES);

console.log(`target ${target.name}, Node ${process.version}, ${os.cpus()[0]?.model ?? "unknown CPU"}, seed ${SEED}`);
console.log(`medians over ${PASSES} seeds, calm schedule, after ${WARM_UP_PASSES} passes to warm up\n`);

for (let pass = 0; pass < WARM_UP_PASSES; pass++) await onePass(-1 - pass);
const passes: { wallMs: number; cpuMs: number; outcomes: LabOutcome[] }[] = [];
for (let pass = 0; pass < PASSES; pass++) passes.push(await onePass(pass));
await printTests();
printPass();
await printGrowth(program);
await benchGrading(target, runner.tests());

async function onePass(repetition: number): Promise<{ wallMs: number; cpuMs: number; outcomes: LabOutcome[] }> {
	const beganMs = performance.now();
	const cpu = process.cpuUsage();
	const outcomes: LabOutcome[] = [];
	for (const test of runner.tests()) outcomes.push(await run(test, repetition));
	const { user, system } = process.cpuUsage(cpu);
	return { wallMs: performance.now() - beganMs, cpuMs: (user + system) / 1000, outcomes };
}

async function run(test: string, repetition: number): Promise<LabOutcome> {
	const outcome = await runner.run(program, { test, seed: runSeed(SEED, test, repetition, "calm") });
	if (outcome.failure !== undefined) console.log(`${test}@${outcome.seed} failed: ${outcome.failure.message}`);
	return outcome;
}

async function printTests(): Promise<void> {
	console.log("test                       wall ms  virtual s  virtual/wall    RPCs  µs/RPC  outside");
	for (const [i, test] of runner.tests().entries()) {
		const outcomes = passes.map((pass) => pass.outcomes[i] as LabOutcome);
		const wallMs = median(outcomes.map((outcome) => outcome.wallMs));
		const virtualMs = median(outcomes.map(({ figures }) => figures.virtualMs));
		const rpcs = median(outcomes.map(({ figures }) => figures.rpcs));
		const { shareOutside } = await profiled(() => repeat(3, (n) => run(test, n)));
		console.log(
			[
				test.padEnd(26),
				wallMs.toFixed(1).padStart(7),
				(virtualMs / 1000).toFixed(1).padStart(10),
				(virtualMs / wallMs).toFixed(0).padStart(13),
				String(rpcs).padStart(7),
				((1000 * wallMs) / rpcs).toFixed(1).padStart(7),
				`${(100 * shareOutside).toFixed(0)}%`.padStart(8),
			].join(" "),
		);
	}
	console.log("(outside: the share of CPU spent outside the submission's own code: runtime, codec, network, tester)\n");
}

function printPass(): void {
	const wallS = median(passes.map((pass) => pass.wallMs)) / 1000;
	const cpuS = median(passes.map((pass) => pass.cpuMs)) / 1000;
	const bestS = Math.min(...passes.map((pass) => pass.wallMs)) / 1000;
	console.log(`whole pass: ${wallS.toFixed(2)} s wall (best ${bestS.toFixed(2)} s), ${cpuS.toFixed(2)} s CPU`);
	console.log(`the Go tester: ${GO_TESTER_S} s, ${(GO_TESTER_S / wallS).toFixed(0)} times as long\n`);
}

/** The same story on clusters of different sizes: one election, then fifty commands one after the other. */
async function printGrowth(target: Program): Promise<void> {
	console.log("servers  wall ms    RPCs  µs/RPC   (an election and 50 commands, median of 9)");
	for (const servers of CLUSTER_SIZES) {
		const runs = await repeat(9, async (n) => {
			const beganMs = performance.now();
			const { figures, failure } = await runTest(
				{ program: target, seed: runSeed(SEED, "growth", n, "calm"), servers },
				async (cluster) => {
					await cluster.checkOneLeader();
					for (let i = 0; i < 50; i++) await cluster.one(cluster.randomCommand(), servers, true);
				},
			);
			if (failure !== undefined) console.log(`${servers} servers: ${failure.message}`);
			return { wallMs: performance.now() - beganMs, rpcs: figures.rpcs };
		});
		const wallMs = median(runs.map((one) => one.wallMs));
		const rpcs = median(runs.map((one) => one.rpcs));
		console.log(
			`${String(servers).padStart(7)}${wallMs.toFixed(1).padStart(9)}${String(rpcs).padStart(8)}${((1000 * wallMs) / rpcs).toFixed(1).padStart(8)}`,
		);
	}
}

async function repeat<Result>(times: number, action: (n: number) => Promise<Result>): Promise<Result[]> {
	const results: Result[] = [];
	for (let n = 0; n < times; n++) results.push(await action(n));
	return results;
}
