/**
 * A shrunk run, for programs: what `raft-grade shrink --format json` writes. Its published schema, docs/schemas/shrunk-1.schema.json, is written from here by
 * `npm run schemas`.
 */
import { z } from "zod";

const count = z.int().min(0);
const virtualMs = z.number().min(0).describe("virtual milliseconds since the run began");

export const shrunkStory = z.object({
	format: z.literal(1),
	run: z.string().describe("the run that was shrunk (test@seed)"),
	check: z.string().describe("the assertion, invariant or limit that it fails, and the shrunk run too"),
	message: z.string().describe("what the run says when it fails"),
	atMs: virtualMs,
	decisions: count.describe("how many chance decisions of the run were not at their harmless defaults"),
	shrunk: z.object({
		run: z.string().describe("the shrunk run (test@seed~choices): what raft-grade takes wherever it takes a run"),
		isOtherSeed: z.boolean().describe("whether it is a run of another seed, which fails in the calm"),
		message: z.string().describe("what the shrunk run says when it fails"),
		atMs: virtualMs,
		choices: z
			.array(z.string())
			.describe("what the decisions that matter did, a sentence each, in the order in which they came up"),
		lastEvents: z.array(z.string()).describe("the last few events of each server"),
		replay: z.string().describe("the command that makes the shrunk run again"),
	}),
	tries: count.describe("how many runs were made"),
	isComplete: z.boolean().describe("false: tries or time ran out before it was sure that no decision can be left out"),
});

/** See {@link shrunkStory}. */
export type ShrunkStory = z.infer<typeof shrunkStory>;
