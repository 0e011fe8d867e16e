import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { gradeReport } from "../report/schema.ts";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { GitHub } from "./testing/github.ts";
import type { StepResult } from "./testing/job-runner.ts";
import { obeyedCommands } from "./testing/log-commands.ts";
import { standInRepository } from "./testing/stand-in-repository.ts";
import { type Call, type JobRun, runWorkflow, type WorkflowResult } from "./testing/workflow-runner.ts";

const WORKFLOW = path.join(ROOT, ".github/workflows/grade.yml");
const SOURCE = { workflow_repository: "a-maker/raft-grade", workflow_sha: "0123abc" };

/** Calls the workflow from a student's repository. */
function call(github: GitHub, inputs: Call["inputs"], source = SOURCE): Promise<WorkflowResult> {
	return runWorkflow(WORKFLOW, { github, repository: "a-student/lab", source, inputs });
}

function step(job: JobRun | undefined, name: string): StepResult {
	const found = job?.steps.find((one) => one.name === name);
	if (found === undefined) throw new Error(`there is no step "${name}"`);
	return found;
}

describe("the reusable workflow", () => {
	afterEach(removeFolders);

	describe("with a stand-in for raft-grade", () => {
		async function callWith(inputs: Call["inputs"], exits: Readonly<Record<string, number>> = {}) {
			const standIn = await standInRepository(exits);
			const submission = await folderWith({ "raft.ts": "" });
			const course = await folderWith({ "policy/raft-grade.config.ts": "" });
			const repositories = {
				"a-maker/raft-grade": standIn.folder,
				"a-student/lab": submission,
				"a-course/staff": course,
			};
			const github = await GitHub.with(repositories, standIn.programs);
			const result = await call(github, inputs);
			return { github, result, calls: await standIn.calls() };
		}

		it("gives each shard its share and all of them one seed, and merges their reports", async () => {
			const { result, calls, github } = await callWith({ shards: 3, tests: "2A 2B", repeats: 8 });
			expect(result.result).to.equal("success");
			const [merge, ...shards] = calls.toReversed();
			shards.reverse();
			const seed = result.outputs.seed;
			expect(seed).to.match(/^[0-9a-f]{1,8}$/);
			expect(shards.map(({ args }) => args.filter((arg) => !/^--(reporter|trace)=/.test(arg)))).to.deep.equal(
				[1, 2, 3].map((shard) => [
					"--target=.",
					"--no-config",
					"--race-repeat=8",
					`--seed=${seed}`,
					`--shard=${shard}/3`,
					"--",
					"2A",
					"2B",
				]),
			);
			expect(merge?.args.slice(merge.args.indexOf("--") + 1)).to.deep.equal(
				[1, 2, 3].map((shard) => `shards/report-${shard}-of-3.json`),
			);
			expect((await readdir(github.artifacts)).sort()).to.deep.equal([
				"raft-grade-pages-1",
				"raft-grade-pages-2",
				"raft-grade-pages-3",
				"raft-grade-report",
				"raft-grade-shard-1",
				"raft-grade-shard-2",
				"raft-grade-shard-3",
			]);
			expect(result.outputs).to.include({ passed: "true", score: "3", "max-score": "4" });
			expect(Object.values(result.jobs).flatMap((runs) => runs.map(({ name }) => name))).to.deep.equal([
				"plan",
				"grade (1/3)",
				"grade (2/3)",
				"grade (3/3)",
				"merge",
			]);
		});

		it("draws another seed each time, unless it is given one", async () => {
			const seeds = [{}, {}, { seed: "0x1F3a" }].map(async (inputs) => (await callWith(inputs)).result.outputs.seed);
			const [first, second, given] = await Promise.all(seeds);
			expect(first).not.to.equal(second);
			expect(given).to.equal("0x1F3a");
		});

		it("takes raft-grade from where the workflow comes from, the submission from the caller", async () => {
			const { github } = await callWith({});
			const raftGrade = { repository: "a-maker/raft-grade", ref: "0123abc", path: "raft-grade" };
			expect(github.checkouts).to.deep.equal([
				{ repository: "a-student/lab", ref: undefined, path: "submission" },
				raftGrade,
				raftGrade,
			]);
		});

		it("takes raft-grade from elsewhere on request", async () => {
			const inputs = { "raft-grade-repository": "a-course/staff", "raft-grade-ref": "v0" };
			const standIn = await standInRepository();
			const github = await GitHub.with(
				{ "a-course/staff": standIn.folder, "a-student/lab": await folderWith({}) },
				standIn.programs,
			);
			const { result } = await call(github, inputs, { workflow_repository: "", workflow_sha: "" });
			expect(result).to.equal("success");
			expect(github.checkouts.slice(1).map(({ repository, ref }) => `${repository}@${ref}`)).to.deep.equal([
				"a-course/staff@v0",
				"a-course/staff@v0",
			]);
		});

		it("takes the policy from the course's repository", async () => {
			const { github, calls } = await callWith({
				config: "policy/raft-grade.config.ts",
				"config-repository": "a-course/staff",
			});
			expect(github.checkouts).to.deep.include({ repository: "a-course/staff", ref: "main", path: "course" });
			expect(calls[0]?.args)
				.to.include("--config=../course/policy/raft-grade.config.ts")
				.and.not.include("--no-config");
			expect(path.basename(calls[0]?.cwd ?? "")).to.equal("submission");
		});

		it("refuses what cannot work, before anything is graded", async () => {
			const unknownSource = { workflow_repository: "", workflow_sha: "" };
			const refused: [Call["inputs"], string, typeof SOURCE?][] = [
				[{ shards: 0 }, "shards must be a whole number from 1 to 256"],
				[{ shards: 257 }, "shards must be a whole number from 1 to 256"],
				[{ shards: 1.5 }, "shards must be a whole number from 1 to 256"],
				[{ seed: "lucky" }, "seed must be 1 to 16 hexadecimal digits"],
				[{ seed: "7\nshards=[1]" }, "seed must be 1 to 16 hexadecimal digits"],
				[
					{ config: "raft-grade.config.ts" },
					"config needs config-repository: a policy is code, and must not come from the submission",
				],
				[
					{},
					"it is not known where raft-grade comes from: set raft-grade-repository and raft-grade-ref",
					unknownSource,
				],
				[
					{ "raft-grade-ref": "v0 x" },
					"it is not known where raft-grade comes from: set raft-grade-repository and raft-grade-ref",
				],
			];
			for (const [inputs, message, source] of refused) {
				const github = await GitHub.with({});
				const { result, jobs } = await call(github, inputs, source);
				expect(result).to.equal("failure");
				expect(obeyedCommands(jobs.plan?.[0]?.steps[0]?.log ?? "")).to.deep.equal([
					`::error title=raft-grade::${message}`,
				]);
				expect(Object.values(jobs).flatMap((runs) => runs.map((run) => run.result))).to.deep.equal([
					"failure",
					"skipped",
					"skipped",
				]);
			}
		});

		it("lets a shard in which a test failed be green: the merged result is not", async () => {
			const { result } = await callWith({ shards: 2 }, { "2/2": 1, merge: 1 });
			expect(result.jobs.grade?.map((run) => run.result)).to.deep.equal(["success", "success"]);
			expect(step(result.jobs.grade?.[1], "Grade")).to.include({ outcome: "failure", conclusion: "success" });
			expect(step(result.jobs.merge?.[0], "Merge").outcome).to.equal("failure");
			expect(step(result.jobs.merge?.[0], "Keep the report").outcome).to.equal("success");
			expect(result.result).to.equal("failure");
			expect(result.outputs).to.include({ passed: "false", score: "3" });
		});

		for (const exit of [2, 3]) {
			it(`shows a shard that ended with exit code ${exit}, and merges the others`, async () => {
				const { result, calls } = await callWith({ shards: 2 }, { "1/2": exit });
				const [lost, graded] = result.jobs.grade ?? [];
				expect([lost?.result, graded?.result]).to.deep.equal(["failure", "success"]);
				expect(obeyedCommands(step(lost, "Was it graded?").log)).to.deep.equal([
					`::error title=raft-grade::shard 1 could not be graded (exit code ${exit}): the step above says why`,
				]);
				expect(calls.at(-1)?.args.slice(-2)).to.deep.equal(["--", "shards/report-2-of-2.json"]);
				const merge = result.jobs.merge?.[0];
				expect(step(merge, "Were all shards graded?").outcome).to.equal("failure");
				expect(result.outputs.passed).to.equal("false");
			});
		}

		it("fails if every shard was lost", async () => {
			const { result } = await callWith({ shards: 2 }, { "1/2": 3, "2/2": 3 });
			expect(step(result.jobs.merge?.[0], "Merge").log).to.include("there is no report of a shard");
			expect([result.result, result.outputs.passed]).to.deep.equal(["failure", "false"]);
		});
	});

	describe("with raft-grade itself", function () {
		this.timeout(120_000);

		const INPUTS = { tests: "2A", shards: 2, repeats: 2, seed: "7", "node-version": "" };

		async function grade(submission: string, inputs: Call["inputs"] = {}) {
			const github = await GitHub.with({ "a-maker/raft-grade": ROOT, "a-student/lab": submission });
			return { github, result: await call(github, { ...INPUTS, ...inputs }) };
		}

		async function mergedReport(github: GitHub) {
			const file = path.join(github.artifacts, "raft-grade-report/report.json");
			return gradeReport.parse(JSON.parse(await readFile(file, "utf8")));
		}

		it("passes the reference", async () => {
			const { github, result } = await grade(await folderWith({}), { target: "reference" });
			const logs = Object.values(result.jobs).flatMap((runs) =>
				runs.flatMap(({ steps }) => steps.map(({ log }) => log)),
			);
			expect(result.result, logs.join("\n")).to.equal("success");
			expect(result.outputs).to.include({ passed: "true", seed: "7" });
			expect(result.outputs.score).to.equal(result.outputs["max-score"]);
			const report = await mergedReport(github);
			expect(report.status).to.equal("passed");
			expect(report.tests.map(({ part, runs }) => [part, runs.length])).to.deep.equal(
				report.tests.map(() => ["2A", 2]),
			);
			expect(report.tests).to.have.length(3);
		});

		it("gives one shard as it gives two", async () => {
			const [one, two] = await Promise.all(
				[1, 2].map(async (shards) =>
					mergedReport((await grade(await folderWith({}), { target: "reference", shards })).github),
				),
			);
			const runsOf = (report: typeof one) => report?.tests.flatMap(({ runs }) => runs.map(({ run }) => run));
			expect(runsOf(one)).to.deep.equal(runsOf(two));
		});

		it("fails the template, each of whose shards was graded", async () => {
			const { github, result } = await grade(path.join(ROOT, "student-template"));
			expect(result.jobs.grade?.map((run) => run.result)).to.deep.equal(["success", "success"]);
			expect([result.result, result.outputs.passed, result.outputs.score]).to.deep.equal(["failure", "false", "0"]);
			expect(result.jobs.merge?.[0]?.steps.at(-1)?.outcome).to.equal("skipped");
			expect((await mergedReport(github)).tests.map(({ status }) => status)).to.deep.equal([
				"failed",
				"failed",
				"failed",
			]);
			const annotations = obeyedCommands(step(result.jobs.merge?.[0], "Merge").log);
			expect(annotations.join("\n")).to.match(/^::error .*InitialElection/m);
		});

		it("says of a submission that cannot be used that it cannot", async () => {
			const { result } = await grade(await folderWith({ "src/raft.ts": "export const nothing = 0;" }));
			expect(result.jobs.grade?.map((run) => run.result)).to.deep.equal(["failure", "failure"]);
			expect(step(result.jobs.merge?.[0], "Merge").outcome).to.equal("failure");
			expect(result.outputs.passed).to.equal("false");
		});
	});
});
