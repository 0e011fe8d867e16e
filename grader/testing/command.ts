import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a command printed, and how it ended. */
export interface CommandResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program to its end. */
export function run(
	program: string,
	args: readonly string[],
	cwd: string,
	env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (data) => {
			stdout += data;
		});
		child.stderr.on("data", (data) => {
			stderr += data;
		});
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, stdout, stderr }));
	});
}

/** Runs raft-grade from the sources. */
export function raftGrade(args: readonly string[], cwd = ROOT): Promise<CommandResult> {
	return run(process.execPath, [path.join(ROOT, "grader/bin.js"), ...args], cwd);
}

/** A temporary folder with these files, by relative path. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), "raft-grade-"));
	folders.push(folder);
	for (const [name, text] of Object.entries(files)) {
		const file = path.join(folder, name);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, text);
	}
	return folder;
}

/** Removes all temporary folders. */
export async function removeFolders(): Promise<void> {
	for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

const folders: string[] = [];
