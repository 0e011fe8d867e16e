import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./command.ts";

/** Whether this machine lists its processes in files. */
export const CAN_LIST_PROCESSES = existsSync("/proc/self/stat");

/** The ids of the processes that a process has started and that still run. */
function childrenOf(pid: number): number[] {
	const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	return ids.map(Number).filter((id) => isRunning(id) && statusOf(id)?.parent === pid);
}

/** The ids of all processes that a process has started, and that those have. */
export function descendantsOf(pid: number): number[] {
	return childrenOf(pid).flatMap((id) => [id, ...descendantsOf(id)]);
}

/** The ids of the workers that a grader has started: esbuild's process, for example, is none. */
export function workersOf(pid: number): number[] {
	return childrenOf(pid).filter((id) => {
		try {
			return readFileSync(`/proc/${id}/cmdline`, "utf8").includes("--input-type=module");
		} catch {
			return false;
		}
	});
}

/** Whether a process runs: one that is over and that nobody has asked about yet does not. */
export function isRunning(pid: number): boolean {
	const status = statusOf(pid);
	return status !== undefined && status.state !== "Z" && status.state !== "X";
}

function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return { state, parent: Number(parent) };
	} catch {
		return undefined;
	}
}

/** Generous: only what never happens takes so long. */
const PATIENCE_MS = 30_000;

/** Waits until something is so. Rejects if it never is. */
export async function until(isSo: () => boolean): Promise<void> {
	const beganMs = performance.now();
	while (!isSo()) {
		if (performance.now() - beganMs > PATIENCE_MS) throw new Error(`it never came about: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** A command that runs. */
export interface Started {
	readonly child: ChildProcess;
	/** What it has written so far, on both streams. */
	said(): string;
	/** Waits until it has written this, after what was waited for before. */
	hear(what: RegExp): Promise<void>;
	/** Waits for its end. Returns its exit code. */
	ended(): Promise<number | null>;
}

/** Starts raft-grade from the sources. */
export function startRaftGrade(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Started {
	const child = spawn(process.execPath, [path.join(ROOT, "grader/bin.js"), ...args], {
		cwd,
		env: { ...process.env, NO_COLOR: "1", ...env },
	});
	let said = "";
	let heardTo = 0;
	const hear = (data: Buffer) => {
		said += data;
	};
	child.stdout.on("data", hear);
	child.stderr.on("data", hear);
	const end = new Promise<number | null>((resolve) => child.on("close", resolve));
	return {
		child,
		said: () => said,
		hear: async (what) => {
			const find = () => what.exec(said.slice(heardTo));
			await until(() => find() !== null || child.exitCode !== null);
			const found = find();
			if (found === null) throw new Error(`it ended with ${child.exitCode} and never said ${what}, but: ${said}`);
			heardTo += found.index + found[0].length;
		},
		ended: () => end,
	};
}
