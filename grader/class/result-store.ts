import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { gradeReport } from "../report/schema.ts";
import type { JobResult } from "./job.ts";
import type { WholeFiles } from "./whole-files.ts";

const stored = z.object({ format: z.literal(1), key: z.string(), seconds: z.number(), report: gradeReport });

/** What has been graded, by {@link Job.key}. A result is there whole or not at all. */
export class ResultStore {
	readonly #folder: string;
	readonly #files: WholeFiles;

	constructor(folder: string, files: WholeFiles) {
		this.#folder = folder;
		this.#files = files;
	}

	/** A result; undefined if there is none that can be read. */
	async get(key: string): Promise<JobResult | undefined> {
		try {
			const text = (await promisify(gunzip)(await readFile(this.#file(key)))).toString("utf8");
			const { report, seconds, ...found } = stored.parse(JSON.parse(text));
			return found.key === key ? { report, seconds } : undefined;
		} catch {
			return undefined;
		}
	}

	async put(key: string, { report, seconds }: JobResult): Promise<void> {
		const value = { format: 1, key, seconds, report } satisfies z.infer<typeof stored>;
		await this.#files.keep(this.#file(key), await promisify(gzip)(JSON.stringify(value)));
	}

	/** Forgets a result. */
	async drop(key: string): Promise<void> {
		await rm(this.#file(key), { force: true });
	}

	#file(key: string): string {
		return path.join(this.#folder, `${key}.json.gz`);
	}
}
