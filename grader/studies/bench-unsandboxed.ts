/** Part of `npm run bench`: the runs of {@link ./bench-grading.ts} in this very process, on a target that comes bundled on standard input; prints the seconds that they took. */
import { text } from "node:stream/consumers";
import { compileProgram, type ProgramSource, parseSeed, runSeed } from "../../harness/index.ts";
import { SUITES } from "../../labs/suites.ts";
import { LabRunner } from "../lab-runner.ts";

const passes = Number(process.argv[2]);
const program = compileProgram(JSON.parse(await text(process.stdin)) as ProgramSource);
const runner = await LabRunner.load(SUITES);
const beganMs = performance.now();
for (let n = 0; n < passes; n++) {
	for (const test of runner.tests())
		await runner.run(program, { test, seed: runSeed(parseSeed("be7c4"), test, n, "race") });
}
console.log((performance.now() - beganMs) / 1000);
