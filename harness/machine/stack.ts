import { SourceMap } from "node:module";
import path from "node:path";
import { CODE_FIRST_LINE } from "./bundle.ts";

/** Where in the submission's sources something happened. */
export interface Place {
	/** The source file, as an absolute path. */
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	/** Counted from 1. */
	readonly column: number;
	/** The function's name, or "" if it has none. */
	readonly functionName: string;
}

/** Translates places in a bundle to places in the sources it was made of. */
export class StackMapper {
	readonly #map: SourceMap;
	readonly #root: string;
	readonly #frame: RegExp;

	/**
	 * @param sourceMap - the bundle's source map, as JSON.
	 * @param root - the folder that its sources are relative to.
	 * @param scriptName - the name under which the bundle runs, as it stands in stack traces.
	 */
	constructor(sourceMap: string, root: string, scriptName: string) {
		this.#map = new SourceMap(JSON.parse(sourceMap));
		this.#root = root;
		const name = scriptName.replace(/[^\w]/g, "\\$&");
		this.#frame = new RegExp(`^\\s*at (?:(?:async )?(.*?) \\()?${name}:(\\d+):(\\d+)\\)?$`);
	}

	/** The frames of a stack trace that lie in the submission, innermost first. */
	places(stack: string): Place[] {
		const places: Place[] = [];
		for (const line of stack.split("\n")) {
			const match = this.#frame.exec(line);
			if (match === null) continue;
			const entry = this.#map.findEntry(Number(match[2]) - 1 - CODE_FIRST_LINE, Number(match[3]) - 1);
			if (!("originalSource" in entry)) continue;
			places.push({
				file: path.resolve(this.#root, entry.originalSource),
				line: entry.originalLine + 1,
				column: entry.originalColumn + 1,
				// What a timer calls, it calls as a method of the timer; that class is none of the student's.
				functionName: (match[1] ?? "").replace(/^_?Timer\./, ""),
			});
		}
		return places;
	}
}

/** A sentence of JavaScript's with imported names as the student has written them, not as the bundler calls them. */
export function namesAsWritten(sentence: string): string {
	return sentence.replaceAll(/\(0 ?, ?import_[\w$]+\.([\w$]+)\)/g, "$1");
}
