/**
 * The JSON report: what a grading found, as one value. Every other report is made from it, and shards are merged in it. Its published
 * schema, docs/schemas/report-1.schema.json, is written from here by `npm run schemas`.
 */
import { z } from "zod";
import { toldStory } from "../narrative/story-schema.ts";
import { REPORT_FORMAT } from "./format.ts";

const count = z.int().min(0);
const virtualMs = z.number().min(0).describe("virtual milliseconds");

const place = z
	.object({
		file: z.string().describe("the student's file, relative to where the command ran"),
		line: z.int().describe("counted from 1"),
		column: z.int().describe("counted from 1"),
		functionName: z.string().describe("empty at the top level of a module"),
	})
	.describe("a place in the submission");

const run = z
	.object({
		run: z.string().describe("test@seed: what --replay takes"),
		repetition: count.describe("which of the test's schedules this was, from 0"),
		schedule: z.enum(["calm", "race"]),
		status: z.enum(["passed", "failed"]),
		virtualMs,
		wallMs: z.number().min(0).describe("real milliseconds, which differ from run to run"),
		servers: count,
		rpcs: count,
		bytes: count,
		agreements: count,
	})
	.describe("one run of a test: one seed, one schedule");

const shrunk = z
	.object({
		run: z.string().describe("the shrunk run (test@seed~choices): what --replay takes"),
		decisions: count.describe("how many chance decisions of the run itself were not at their harmless defaults"),
		summary: z.string().describe("how many of them matter, in a sentence"),
		choices: z
			.array(z.string())
			.describe("what those that matter did, a sentence each, in the order in which they came up"),
		message: z.string().describe("what the shrunk run says when it fails"),
		atMs: virtualMs.describe("when the shrunk run fails"),
		replay: z.string().describe("the command that runs it again"),
	})
	.describe("a small set of chance decisions with which the same check still fails, all others harmless");

const failure = z
	.object({
		check: z.string().describe("the assertion, invariant or limit that failed; the same for failures of one kind"),
		message: z.string().describe("what the first of these runs said"),
		atMs: virtualMs.describe("when the first of these runs failed"),
		expected: z.string().nullable(),
		actual: z.string().nullable(),
		places: z.array(place).describe("where in the submission, innermost first; empty if it has no place"),
		contained: z.boolean().describe("whether the sandbox stopped the run: it never came to an end of its own"),
		runs: z.array(z.string()).min(1).describe("the runs that failed in this way (test@seed), the first one first"),
		replay: z.string().describe("the command that runs the first of them again"),
		paper: z.string().describe("where the Raft paper (extended version) says what should have happened; may be empty"),
		causes: z.array(z.string()).describe("what usually causes it, the most likely first"),
		lastEvents: z.array(z.string()).describe("the last few events of each server in the first of these runs"),
		story: toldStory
			.optional()
			.describe("the chain of events behind the first of these runs, as far as the messages show"),
		trace: z
			.string()
			.optional()
			.describe("the page that shows the first of these runs, as --trace named it; missing if none was written"),
		shrunk: shrunk.optional().describe("the first of these runs, shrunk; only with --explain"),
	})
	.describe("runs of one test that failed in the same way: same check, same message but for its figures, same place");

const points = z.object({ earned: z.number().min(0), possible: z.number().min(0) });

const test = z.object({
	test: z.string(),
	part: z.string().describe("2A to 2D, or the part that the policy gives it"),
	title: z.string(),
	visibility: z.enum(["visible", "hidden"]).describe("hidden: nothing of it may be shown to a student"),
	status: z
		.enum(["passed", "failed", "incomplete"])
		.describe("incomplete: none of its runs failed, but some were not made, because the grading was stopped"),
	points,
	planned: count.describe("how many schedules it should run"),
	passed: count.describe("how many of its runs passed"),
	virtualMs: z.object({ median: virtualMs, worst: virtualMs }).nullable().describe("over its runs; null without any"),
	runs: z.array(run).describe("in the order of their repetitions; may be fewer than planned"),
	failures: z.array(failure).describe("the kinds of failure, the one that happened first first"),
	advice: z.array(z.string()).describe("what a student should know although it fails nothing"),
});

export const gradeReport = z.object({
	format: z.literal(REPORT_FORMAT),
	tool: z.object({ name: z.literal("raft-grade"), version: z.string(), node: z.string() }),
	target: z.object({
		name: z.string(),
		hash: z.string().nullable().describe("SHA-256 of the submission as it was bundled; null if it could not be"),
	}),
	status: z
		.enum(["passed", "failed", "unusable", "interrupted"])
		.describe("unusable: the target could not be loaded, and nothing was judged; interrupted: stopped before the end"),
	message: z.string().nullable().describe("why the target is unusable"),
	seed: z.string().describe("the base seed, from which each run's seed is derived"),
	shard: z
		.object({ index: z.int().min(1), count: z.int().min(1) })
		.nullable()
		.describe("which share of all runs this is"),
	scoring: z
		.enum(["all-or-nothing", "fraction"])
		.describe("whether a test's points are for passing all its schedules, or shared out among them"),
	wallMs: z.number().min(0),
	points,
	tests: z.array(test),
});

export type GradeReport = z.infer<typeof gradeReport>;
export type TestReport = z.infer<typeof test>;
export type RunRecord = z.infer<typeof run>;
export type FailureReport = z.infer<typeof failure>;
export type ShrunkReport = z.infer<typeof shrunk>;
export type ReportPlace = z.infer<typeof place>;
