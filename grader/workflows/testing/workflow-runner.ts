import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { asString, holds, interpolate, Outputs, type Value } from "./expression.ts";
import type { GitHub } from "./github.ts";
import { newRunner, runSteps, type StepResult } from "./job-runner.ts";
import { type Job, type ReusableWorkflow, reusableWorkflow } from "./metadata.ts";

/** Who calls a reusable workflow, and with what. */
export interface Call {
	readonly github: GitHub;
	/** The caller's repository. */
	readonly repository: string;
	/** Where the workflow comes from: what GitHub's `job` context says of it. */
	readonly source: { readonly workflow_repository: string; readonly workflow_sha: string };
	readonly inputs: Readonly<Record<string, string | number>>;
}

type Result = "success" | "failure" | "skipped";

/** One run of a job: there are several of one with a matrix. */
export interface JobRun {
	readonly name: string;
	readonly result: Result;
	readonly steps: readonly StepResult[];
	readonly outputs: Readonly<Record<string, string>>;
}

/** How a workflow ended. */
export interface WorkflowResult {
	readonly result: "success" | "failure";
	readonly outputs: Readonly<Record<string, string>>;
	/** By the job's id. */
	readonly jobs: Readonly<Record<string, readonly JobRun[]>>;
}

/**
 * Runs a reusable workflow, one job after the other, in the order in which they stand.
 *
 * @throws Error for anything in it that this runner doesn't know.
 */
export async function runWorkflow(file: string, call: Call): Promise<WorkflowResult> {
	const workflow = reusableWorkflow.parse(parse(await readFile(file, "utf8")));
	const inputs = readInputs(workflow, call.inputs);
	const jobs: Record<string, readonly JobRun[]> = {};
	const needs: Record<string, { result: Result; outputs: Outputs }> = {};
	for (const [id, job] of Object.entries(workflow.jobs)) {
		const runs = await runJob(id, job, inputs, needs, call);
		jobs[id] = runs;
		needs[id] = { result: together(runs), outputs: new Outputs(Object.assign({}, ...runs.map((run) => run.outputs))) };
	}
	const scope = { contexts: { inputs, jobs: needs }, failed: false };
	const outputs = Object.entries(workflow.on.workflow_call.outputs).map(([name, { value }]) => [
		name,
		asString(interpolate(value, scope)),
	]);
	const isFailed = Object.values(needs).some(({ result }) => result === "failure");
	return { result: isFailed ? "failure" : "success", outputs: Object.fromEntries(outputs), jobs };
}

function readInputs(workflow: ReusableWorkflow, given: Call["inputs"]): Record<string, string | number> {
	const declared = workflow.on.workflow_call.inputs;
	for (const [name, value] of Object.entries(given)) {
		if (typeof value !== declared[name]?.type) throw new Error(`there is no input ${name} that takes ${value}`);
	}
	return { ...Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input.default])), ...given };
}

async function runJob(
	id: string,
	job: Job,
	inputs: Readonly<Record<string, string | number>>,
	finished: Readonly<Record<string, { result: Result; outputs: Outputs }>>,
	{ github, repository, source }: Call,
): Promise<JobRun[]> {
	const needs = Object.fromEntries(
		job.needs.map((name) => [name, finished[name] ?? fail(`${id} needs ${name}, which stands further down`)]),
	);
	const contexts = { inputs, needs, job: source };
	const failed = Object.values(needs).some(({ result }) => result !== "success");
	if (!holds(job.if, { contexts, failed })) return [{ name: id, result: "skipped", steps: [], outputs: {} }];
	const runs: JobRun[] = [];
	for (const matrix of expand(job, contexts)) {
		const scope = { contexts: { ...contexts, matrix }, failed: false };
		const runner = await newRunner(github, repository);
		const { result, steps, context } = await runSteps(job.steps, scope.contexts, runner);
		const atEnd = { contexts: { ...scope.contexts, steps: context }, failed: false };
		const outputs = Object.entries(job.outputs).map(([name, value]) => [name, asString(interpolate(value, atEnd))]);
		const name = asString(interpolate(job.name ?? id, scope));
		runs.push({ name, result, steps, outputs: Object.fromEntries(outputs) });
	}
	return runs;
}

function expand({ strategy }: Job, contexts: Readonly<Record<string, Value>>): Record<string, Value>[] {
	if (strategy === undefined) return [{}];
	const [[name, text] = fail("a matrix needs a dimension"), ...others] = Object.entries(strategy.matrix);
	if (others.length > 0) fail("a matrix of more than one dimension is not known here");
	const values = interpolate(text, { contexts, failed: false });
	if (!Array.isArray(values)) return fail(`${text} is not a list`);
	return values.map((value) => ({ [name]: value }));
}

function together(runs: readonly JobRun[]): Result {
	const results = new Set(runs.map(({ result }) => result));
	if (results.has("failure")) return "failure";
	return results.has("success") ? "success" : "skipped";
}

function fail(message: string): never {
	throw new Error(message);
}
