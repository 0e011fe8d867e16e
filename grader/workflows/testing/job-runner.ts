import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { folderWith } from "../../testing/command.ts";
import { asString, holds, interpolate, Outputs, type Scope, type Value } from "./expression.ts";
import type { GitHub } from "./github.ts";
import { compositeAction, type Step } from "./metadata.ts";
import { standIns } from "./stand-ins.ts";

/** The machine on which a job runs. */
export interface Runner {
	readonly github: GitHub;
	/** The repository whose workflow runs, as owner/name. */
	readonly repository: string;
	readonly workspace: string;
	readonly temp: string;
}

/** How a step ended. */
export interface StepResult {
	readonly name: string;
	/** Before `continue-on-error`. */
	readonly outcome: "success" | "failure" | "skipped";
	/** After it. */
	readonly conclusion: "success" | "failure" | "skipped";
	readonly outputs: Readonly<Record<string, string>>;
	/** All that it printed. */
	readonly log: string;
	/** What it added to the job's summary. */
	readonly summary: string;
}

/** How a list of steps ended. */
export interface StepsResult {
	readonly result: "success" | "failure";
	readonly steps: readonly StepResult[];
	/** What `steps` is to an expression after all of them. */
	readonly context: Value;
}

/** A new machine, with an empty workspace. */
export async function newRunner(github: GitHub, repository: string): Promise<Runner> {
	return { github, repository, workspace: await folderWith({}), temp: await folderWith({}) };
}

/**
 * Runs steps one after the other, as GitHub's runner does.
 *
 * @param contexts - what expressions may name, besides `steps`.
 * @param actionPath - the folder of the action whose steps these are.
 * @throws Error for anything in the steps that this runner doesn't know.
 */
export async function runSteps(
	steps: readonly Step[],
	contexts: Readonly<Record<string, Value>>,
	runner: Runner,
	actionPath?: string,
): Promise<StepsResult> {
	const results: StepResult[] = [];
	const known: Record<string, Value> = {};
	for (const step of steps) {
		const failed = results.some(({ conclusion }) => conclusion === "failure");
		const scope = { contexts: { ...contexts, steps: known }, failed };
		const name = step.name ?? step.id ?? ("uses" in step ? step.uses : step.run);
		const ended = holds(step.if, scope) ? await runStep(step, scope, runner, actionPath) : SKIPPED;
		const conclusion = ended.outcome === "failure" && step["continue-on-error"] === true ? "success" : ended.outcome;
		results.push({ ...ended, name, conclusion });
		if (step.id !== undefined) {
			known[step.id] = { outcome: ended.outcome, conclusion, outputs: new Outputs(ended.outputs) };
		}
	}
	const isFailed = results.some(({ conclusion }) => conclusion === "failure");
	return { result: isFailed ? "failure" : "success", steps: results, context: known };
}

type Ended = Omit<StepResult, "name" | "conclusion">;

const SKIPPED: Ended = { outcome: "skipped", outputs: {}, log: "", summary: "" };

function runStep(step: Step, scope: Scope, runner: Runner, actionPath: string | undefined): Promise<Ended> {
	const variables = evaluateAll(step.env, scope);
	if ("run" in step) return runScript(step.run, step.shell, variables, runner, actionPath);
	if (step.env !== undefined) throw new Error(`${step.uses}: variables of an action are not known here`);
	return runAction(step.uses, evaluateAll(step.with, scope), runner);
}

function evaluateAll(values: Readonly<Record<string, Value>> | undefined, scope: Scope): Record<string, string> {
	const evaluate = (value: Value) => asString(interpolate(asString(value), scope));
	return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, evaluate(value)]));
}

async function runScript(
	script: string,
	shell: "bash" | undefined,
	variables: Readonly<Record<string, string>>,
	{ github, repository, workspace, temp }: Runner,
	actionPath: string | undefined,
): Promise<Ended> {
	const folder = await folderWith({ script, output: "", env: "", summary: "" });
	const file = (name: string) => path.join(folder, name);
	const log = await open(file("log"), "w");
	// Without a shell's name, GitHub leaves out pipefail.
	const options = shell === undefined ? ["-e"] : ["--noprofile", "--norc", "-eo", "pipefail"];
	const code = await new Promise<number | null>((resolve, reject) => {
		const child = spawn("bash", [...options, file("script")], {
			cwd: workspace,
			stdio: ["ignore", log.fd, log.fd],
			env: {
				PATH: [github.programs, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
				HOME: process.env.HOME,
				NO_COLOR: "1",
				CI: "true",
				GITHUB_ACTIONS: "true",
				GITHUB_REPOSITORY: repository,
				GITHUB_WORKSPACE: workspace,
				GITHUB_OUTPUT: file("output"),
				GITHUB_ENV: file("env"),
				GITHUB_STEP_SUMMARY: file("summary"),
				RUNNER_TEMP: temp,
				...(actionPath === undefined ? {} : { GITHUB_ACTION_PATH: actionPath }),
				...variables,
			},
		});
		child.on("error", reject);
		child.on("close", resolve);
	});
	await log.close();
	if ((await readFile(file("env"), "utf8")) !== "") throw new Error("GITHUB_ENV is not known here");
	return {
		outcome: code === 0 ? "success" : "failure",
		outputs: readOutputs(await readFile(file("output"), "utf8")),
		log: await readFile(file("log"), "utf8"),
		summary: await readFile(file("summary"), "utf8"),
	};
}

/** The last of several values of one name counts. */
function readOutputs(text: string): Record<string, string> {
	const outputs: Record<string, string> = {};
	for (const line of text.split("\n").filter((line) => line !== "")) {
		const at = line.indexOf("=");
		if (at < 1) throw new Error(`"${line}" in GITHUB_OUTPUT is not name=value`);
		outputs[line.slice(0, at)] = line.slice(at + 1);
	}
	return outputs;
}

async function runAction(uses: string, given: Readonly<Record<string, string>>, runner: Runner): Promise<Ended> {
	const standIn = standIns[uses];
	if (standIn !== undefined) {
		try {
			return { ...SKIPPED, outcome: "success", log: await standIn(given, runner) };
		} catch (error) {
			return { ...SKIPPED, outcome: "failure", log: `${(error as Error).message}\n` };
		}
	}
	const folder = folderOfAction(uses, runner);
	const { inputs, outputs, runs } = compositeAction.parse(
		parse(await readFile(path.join(folder, "action.yml"), "utf8")),
	);
	const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
	if (unknown.length > 0) throw new Error(`${uses} has no input ${unknown.join(", ")}`);
	const defaults = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));
	const contexts = { inputs: { ...defaults, ...given } };
	const { result, steps, context } = await runSteps(runs.steps, contexts, runner, folder);
	const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
	return {
		outcome: result,
		outputs: evaluateAll(values, { contexts: { ...contexts, steps: context }, failed: false }),
		log: steps.map(({ log }) => log).join(""),
		summary: steps.map(({ summary }) => summary).join(""),
	};
}

/** An action in the workspace (./folder), or in a repository (owner/name/folder@ref). */
function folderOfAction(uses: string, { github, workspace }: Runner): string {
	if (uses.startsWith("./")) return path.join(workspace, uses);
	const [, repository, folder] = /^([^/]+\/[^/]+)\/([^@]+)@.+$/.exec(uses) ?? [];
	if (repository === undefined || folder === undefined) throw new Error(`there is no stand-in for ${uses}`);
	return path.join(github.folderOf(repository), folder);
}
