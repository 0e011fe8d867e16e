#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Local dates in console lines must not depend on where a run happens.
process.env.TZ = "UTC";

// The published package holds what was built from the sources. So does a clone once it has been installed; when a source has been edited since, the
// sources run as they are, which takes longer to start.
const root = fileURLToPath(new URL("../", import.meta.url));
const isClone = existsSync(new URL("./main.ts", import.meta.url));
const runsSources = isClone && !(await import("./built.js")).isBuilt(root);
// With a configuration of our own: by default tsx takes the one of the folder it runs in, and a submission's could put its own modules in the
// place of ours.
if (runsSources) {
	const tsconfig = fileURLToPath(new URL("../tsconfig.json", import.meta.url));
	(await import("tsx/esm/api")).register({ tsconfig });
}
const { main } = await import(runsSources ? "./main.ts" : "../dist/grader/main.js");

// Whoever reads the output may stop early: raft-grade … | head.
let hasReader = true;
process.stdout.on("error", (error) => {
	if (error.code !== "EPIPE") throw error;
	// As if it had been interrupted, once: reports that go to files are still written.
	if (hasReader && !process.emit("SIGINT")) process.exit();
	hasReader = false;
});

process.exitCode = await main(process.argv.slice(2), {
	line: (text) => process.stdout.write(`${text}\n`),
	write: (text) => process.stdout.write(text),
	error: (text) => process.stderr.write(`${text}\n`),
	columns: process.stdout.isTTY ? process.stdout.columns : undefined,
});
