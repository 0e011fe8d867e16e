import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { UsageError } from "../../usage-error.ts";
import type { Student } from "./student.ts";

/** What Gradescope lays beside the submissions that it exports. */
export const METADATA = "submission_metadata.yml";

/**
 * Reads who handed in what.
 *
 * @returns the students of each folder.
 * @throws UsageError if it cannot be read.
 */
export async function readMetadata(folder: string): Promise<ReadonlyMap<string, readonly Student[]>> {
	const file = path.join(folder, METADATA);
	let parsed: unknown;
	try {
		// Tags are Ruby's, which say nothing here.
		parsed = parse(await readFile(file, "utf8"), { logLevel: "silent", version: "1.1" });
	} catch (error) {
		throw new UsageError(`${METADATA} cannot be read: ${(error as Error).message.split("\n")[0]}`);
	}
	if (!isRecord(parsed)) throw new UsageError(`${METADATA} does not say who handed in what`);
	return new Map(
		Object.entries(parsed).map(([name, entry]) => {
			const submitters = isRecord(entry) ? (entry[":submitters"] ?? entry.submitters) : undefined;
			return [name, Array.isArray(submitters) ? submitters.flatMap(readSubmitter) : []];
		}),
	);
}

function readSubmitter(submitter: unknown): Student[] {
	if (!isRecord(submitter)) return [];
	const field = (name: string) => {
		const value = submitter[`:${name}`] ?? submitter[name];
		return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
	};
	const [name, sid, email] = [field("name"), field("sid"), field("email")];
	return name === undefined && email === undefined ? [] : [{ name: name ?? email ?? "", sid, email }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
