/** Results of studies that take long: kept in a file beside the packages, so that a study that was interrupted goes on where it was. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";

/** What a study has found so far: the latest result under each name. */
export class Kept<Result extends { readonly name: string; readonly key: string }> {
	readonly #file: string;
	readonly #results = new Map<string, Result>();

	/** @param study - the study's name, of which the file has its own. */
	constructor(study: string) {
		this.#file = path.join(PACKAGE_ROOT, "node_modules/.cache/raft-grade", `${study}.jsonl`);
		const lines = existsSync(this.#file) ? readFileSync(this.#file, "utf8").split("\n") : [];
		// What comes after the last line's end was cut short.
		for (const line of lines.slice(0, -1)) this.#set(JSON.parse(line) as Result);
	}

	get(name: string): Result | undefined {
		return this.#results.get(name);
	}

	/** Whether there is a result, and one that was found in the way that the key stands for. */
	has(name: string, key: string): boolean {
		return this.#results.get(name)?.key === key;
	}

	add(result: Result): void {
		mkdirSync(path.dirname(this.#file), { recursive: true });
		appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
		this.#set(result);
	}

	#set(result: Result): void {
		this.#results.set(result.name, result);
	}
}
