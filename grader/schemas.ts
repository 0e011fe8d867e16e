/** Writes the published JSON schemas: `npm run schemas`. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { configSchema } from "./policy/schema.ts";
import { JOURNAL_FORMAT } from "./replay/journal-format.ts";
import { journal } from "./replay/journal-schema.ts";
import { REPORT_FORMAT } from "./report/format.ts";
import { gradeReport } from "./report/schema.ts";
import { shrunkStory } from "./shrinking/schema.ts";

/** A schema for people and programs outside. */
export interface PublishedSchema {
	/** Relative to the repository. */
	readonly file: string;
	readonly schema: z.ZodType;
	readonly title: string;
	readonly description: string;
}

/** All of them. */
export const publishedSchemas: readonly PublishedSchema[] = [
	{
		file: `docs/schemas/report-${REPORT_FORMAT}.schema.json`,
		schema: gradeReport,
		title: "raft-grade report",
		description: "What a grading found: what raft-grade --reporter json writes and raft-grade merge reads.",
	},
	{
		file: `docs/schemas/journal-${JOURNAL_FORMAT}.schema.json`,
		schema: journal,
		title: "raft-grade journal",
		description: "A run and all that happened in it: what raft-grade replay --format json writes.",
	},
	{
		file: "docs/schemas/shrunk-1.schema.json",
		schema: shrunkStory,
		title: "raft-grade shrunk run",
		description: "The few chance decisions that make a run fail: what raft-grade shrink --format json writes.",
	},
	{
		file: "docs/schemas/config-1.schema.json",
		schema: configSchema,
		title: "raft-grade config",
		description: "How a course's submissions are graded: what raft-grade.config.json or .ts may say.",
	},
];

/** A schema as JSON Schema, draft 2020-12: of what may be read, so that what a later version adds to a report is no error. */
export function toJsonSchema({ schema, title, description }: PublishedSchema): Readonly<Record<string, unknown>> {
	const { $schema, ...body } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
	return { $schema, title, description, ...body };
}

const script = fileURLToPath(import.meta.url);
if (process.argv[1] === script) {
	for (const published of publishedSchemas) {
		const file = path.join(path.dirname(script), "..", published.file);
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify(toJsonSchema(published), undefined, "\t")}\n`);
	}
}
