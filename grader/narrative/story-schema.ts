/** A story as reports and journals hold it. */
import { z } from "zod";

const event = z.int().min(0).describe("its place in the journal of that run, from 0");
const server = z.int().min(0);

export const toldStory = z.object({
	steps: z
		.array(
			z.object({
				atMs: z.number().min(0).describe("virtual milliseconds"),
				server: server.nullable(),
				text: z.string(),
				event: event.nullable(),
				minor: z.boolean().describe("whether it only supports another step"),
			}),
		)
		.describe("in order of time"),
	culprit: z
		.object({ server, event })
		.nullable()
		.describe("the server that broke a rule, and the event in which it did; null if the messages don't show it"),
});

export type ToldStory = z.infer<typeof toldStory>;
