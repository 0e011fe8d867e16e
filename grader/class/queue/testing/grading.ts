import { parseSeed } from "../../../../harness/index.ts";
import { USUAL_LIMITS } from "../../../grading/limits.ts";
import { planRuns } from "../../../grading/plan.ts";
import { DEFAULT_POLICY } from "../../../policy/policy.ts";
import { selectTests } from "../../../selection.ts";
import { contentHash } from "../../files/submission-files.ts";
import { type ClassGrading, type FullJob, gradingKey, keyOf } from "../../job.ts";

/** A grading by some tests of the labs, and its key. */
export async function gradingForTests(...words: string[]) {
	const policy = DEFAULT_POLICY;
	const seed = parseSeed("7");
	const selected = selectTests(words, undefined, policy.known, policy.tests);
	const tests = planRuns(selected, { baseSeed: seed, schedule: undefined, repeats: 1, shard: undefined });
	const grading: ClassGrading = { policy, tests, seed, limits: USUAL_LIMITS, allowDependencies: false };
	return { grading, key: await gradingKey(grading) };
}

/** A submission of one module. */
export function jobOf(code: string, gradingKey: string): FullJob {
	const files = new Map([["raft.ts", Buffer.from(code)]]);
	const content = contentHash({ files, notes: [] });
	return { key: keyOf(gradingKey, content, "", "raft.ts"), content, root: "", file: "raft.ts", files };
}
