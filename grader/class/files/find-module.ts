import path from "node:path";
import { exportsMake, isMainName } from "../../modules.ts";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import type { SubmissionFiles } from "./submission-files.ts";

/** A submission's main module, and where it was found. */
export interface FoundModule {
	/** The folder that is the submission's own, relative to all of its files; empty for all of them. */
	readonly root: string;
	/** The main module, relative to that folder. */
	readonly file: string;
	/** Why this one, in a few words. */
	readonly why: string;
	/** What else there was to be said. */
	readonly notes: readonly string[];
}

const USUAL_NAMES = ["src/raft", "raft"].flatMap((name) => [".ts", ".mts", ".js", ".mjs"].map((end) => name + end));
/** A folder for each attempt. */
const ATTEMPT = /^(?:attempt|submission|version|v|try|handin|upload)?[-_ ]?(\d[\d.T:_-]*)$/i;

/**
 * Finds a submission's main module: where the course says it is, else where its package.json says (`raftGrade.target`), else src/raft.ts or raft.ts
 * (or .mts, .js, .mjs), in whatever folder lies least deep; else the one module that exports `make`.
 *
 * @param expected - where the course says it is, relative to the submission's folder.
 * @throws BrokenSubmission if there is none, or nothing says which.
 */
export function findModule({ files }: Pick<SubmissionFiles, "files">, expected: string | undefined): FoundModule {
	const folders = foldersOf(files);
	if (expected !== undefined) {
		const found = folders.filter((root) => files.has(path.posix.join(root, expected)));
		const chosen = chooseFolder(found, () => expected);
		if (chosen !== undefined) return { ...chosen, file: expected, why: "where the course expects it" };
	}
	const found = new Map<string, Omit<FoundModule, "root" | "notes">>();
	for (const root of folders) {
		// What lies deeper than something that was found doesn't count.
		if ([...found.keys()].some((known) => depth(known) < depth(root))) break;
		const module = moduleIn(files, root);
		if (module !== undefined) found.set(root, module);
	}
	const chosen = chooseFolder([...found.keys()], (root) => found.get(root)?.file ?? "");
	const module = found.get(chosen?.root ?? "");
	if (chosen !== undefined && module !== undefined) return { ...chosen, ...module };
	return otherModule(files);
}

/** All folders, the least deep first. */
function foldersOf(files: SubmissionFiles["files"]): string[] {
	const folders = new Set([""]);
	for (const name of files.keys()) {
		for (let at = path.posix.dirname(name); at !== "."; at = path.posix.dirname(at)) folders.add(at);
	}
	return [...folders].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

function depth(folder: string): number {
	return folder === "" ? 0 : folder.split("/").length;
}

function moduleIn(files: SubmissionFiles["files"], root: string): Omit<FoundModule, "root" | "notes"> | undefined {
	const manifestName = path.posix.join(root, "package.json");
	const manifest = files.get(manifestName);
	const target = manifest === undefined ? undefined : targetIn(manifest, manifestName);
	if (target !== undefined) {
		const file = path.posix.normalize(target);
		if (!files.has(path.posix.join(root, file)) || file.startsWith("../"))
			throw new BrokenSubmission(`raftGrade.target in ${manifestName} names ${quoteName(target)}, which is not there`);
		return { file, why: "package.json says so" };
	}
	const file = USUAL_NAMES.find((name) => files.has(path.posix.join(root, name)));
	if (file === undefined) return undefined;
	// The student's own command would not take it, either.
	if ([...files.keys()].some((name) => name.startsWith(`${manifestName}/`)))
		throw new BrokenSubmission(`${manifestName} is not a file: it must be one, or not be there`);
	return { file, why: "the usual name" };
}

function targetIn(manifest: Buffer, name: string): string | undefined {
	let parsed: unknown;
	try {
		parsed = JSON.parse(manifest.toString("utf8"));
	} catch {
		throw new BrokenSubmission(`${name} is not valid JSON`);
	}
	const target = (parsed as { raftGrade?: { target?: unknown } } | null)?.raftGrade?.target;
	if (target !== undefined && typeof target !== "string")
		throw new BrokenSubmission(`raftGrade.target in ${name} must be a string`);
	return target;
}

/** Of several folders the least deep; of several attempts the last. */
function chooseFolder(
	folders: readonly string[],
	fileIn: (folder: string) => string,
): { readonly root: string; readonly notes: readonly string[] } | undefined {
	const least = Math.min(...folders.map(depth));
	const candidates = folders.filter((folder) => depth(folder) === least);
	const [first, second] = candidates;
	if (first === undefined || second === undefined) return first === undefined ? undefined : { root: first, notes: [] };
	const last = lastAttempt(candidates);
	if (last !== undefined) return { root: last, notes: [`took ${last}, the last of ${candidates.length} attempts`] };
	const [a, b] = [first, second].map((folder) => quoteName(path.posix.join(folder, fileIn(folder))));
	throw new BrokenSubmission(`it holds two modules, ${a} and ${b}, and nothing says which one counts`);
}

function lastAttempt(folders: readonly string[]): string | undefined {
	const parents = new Set(folders.map((folder) => path.posix.dirname(folder)));
	const numbers = folders.map((folder) => ATTEMPT.exec(path.posix.basename(folder))?.[1]);
	if (parents.size !== 1 || numbers.some((number) => number === undefined)) return undefined;
	return folders.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
}

function otherModule(files: SubmissionFiles["files"]): FoundModule {
	const modules = [...files].filter(([name]) => isMainName(name));
	const making = modules.filter(([, content]) => exportsMake(content.toString("utf8")));
	const [first, second] = making.length > 0 ? making : modules;
	if (first === undefined)
		throw new BrokenSubmission(
			"it holds no module: src/raft.ts, raft.ts, or another .ts or .js file that exports make",
		);
	if (second !== undefined) {
		const which = making.length > 0 ? "which both export make" : "none of which exports make";
		throw new BrokenSubmission(
			`it holds no src/raft.ts or raft.ts, but ${quoteName(first[0])} and ${quoteName(second[0])}, ${which}`,
		);
	}
	return {
		...split(first[0], files),
		why: making.length > 0 ? "the only module that exports make" : "the only module",
		notes: [],
	};
}

/** A module's own folder is that of its package, or else the one that it lies in. */
function split(name: string, files: SubmissionFiles["files"]): Pick<FoundModule, "root" | "file"> {
	const folder = path.posix.dirname(name);
	for (let at = folder; ; at = path.posix.dirname(at)) {
		const root = at === "." ? "" : at;
		if (files.has(path.posix.join(root, "package.json"))) return { root, file: path.posix.relative(root, name) };
		if (at === ".") break;
	}
	return { root: folder === "." ? "" : folder, file: path.posix.basename(name) };
}
