import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** What dist/ is made of: when one of these is edited, added or removed, it is out of date. */
const SOURCES = [
	"harness",
	"labs",
	"grader",
	"package.json",
	"package-lock.json",
	"tsconfig.json",
	"tsconfig.build.json",
];

/**
 * The file that tells from which sources dist/ was built. It is written last.
 *
 * @param {string} root - raft-grade's own folder.
 */
export function stampFile(root) {
	return path.join(root, "dist", "sources.stamp");
}

/**
 * Whether dist/ was built from the sources as they now are.
 *
 * @param {string} root - raft-grade's own folder.
 */
export function isBuilt(root) {
	return readStamp(root) === stampOfSources(root);
}

/**
 * Sums up the sources by names, sizes and times: reading all of them would take longer than what is gained by dist/.
 *
 * @param {string} root - raft-grade's own folder.
 */
export function stampOfSources(root) {
	const hash = createHash("sha256");
	const add = (/** @type {string} */ name) => {
		const file = path.join(root, name);
		const stats = statSync(file);
		if (stats.isDirectory()) for (const entry of readdirSync(file).sort()) add(path.join(name, entry));
		else if (!name.endsWith(".test.ts")) hash.update(`${name} ${stats.size} ${stats.mtimeMs}\n`);
	};
	for (const source of SOURCES) add(source);
	return hash.digest("hex");
}

/** @param {string} root */
function readStamp(root) {
	try {
		return readFileSync(stampFile(root), "utf8");
	} catch {
		return undefined;
	}
}
