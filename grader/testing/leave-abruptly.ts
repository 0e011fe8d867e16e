/** A program: a grader that ends in the middle of it all, while its worker hangs. Prints the ids of the processes that it has started. */
import { bundleProgram } from "../../harness/index.ts";
import { USUAL_LIMITS } from "../grading/limits.ts";
import { workerCode } from "../worker/code.ts";
import { Pool } from "../worker/pool.ts";
import { workersOf } from "./processes.ts";

const [file = "", folder = ""] = process.argv.slice(2);
const source = await bundleProgram(file, [], folder);
const pool = new Pool({ jobs: 1, code: await workerCode([]), source, limits: USUAL_LIMITS });
pool.ready().catch(() => {});
// By then it has begun to load the target, and hears of nothing any more.
setTimeout(() => {
	console.log(JSON.stringify(workersOf(process.pid)));
	process.exit();
}, 1000);
