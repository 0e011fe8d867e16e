import {
	accessSync,
	appendFileSync,
	closeSync,
	constants,
	mkdirSync,
	openSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { UsageError } from "../usage-error.ts";
import { whyNot } from "../why-not.ts";

/**
 * A file that a report will go to. Making one makes its folders and finds out whether it can be written, which is better known before an
 * hour of grading than after it.
 *
 * @throws UsageError if it cannot be written, here as in {@link write}.
 */
export class ReportFile {
	readonly #shown: string;
	readonly #file: string;
	/** The file to write to before it takes its place; undefined for a device or a pipe, which nothing can take the place of. */
	readonly #temporary: string | undefined;

	/** @param file - as the user named it. */
	constructor(file: string, cwd: string) {
		this.#shown = file;
		this.#file = path.resolve(cwd, file);
		this.#temporary = this.#guard(() => {
			mkdirSync(path.dirname(this.#file), { recursive: true });
			const found = statSync(this.#file, { throwIfNoEntry: false });
			if (found === undefined || found.isFile()) {
				// A link stays a link.
				const real = found === undefined ? this.#file : realpathSync(this.#file);
				const temporary = `${real}.${process.pid}.tmp`;
				closeSync(openSync(temporary, "w"));
				rmSync(temporary);
				return temporary;
			}
			closeSync(openSync(this.#file, "a"));
			return undefined;
		});
	}

	/** Writes the whole report at once: whoever reads the file sees the old one or the new one, never half of it. */
	write(text: string): void {
		this.#guard(() => {
			if (this.#temporary === undefined) {
				writeFileSync(this.#file, text);
				return;
			}
			try {
				writeFileSync(this.#temporary, text);
				const isLink = statSync(this.#file, { throwIfNoEntry: false }) !== undefined;
				renameSync(this.#temporary, isLink ? realpathSync(this.#file) : this.#file);
			} finally {
				rmSync(this.#temporary, { force: true });
			}
		});
	}

	#guard<Result>(act: () => Result): Result {
		return guardFile(this.#shown, act);
	}
}

/**
 * A file that others write to as well: the report is added at its end.
 *
 * @throws UsageError if it cannot be written, here as in {@link append}.
 */
export class SharedFile {
	readonly #file: string;

	constructor(file: string) {
		this.#file = file;
		this.append("");
	}

	append(text: string): void {
		guardFile(this.#file, () => appendFileSync(this.#file, text));
	}
}

/**
 * Finds out whether files can go to a folder, without making it: there may be none in the end.
 *
 * @param shown - as the user named it.
 * @throws UsageError if they cannot.
 */
export function checkFolder(shown: string, cwd: string): void {
	let place = path.resolve(cwd, shown);
	try {
		while (statSync(place, { throwIfNoEntry: false }) === undefined) place = path.dirname(place);
		accessSync(path.join(place, "."), constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new UsageError(`nothing can be written to ${shown}: ${whyNot(error)}`);
	}
}

function guardFile<Result>(file: string, act: () => Result): Result {
	try {
		return act();
	} catch (error) {
		throw new UsageError(`the report ${file} cannot be written: ${whyNot(error)}`);
	}
}
