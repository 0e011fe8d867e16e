import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../package-root.ts";
import { UsageError } from "../usage-error.ts";
import { findInstalled } from "./installed.ts";

/**
 * The raft-grade that runs, as the tarball that npm would publish. A clone is built for that.
 *
 * @throws UsageError if npm fails.
 */
export async function ownTarball(): Promise<Uint8Array> {
	const folder = await mkdtemp(path.join(os.tmpdir(), "raft-grade-pack-"));
	// What was installed is built already, and hasn't got what building takes.
	const isClone = existsSync(path.join(PACKAGE_ROOT, "grader/main.ts"));
	const args = ["pack", PACKAGE_ROOT, "--pack-destination", folder, ...(isClone ? [] : ["--ignore-scripts"])];
	try {
		await promisify(execFile)("npm", args, {
			// In a clone, npm runs the build where it was started.
			cwd: isClone ? PACKAGE_ROOT : folder,
			shell: process.platform === "win32",
			maxBuffer: 2 ** 26,
		});
		const [name] = (await readdir(folder)).filter((entry) => entry.endsWith(".tgz"));
		if (name === undefined) throw new Error("it made no tarball");
		return new Uint8Array(await readFile(path.join(folder, name)));
	} catch (error) {
		const { stderr, message } = error as Error & { stderr?: string };
		const said = (stderr ?? "").split("\n").filter((line) => line.startsWith("npm error"));
		throw new UsageError(`npm pack, which makes raft-grade's package, failed: ${said.join(" ") || message}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** raft-grade's dependencies in the very versions that run here: what staff has tried is what grades. */
export function ownDependencies(): Record<string, string> {
	const { dependencies } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, "package.json"), "utf8"));
	return Object.fromEntries(
		Object.entries(dependencies as Record<string, string>).map(([name, range]) => [
			name,
			findInstalled(name, PACKAGE_ROOT) ?? range,
		]),
	);
}
