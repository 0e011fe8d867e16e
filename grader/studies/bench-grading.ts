/** What a student waits for: whole commands, start-up included; what all cores gain over one; and what the sandbox costs. */
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { bundleProgram, parseSeed, runSeed } from "../../harness/index.ts";
import { USUAL_LIMITS } from "../grading/limits.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { median } from "../statistics.ts";
import type { Target } from "../target.ts";
import { WORKER_BUNDLE, workerCode } from "../worker/code.ts";
import type { RunOrder } from "../worker/messages.ts";
import { Pool } from "../worker/pool.ts";
import { sandboxOptions } from "../worker/sandbox.ts";

const SEED = parseSeed("be7c4");
/** Passes in which a worker and a process without a sandbox are compared. */
const PASSES = 6;

/** Prints all of it. */
export async function benchGrading(target: Target, tests: readonly string[]): Promise<void> {
	console.log("\ncommands, start-up included          wall s   first row after s");
	for (const what of ["2B", "all"]) {
		const args = [what, "--race-repeat", "50"];
		const many = await timeCommand(target, args);
		const one = await timeCommand(target, [...args, "--jobs", "1"]);
		const label = `${os.availableParallelism()} jobs over one`;
		console.log(`${label.padEnd(36)}${(one.wallS / many.wallS).toFixed(2).padStart(7)} times as fast`);
	}
	const gain = await gainOfTwoProcesses();
	console.log(`two processes that only compute are ${gain.toFixed(2)} times as fast here as one after the other`);

	const orders = ordersFor(tests);
	// In turns: the machine may be slower now than it was then.
	const pairs: number[] = [];
	for (let i = 0; i < 3; i++) pairs.push((await inWorker(target, orders)) / (await withoutSandbox(target)));
	console.log(`one worker in the sandbox takes ${median(pairs).toFixed(3)} times as long as a process without one`);
}

function ordersFor(tests: readonly string[]): RunOrder[] {
	return Array.from({ length: PASSES }, (_, n) =>
		tests.map((test) => ({ test, seed: runSeed(SEED, test, n, "race"), purpose: "judge" as const })),
	).flat();
}

/** Times a command as a student gives it, and prints that. */
async function timeCommand({ name }: Target, what: readonly string[]): Promise<{ wallS: number }> {
	const args = [path.join(PACKAGE_ROOT, "grader/bin.js"), ...what, "--target", name, "--seed", SEED];
	const beganMs = performance.now();
	let firstRowMs = Number.NaN;
	await new Promise<void>((resolve, reject) => {
		const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
		let text = "";
		child.stdout.on("data", (data) => {
			text += data;
			if (Number.isNaN(firstRowMs) && /^\w+ +\d+\/\d+ /m.test(text)) firstRowMs = performance.now() - beganMs;
		});
		child.on("error", reject);
		child.on("close", () => resolve());
	});
	const wallS = (performance.now() - beganMs) / 1000;
	console.log(
		`${what.join(" ").padEnd(36)}${wallS.toFixed(2).padStart(7)}${(firstRowMs / 1000).toFixed(2).padStart(20)}`,
	);
	return { wallS };
}

/** Real seconds for these runs in one worker, its start left out. */
async function inWorker(target: Target, orders: readonly RunOrder[]): Promise<number> {
	const [source, code] = await Promise.all([bundleProgram(target.file), workerCode([])]);
	const pool = new Pool({ jobs: 1, code, source, limits: USUAL_LIMITS });
	try {
		await pool.ready();
		const beganMs = performance.now();
		await pool.run(orders, () => {});
		return (performance.now() - beganMs) / 1000;
	} finally {
		pool.close();
	}
}

/**
 * Real seconds for the same runs in a process with the same code and the same V8 settings, but no permission model, no messages and nobody who
 * watches.
 */
async function withoutSandbox(target: Target): Promise<number> {
	const source = await bundleProgram(target.file);
	const code = path.join(PACKAGE_ROOT, "node_modules/.cache/raft-grade/bench-unsandboxed.mjs");
	await esbuild.build({
		...WORKER_BUNDLE,
		entryPoints: [path.join(PACKAGE_ROOT, "grader/studies/bench-unsandboxed.ts")],
		outfile: code,
		write: true,
	});
	const settings = sandboxOptions(USUAL_LIMITS.memoryMb, process.versions.node).filter((option) =>
		/gc|semi|old-space/.test(option),
	);
	return seconds([...settings, code, String(PASSES)], JSON.stringify(source));
}

/** How much faster two processes are than one after the other, when all they do is compute: two cores may be one and a half. */
async function gainOfTwoProcesses(): Promise<number> {
	const gains: number[] = [];
	for (let i = 0; i < 3; i++) {
		const alone = await seconds(["-e", SPIN]);
		const both = await Promise.all([seconds(["-e", SPIN]), seconds(["-e", SPIN])]);
		gains.push((2 * alone) / Math.max(...both));
	}
	return median(gains);
}

const SPIN = `
const began = performance.now();
const map = new Map();
let sum = 0;
for (let i = 0; i < 4e7; i++) {
	map.set(i % 5000, { i });
	sum += map.get((i * 7) % 5000)?.i ?? 0;
}
console.log((performance.now() - began) / 1000);
`;

/** Runs Node, and reads the seconds that it prints. */
function seconds(args: readonly string[], input = ""): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], cwd: PACKAGE_ROOT });
		child.stdin.end(input);
		let text = "";
		child.stdout.on("data", (data) => {
			text += data;
		});
		child.on("error", reject);
		child.on("close", () => resolve(Number(text)));
	});
}
