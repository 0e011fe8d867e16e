import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { GitHub } from "./testing/github.ts";
import { newRunner, type Runner, runSteps, type StepResult } from "./testing/job-runner.ts";
import { obeyedCommands } from "./testing/log-commands.ts";
import { type StandInRepository, standInRepository } from "./testing/stand-in-repository.ts";

/** Runs our action as a course's workflow does, in the workspace of this runner. */
async function useAction(runner: Runner, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
	const uses = "a-course/raft-grade/.github/actions/raft-grade@v0";
	const { steps } = await runSteps([{ id: "grade", uses, with: inputs }], {}, runner);
	return steps[0] as StepResult;
}

async function runnerWith(standIn: StandInRepository): Promise<Runner> {
	const github = await GitHub.with({ "a-course/raft-grade": standIn.folder }, standIn.programs);
	return newRunner(github, "a-student/lab");
}

describe("the action", () => {
	afterEach(removeFolders);

	describe("calls raft-grade", () => {
		/** The arguments of the only call, without the reports that it always asks for. */
		async function argumentsFor(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
			const standIn = await standInRepository();
			await useAction(await runnerWith(standIn), inputs);
			const [call, ...others] = await standIn.calls();
			expect(others).to.deep.equal([]);
			return (call?.args ?? []).filter((arg) => !/^--reporter=(table|json=.*|github=.*)$/.test(arg));
		}

		it("on everything, without a policy, unless it is told otherwise", async () => {
			expect(await argumentsFor({})).to.deep.equal(["--target=.", "--no-config", "--", "all"]);
		});

		it("with each of its inputs", async () => {
			const args = await argumentsFor({
				target: "lab/raft.ts",
				tests: "2A  Figure8\n2D",
				repeats: "50",
				seed: "1f3a",
				config: "course/raft-grade.config.ts",
				shard: "2/3",
				reports: "junit=a b.xml\n\n  tap=x.tap  \n",
				jobs: "4",
				timeout: "60",
				memory: "512",
			});
			expect(args).to.deep.equal([
				"--target=lab/raft.ts",
				"--reporter=junit=a b.xml",
				"--reporter=tap=x.tap",
				"--config=course/raft-grade.config.ts",
				"--race-repeat=50",
				"--seed=1f3a",
				"--shard=2/3",
				"--jobs=4",
				"--timeout=60",
				"--memory=512",
				"--",
				"2A",
				"Figure8",
				"2D",
			]);
		});

		it("with values that a shell could misunderstand, as they are", async () => {
			const nasty = "$(touch pwned) `touch pwned`; \"x' * \\";
			const args = await argumentsFor({ target: nasty, tests: "* $(x)", config: nasty, seed: nasty });
			expect(args).to.deep.equal([`--target=${nasty}`, `--config=${nasty}`, `--seed=${nasty}`, "--", "*", "$(x)"]);
		});

		it("in the working directory, with imports and annotations that don't depend on where that is", async () => {
			const standIn = await standInRepository();
			const runner = await runnerWith(standIn);
			await mkdir(path.join(runner.workspace, "submission/.git"), { recursive: true });
			await mkdir(path.join(runner.workspace, "plain"));
			for (const folder of ["submission", "plain"]) await useAction(runner, { "working-directory": folder });
			const [checkedOut, plain] = await standIn.calls();
			expect(checkedOut?.cwd).to.equal(path.join(runner.workspace, "submission"));
			expect(checkedOut?.env.GITHUB_WORKSPACE).to.equal(path.join(runner.workspace, "submission"));
			expect(plain?.env.GITHUB_WORKSPACE).to.equal(runner.workspace);
			expect(plain?.env.TSX_TSCONFIG_PATH).to.equal(path.join(standIn.folder, "tsconfig.json"));
		});

		it("to merge the reports of a folder", async () => {
			const standIn = await standInRepository();
			const runner = await runnerWith(standIn);
			await mkdir(path.join(runner.workspace, "shards"));
			for (const name of ["1.json", "2.json", "notes.txt"])
				await writeFile(path.join(runner.workspace, "shards", name), "");
			await useAction(runner, { merge: "shards", reports: "junit=all.xml" });
			const [call] = await standIn.calls();
			expect(call?.args[0]).to.equal("merge");
			expect(call?.args.slice(-4)).to.deep.equal(["--reporter=junit=all.xml", "--", "shards/1.json", "shards/2.json"]);
		});
	});

	describe("installs raft-grade", () => {
		it("from its lockfile, where the action is, and once for all steps of a job", async () => {
			const standIn = await standInRepository();
			const runner = await runnerWith(standIn);
			await useAction(runner, {});
			await useAction(runner, {});
			const installs = await standIn.installs();
			expect(installs.map(({ cwd, args }) => [cwd, ...args])).to.deep.equal([
				[standIn.folder, "ci", "--no-audit", "--no-fund"],
			]);
			expect(await standIn.calls()).to.have.length(2);
		});

		it("and leaves the submission's packages alone", async () => {
			const standIn = await standInRepository();
			const runner = await runnerWith(standIn);
			await writeFile(path.join(runner.workspace, "package.json"), '{ "scripts": { "postinstall": "exit 1" } }');
			await useAction(runner, {});
			expect((await standIn.installs()).map(({ cwd }) => cwd)).to.deep.equal([standIn.folder]);
		});
	});

	describe("gives", () => {
		async function outcomeOf(exit: number): Promise<StepResult> {
			return useAction(await runnerWith(await standInRepository({ undefined: exit })), {});
		}

		it("raft-grade's exit code, its points and its report", async () => {
			for (const [exit, outcome] of [
				[0, "success"],
				[1, "failure"],
			] as const) {
				const step = await outcomeOf(exit);
				expect(step.outcome, `exit code ${exit}`).to.equal(outcome);
				const { report, ...outputs } = step.outputs;
				expect(outputs).to.deep.equal({
					passed: String(exit === 0),
					score: "3",
					"max-score": "4",
					result: "e30=",
					"exit-code": String(exit),
				});
				expect(JSON.parse(await readFile(report as string, "utf8"))).to.deep.equal({});
			}
		});

		it("false and no report, if raft-grade could not do its work", async () => {
			for (const exit of [2, 3]) {
				const step = await outcomeOf(exit);
				expect(step.outcome).to.equal("failure");
				expect(step.outputs).to.deep.equal({
					passed: "false",
					score: "",
					"max-score": "",
					result: "",
					report: "",
					"exit-code": String(exit),
				});
			}
		});

		it("an error that says so, if there is no report to merge", async () => {
			const standIn = await standInRepository();
			const step = await useAction(await runnerWith(standIn), { merge: "shards" });
			expect(step.outcome).to.equal("failure");
			expect(step.outputs).to.include({ passed: "false", "exit-code": "2" });
			expect(obeyedCommands(step.log)).to.deep.equal([
				"::error title=raft-grade::there is no report of a shard in shards: did all of them fail?",
			]);
			expect(await standIn.calls()).to.deep.equal([]);
		});

		it("annotations, but none that a submission printed", async () => {
			const step = await outcomeOf(1);
			expect(step.log).to.include("::error::forged by a submission");
			expect(obeyedCommands(step.log)).to.deep.equal(["::notice::annotated"]);
		});

		it("the pages of what failed, if they are asked for, but none of a hidden test", async () => {
			const runner = await runnerWith(await standInRepository({ "2/3": 1 }));
			const step = await useAction(runner, { shard: "2/3", traces: "pages-2" });
			expect(step.outcome).to.equal("failure");
			expect(await readdir(path.join(runner.github.artifacts, "pages-2"))).to.deep.equal(["Backup@7.html"]);
			await useAction(runner, {});
			expect(await readdir(runner.github.artifacts)).to.deep.equal(["pages-2"]);
		});

		it("no annotations and no result for a shard", async () => {
			const step = await useAction(await runnerWith(await standInRepository()), { shard: "2/3" });
			expect(obeyedCommands(step.log)).to.deep.equal([]);
			expect(step.outputs).to.include({ passed: "false", score: "", result: "" });
			expect(path.basename(step.outputs.report as string)).to.equal("report-2-of-3.json");
		});
	});

	describe("with raft-grade itself", function () {
		this.timeout(120_000);

		async function grade(submission: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
			const github = await GitHub.with({ "a-course/raft-grade": ROOT, "a-student/lab": submission });
			const runner = await newRunner(github, "a-student/lab");
			await github.checkOut("a-student/lab", undefined, runner.workspace, ".");
			return useAction(runner, { seed: "7", "node-version": "", ...inputs });
		}

		it("passes the reference, with points and a summary", async () => {
			const step = await grade(await folderWith({}), { target: "reference", tests: "InitialElection" });
			expect(step.outcome, step.log).to.equal("success");
			expect(step.outputs).to.include({ passed: "true", "exit-code": "0" });
			expect(Number(step.outputs.score)).to.be.greaterThan(0).and.equal(Number(step.outputs["max-score"]));
			expect(step.summary).to.include("InitialElection");
		});

		it("fails the template, with an annotation", async () => {
			const step = await grade(path.join(ROOT, "student-template"), { tests: "InitialElection" });
			expect(step.outcome, step.log).to.equal("failure");
			expect(step.outputs).to.include({ passed: "false", score: "0", "exit-code": "1" });
			expect(obeyedCommands(step.log).join("\n")).to.match(/^::error .*InitialElection/);
			const result = JSON.parse(Buffer.from(step.outputs.result as string, "base64").toString());
			expect(result).to.include({ version: 1, status: "fail" });
		});

		it("says why a submission cannot be used", async () => {
			const step = await grade(await folderWith({ "src/raft.ts": "export const nothing = 0;" }), { tests: "2A" });
			expect(step.outcome).to.equal("failure");
			expect(step.outputs).to.include({ passed: "false", "exit-code": "2" });
			expect(step.log).to.include("make");
		});

		it("shows the table under a policy, but not of hidden tests", async () => {
			const logs: string[] = [];
			for (const hidden of [[], ["ReElection"]]) {
				const policy = { tests: ["InitialElection", "ReElection"], hidden };
				const folder = await folderWith({ "raft-grade.config.json": JSON.stringify(policy) });
				const config = path.join(folder, "raft-grade.config.json");
				const step = await grade(path.join(ROOT, "student-template"), { config });
				expect(step.outputs["exit-code"], step.log).to.equal("1");
				logs.push(step.log + step.summary);
			}
			expect(logs[0])
				.to.match(/^FAIL ReElection/m)
				.and.match(/^::error .*ReElection/m);
			expect(logs[1]).not.to.include("ReElection");
			expect(logs[1])
				.to.include("hidden tests: 0 of 1 passed")
				.and.match(/^::error .*InitialElection/m);
		});

		it("neither runs nor obeys what lies in the submission's folder", async () => {
			const evil = 'import { writeFileSync } from "node:fs"; writeFileSync("pwned", ""); export default {};';
			const submission = await folderWith({
				"raft-grade.config.ts": evil,
				"evil.ts": evil,
				"tsconfig.json": JSON.stringify({
					compilerOptions: { paths: { commander: ["./evil.ts"], chai: ["./evil.ts"], zod: ["./evil.ts"] } },
				}),
			});
			const step = await grade(submission, { target: "reference", tests: "InitialElection" });
			expect(step.outputs, step.log).to.include({ passed: "true" });
			expect(step.log).to.match(/1 of 1 passed/);
		});
	});
});
