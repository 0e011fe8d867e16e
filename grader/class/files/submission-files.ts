import { createHash } from "node:crypto";
import path from "node:path";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import {
	DEPTH_MAX,
	ENTRIES_MAX,
	megabytes,
	NAME_MAX_BYTES,
	PASSING_MAX_BYTES,
	PATH_MAX_LENGTH,
	type SubmissionLimits,
} from "./limits.ts";

/** What a submission consists of, whatever it was handed in as: regular files, and nothing else. */
export interface SubmissionFiles {
	/** By path, with `/` between its parts, relative, without `.` and `..`; in order. */
	readonly files: ReadonlyMap<string, Buffer>;
	/** What was left out, or chosen among several: one sentence each. */
	readonly notes: readonly string[];
}

/** What nobody means to hand in, wherever it lies. Packages come from the lockfile, if at all. */
const LEFT_OUT = new Set([
	"node_modules",
	".git",
	".hg",
	".svn",
	"__MACOSX",
	".DS_Store",
	"Thumbs.db",
	"desktop.ini",
	".idea",
	".vscode",
]);

/** Whether a name is that of something which nobody means to hand in. */
export function isLeftOut(name: string): boolean {
	return LEFT_OUT.has(name) || name.startsWith("._");
}

const LINKS_MAX = 10;

/**
 * Collects a submission's files in memory. Every entry is checked before a byte of it is kept; nothing is written anywhere.
 *
 * Its methods throw a BrokenSubmission for an entry that no honest submission has.
 */
export class FileCollector {
	readonly #limits: SubmissionLimits;
	readonly #files = new Map<string, Buffer>();
	readonly #links = new Map<string, string>();
	readonly #notes: string[] = [];
	/** How each file and folder is spelled, by how it is on systems to which upper and lower case are the same. */
	readonly #spelled = new Map<string, { readonly as: string; readonly isFolder: boolean }>();
	#entries = 0;
	#bytes = 0;
	#passed = 0;

	constructor(limits: SubmissionLimits) {
		this.#limits = limits;
	}

	/**
	 * Looks at an entry's name.
	 *
	 * @returns the path to keep it under; undefined if it is left out.
	 */
	admit(name: string): string | undefined {
		if (++this.#entries > ENTRIES_MAX) throw new BrokenSubmission(`it holds more than ${ENTRIES_MAX} entries`);
		const clean = cleanPath(name);
		return clean === "" || clean.split("/").some(isLeftOut) ? undefined : clean;
	}

	/** Counts bytes of a file that is to be kept, as they come. */
	count(bytes: number): void {
		this.#bytes += bytes;
		if (this.#bytes > this.#limits.bytes)
			throw new BrokenSubmission(
				`its files are larger than ${megabytes(this.#limits.bytes)} together, more than is unpacked`,
			);
		this.pass(bytes);
	}

	/** Counts bytes that are unpacked, whether they are kept or not. */
	pass(bytes: number): void {
		this.#passed += bytes;
		if (this.#passed > PASSING_MAX_BYTES)
			throw new BrokenSubmission(`it unpacks to more than ${megabytes(PASSING_MAX_BYTES)}`);
	}

	/** How many bytes may still be kept. */
	get room(): number {
		return this.#limits.bytes - this.#bytes;
	}

	/**
	 * @param clean - as {@link admit} gave it.
	 * @param mayReplace - whether a later file of the same name takes the place of an earlier one.
	 */
	add(clean: string, content: Buffer, mayReplace = false): void {
		if (this.#files.has(clean) || this.#links.has(clean)) {
			if (!mayReplace) throw new BrokenSubmission(`it holds ${quoteName(clean)} twice`);
			this.#links.delete(clean);
		} else {
			this.#spell(clean);
		}
		this.#files.set(clean, content);
	}

	/** A symbolic link, relative to its folder. One that leads to a file of the submission's is a copy of it. */
	link(clean: string, target: string): void {
		if (target.startsWith("/") || /^[A-Za-z]:|^\\|\0/.test(target))
			throw new BrokenSubmission(`${quoteName(clean)} is a link that leads out of the submission`);
		const to = path.posix.normalize(path.posix.join(path.posix.dirname(clean), target));
		if (to === ".." || to.startsWith("../"))
			throw new BrokenSubmission(`${quoteName(clean)} is a link that leads out of the submission`);
		if (this.#files.has(clean) || this.#links.has(clean))
			throw new BrokenSubmission(`it holds ${quoteName(clean)} twice`);
		this.#spell(clean);
		this.#links.set(clean, to);
	}

	/** Something that is neither a file, nor a folder, nor a link. */
	refuse(clean: string, what: string): never {
		throw new BrokenSubmission(`${quoteName(clean)} is ${what}: hand in files and folders only`);
	}

	note(sentence: string): void {
		this.#notes.push(sentence);
	}

	/** Everything. */
	finish(): SubmissionFiles {
		for (const [name, first] of this.#links) {
			let target: string | undefined = first;
			for (let i = 0; i < LINKS_MAX && target !== undefined && !this.#files.has(target); i++) {
				target = this.#links.get(target);
			}
			const content = target === undefined ? undefined : this.#files.get(target);
			if (content === undefined) this.note(`left out: ${quoteName(name)}, a link that leads to no file`);
			else {
				this.count(content.length);
				this.#files.set(name, content);
			}
		}
		const files = new Map([...this.#files].sort(([a], [b]) => (a < b ? -1 : 1)));
		return { files, notes: this.#notes };
	}

	/** Takes note of how a file's path is spelled; its folders' too. */
	#spell(clean: string): void {
		if (this.#files.size + this.#links.size >= this.#limits.files)
			throw new BrokenSubmission(
				`it holds more than ${this.#limits.files} files (without node_modules and the like): hand in the sources only`,
			);
		const parts = clean.split("/");
		for (let n = 1; n <= parts.length; n++) {
			const as = parts.slice(0, n).join("/");
			const isFolder = n < parts.length;
			const folded = as.normalize("NFC").toLowerCase();
			const known = this.#spelled.get(folded);
			if (known === undefined) this.#spelled.set(folded, { as, isFolder });
			else if (known.as !== as)
				throw new BrokenSubmission(
					`it holds ${quoteName(known.as)} and ${quoteName(as)}, which are the same to many computers: rename one`,
				);
			else if (!known.isFolder || !isFolder)
				throw new BrokenSubmission(`it holds ${quoteName(as)} both as a file and as a folder`);
		}
	}
}

/** A name as a path that stays where it is unpacked. */
function cleanPath(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for
	if (/[\u0000-\u001f\u007f]/.test(name))
		throw new BrokenSubmission(`the name ${quoteName(name)} in it has control characters`);
	if (/^[/\\]|^[A-Za-z]:/.test(name))
		throw new BrokenSubmission(`it holds ${quoteName(name)}, an absolute path: paths must be relative`);
	if (name.split(/[/\\]/).includes(".."))
		throw new BrokenSubmission(`it holds ${quoteName(name)}, which leads out of the folder that it is unpacked in`);
	const parts = name.split("/").filter((part) => part !== "" && part !== ".");
	const isTooLong =
		name.length > PATH_MAX_LENGTH ||
		parts.length > DEPTH_MAX ||
		parts.some((part) => Buffer.byteLength(part) > NAME_MAX_BYTES);
	if (isTooLong) throw new BrokenSubmission(`it holds ${quoteName(name)}, a path that is too long or too deep`);
	return parts.join("/");
}

/** SHA-256 of files, by name and content: the same however they were packed. */
export function contentHash({ files }: SubmissionFiles): string {
	const hash = createHash("sha256");
	for (const [name, content] of files) {
		hash.update(`${Buffer.byteLength(name)} ${content.length}\n`);
		hash.update(name);
		hash.update(content);
	}
	return hash.digest("hex");
}
