/**
 * Makes a clone as quick to start as the package is. Builds dist/, unless it has been built from the sources as they are; it is also what is published.
 * npm runs this after an install in a clone (then it does without, if the compiler was not installed) and before packing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isBuilt, stampFile, stampOfSources } from "./built.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const isOptional = process.argv.includes("--if-possible");

if (!isBuilt(root)) {
	const compiler = findCompiler();
	if (compiler !== undefined) build(compiler);
	else if (!isOptional) throw new Error("TypeScript is not installed here: npm ci, with the development dependencies");
}

linkCommand();

/** Where npm links the commands of packages. Without a link of its own, npx goes through the whole tree of packages to find what it is to run. */
function linkCommand() {
	const link = path.join(root, "node_modules", ".bin", "raft-grade");
	if (process.platform === "win32" || !existsSync(path.dirname(link)) || existsSync(link)) return;
	symlinkSync("../../grader/bin.js", link);
}

function build(compiler) {
	const stamp = stampOfSources(root);
	rmSync(path.join(root, "dist"), { recursive: true, force: true });
	run(compiler, "-p", "tsconfig.build.json");
	run("--import", "tsx", "grader/build.ts");
	// Sources that were edited in between are not in it.
	if (stamp === stampOfSources(root)) writeFileSync(stampFile(root), stamp);
}

function run(...args) {
	const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
	if (status === 0) return;
	if (isOptional) console.error("raft-grade: dist/ could not be built, so the sources will run as they are");
	process.exit(isOptional ? 0 : 1);
}

function findCompiler() {
	const require = createRequire(import.meta.url);
	try {
		const manifest = require.resolve("typescript/package.json");
		return path.join(path.dirname(manifest), require(manifest).bin.tsc);
	} catch {
		return undefined;
	}
}
