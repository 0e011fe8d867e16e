#!/usr/bin/env node
import { existsSync } from "node:fs";

// Local dates in console lines must not depend on where a run happens.
process.env.TZ = "UTC";

// In a clone the sources run as they are; the published package holds what was built from them.
const isClone = existsSync(new URL("./main.ts", import.meta.url));
if (isClone) (await import("tsx/esm/api")).register();
const { main } = await import(isClone ? "./main.ts" : "../dist/grader/main.js");

// Whoever reads the output may stop early: raft-grade … | head.
process.stdout.on("error", (error) => {
	if (error.code !== "EPIPE") throw error;
	process.exit();
});

process.exitCode = await main(process.argv.slice(2), {
	line: (text) => process.stdout.write(`${text}\n`),
	write: (text) => process.stdout.write(text),
	error: (text) => process.stderr.write(`${text}\n`),
});
