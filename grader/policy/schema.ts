/**
 * The config file, as it may be written. Its published schema, docs/schemas/config-1.schema.json, is written from here. What the schema
 * cannot know (which tests and files there are) is checked in resolve.ts.
 */
import { z } from "zod";
import type { Part, TestId } from "../../labs/catalog.ts";
import { similarNames } from "../similar-names.ts";

/** A name that an editor completes with the labs' own, and that may be another. */
type TestName = TestId | (string & {});
type PartOrTest = Part | TestName;

/** More would be a slip: a hundred thousand runs of one test take hours. */
const REPEATS_MAX = 100_000;

const testName = z.string() as unknown as z.ZodType<TestName, TestName> & z.ZodString;
const partOrTest = z.string() as unknown as z.ZodType<PartOrTest, PartOrTest> & z.ZodString;

/** Finer points could not be shown, and would not sum up to what is shown. */
const points = z
	.number()
	.min(0)
	.refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, "must not have more than two decimals")
	.describe("what passing the test is worth; at most two decimals");

const repeats = z.int().min(1).max(REPEATS_MAX).describe("how many schedules (seeds) of a test to run");

const suiteTest = section({
	points: points.optional().describe("what passing the test is worth; at most two decimals. Default: 0"),
	title: z.string().min(1).optional().describe("what it tests, in a few words. Default: its name"),
	hidden: z.boolean().optional().describe("whether nothing of it may be shown to a student. Default: false"),
	repeats: repeats.optional(),
	servers: z.int().min(1).max(64).optional().describe("how many servers its cluster has, for those who read about it"),
	story: z.string().optional().describe("what happens in it, in one paragraph: what `raft-grade explain` tells"),
	paper: z.string().optional().describe("where the Raft paper (extended version) says what should happen"),
	causes: z.array(z.string().min(1)).optional().describe("what usually causes a failure, the most likely first"),
});

const suite = section({
	file: z.string().min(1).describe("a file of Mocha tests declared with lab(), relative to the config file"),
	part: z
		.string()
		.min(1)
		.optional()
		.describe('the part to which its tests belong: 2A to 2D, or another. Default: "extra"'),
	tests: z
		.record(z.string(), suiteTest)
		.refine((tests) => Object.keys(tests).length > 0, "must name at least one test")
		.describe("every test that the file declares, by name"),
});

const limits = section({
	stepTimeoutS: z.number().gt(0).optional().describe("real seconds that one step of a server may take. Default: 5"),
	timeoutS: z.number().gt(0).optional().describe("real seconds that one run of a test may take. Default: 120"),
	memoryMb: z.int().min(64).optional().describe("megabytes of memory that a submission may use. Default: 1024"),
});

export const configSchema = section({
	$schema: z.string().optional().describe("where the schema is, for editors"),
	scoring: z
		.enum(["all-or-nothing", "fraction"])
		.optional()
		.describe(
			"all-or-nothing (default): a test's points are for passing all its schedules; fraction: each schedule passed earns its share",
		),
	repeats: z
		.union([repeats, z.partialRecord(partOrTest, repeats)])
		.optional()
		.describe(
			"how many schedules of each test to run: one number for all, or numbers by test, part, or `all`; the closest one counts. --race-repeat overrules it",
		),
	points: z
		.partialRecord(testName, points)
		.optional()
		.describe("what tests are worth, by name; those not named keep the points they have"),
	hidden: z
		.array(partOrTest)
		.optional()
		.describe("parts and tests of which a student may see no more than how many points they brought"),
	tests: z
		.array(partOrTest)
		.min(1)
		.optional()
		.describe("the parts and tests that are graded: what `all` means. Default: all there are, own suites included"),
	suites: z.array(suite).optional().describe("files of a course's own tests"),
	reference: z
		.string()
		.min(1)
		.optional()
		.describe("the solution that --target reference means: a file or folder, relative to the config file"),
	target: z
		.string()
		.min(1)
		.refine(
			(target) => !/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(target),
			"must lie in the submission's folder",
		)
		.optional()
		.describe(
			"where in each submission of a class the main module lies, relative to its folder. Default: package.json's raftGrade.target, else src/raft.ts or raft.ts",
		),
	limits: limits.optional().describe("what a submission may use; options of the command overrule it"),
	seed: z
		.string()
		.optional()
		.describe(
			"the base seed of every grading, 1 to 16 hexadecimal digits. Default: drawn at random. --seed overrules it",
		),
});

/** What a config file gives. */
export type Config = z.input<typeof configSchema>;

/** An object without other keys, whose refusal of one suggests what may have been meant. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
	const known = Object.keys(shape).filter((key) => !key.startsWith("$"));
	return z.strictObject(shape, {
		error: (issue) => {
			if (issue.code !== "unrecognized_keys") return undefined;
			const [key = ""] = issue.keys as string[];
			const similar = similarNames(known, key);
			const hint = similar.length > 0 ? `did you mean ${similar.join(" or ")}?` : `there are ${known.join(", ")}`;
			return `there is no key "${key}" here: ${hint}`;
		},
	});
}
