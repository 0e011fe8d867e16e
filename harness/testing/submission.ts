import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadProgram, type Program } from "../machine/program.ts";

/** Compiles a submission that a test has made up: its main module, and the files that it imports. */
export async function submission(source: string, others: Readonly<Record<string, string>> = {}): Promise<Program> {
	const folder = await mkdtemp(path.join(tmpdir(), "raft-grade-"));
	try {
		const file = path.join(folder, "submission.ts");
		for (const [name, text] of Object.entries(others)) await writeFile(path.join(folder, name), text);
		await writeFile(file, source);
		return await loadProgram(file);
	} finally {
		await rm(folder, { recursive: true });
	}
}
