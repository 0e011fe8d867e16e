import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { exportsMake, isMainName } from "./modules.ts";
import { PACKAGE_ROOT } from "./package-root.ts";
import { UsageError } from "./usage-error.ts";

/** Where a submission's main module is looked for in a folder that doesn't say. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs"];
const USUAL_NAMES = ["src/raft", "raft"].flatMap((name) => ENDINGS.map((ending) => name + ending));

/** The submission to judge. */
export interface Target {
	/** How to name it to a person. */
	readonly name: string;
	/** Its main module, as an absolute path. */
	readonly file: string;
	/** The folder whose files it may import, as an absolute path. */
	readonly folder: string;
}

/** There is no submission to be found in a place that somebody named, or it says something impossible of where it is. */
export class NoSubmissionError extends UsageError {
	override name = "NoSubmissionError";
}

/**
 * Finds the submission.
 *
 * @param spec - a file, a folder, an installed package, `reference`, `template`, or undefined for the usual place: package.json's
 * `raftGrade.target`, else src/raft.ts, else raft.ts (or .mts, .js, .mjs), else the one module that exports make().
 * A folder that was named, and the one that the command runs in, is the submission's own, whatever lies above it. Of a file that was named, only its
 * own folder is, or the package that it belongs to if that lies below `cwd`: above may be other people's work.
 *
 * @param cwd - where paths are relative to, as an absolute path.
 * @throws NoSubmissionError if there is a folder, but no submission in it; UsageError if there is not even a folder.
 */
export function findTarget(spec: string | undefined, cwd: string): Target {
	if (spec === undefined) return inFolder(cwd, cwd);
	if (spec === "reference") return own("reference", "reference/index");
	if (spec === "template") return own("template", "student-template/src/raft");
	const place = path.resolve(cwd, spec);
	if (existsSync(place))
		return statSync(place).isDirectory() ? inFolder(place, cwd) : named(place, folderOf(place, cwd), cwd);
	const folder = findPackage(spec, cwd);
	if (folder === undefined) {
		throw new UsageError(`--target ${spec}: there is no such file or folder, and no package of that name is installed`);
	}
	const file = findInFolder(folder) ?? mainOfPackage(folder) ?? noTarget(folder);
	return { name: spec, file, folder };
}

function own(name: string, module: string): Target {
	const file = ownModule(module);
	return { name, file, folder: path.dirname(file) };
}

function inFolder(folder: string, cwd: string): Target {
	return named(findInFolder(folder) ?? onlyMain(folder) ?? noTarget(folder), folder, cwd);
}

/** The folder that is a file's own. */
function folderOf(file: string, cwd: string): string {
	if (findInFolder(cwd) === file) return cwd;
	for (
		let folder = path.dirname(file);
		folder !== cwd && folder !== path.dirname(folder);
		folder = path.dirname(folder)
	) {
		if (existsSync(path.join(folder, "package.json"))) return folder;
	}
	return path.dirname(file);
}

function named(file: string, folder: string, cwd: string): Target {
	if (!ENDINGS.includes(path.extname(file))) {
		throw new UsageError(`${path.relative(cwd, file)} is not a module: name a .ts, .mts, .js or .mjs file`);
	}
	return { name: path.relative(cwd, file) || file, file, folder };
}

function noTarget(folder: string): never {
	const where = path.relative(process.cwd(), folder) || "this folder";
	throw new NoSubmissionError(
		`no submission in ${where}: name one with --target, set "raftGrade": { "target": … } in package.json, or put it in src/raft.ts`,
	);
}

function findInFolder(folder: string): string | undefined {
	const { raftGrade } = readPackage(folder) as { raftGrade?: { target?: unknown } };
	const target = raftGrade?.target;
	if (target !== undefined) {
		const where = `raftGrade.target in ${path.join(folder, "package.json")}`;
		if (typeof target !== "string") throw new NoSubmissionError(`${where} must be a string`);
		const file = path.resolve(folder, target);
		if (!existsSync(file)) throw new NoSubmissionError(`${where} names ${target}, which does not exist`);
		return file;
	}
	return USUAL_NAMES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

/** So many modules are looked at, in a folder and those in it: a submission has fewer. */
const LOOKED_AT_MAX = 100;
const LOOKED_AT_BYTES = 2 ** 20;

/** Of a folder in which no module has a usual name, the one that exports make(). What cannot be read is nobody's submission. */
function onlyMain(folder: string): string | undefined {
	const entries = entriesOf(folder);
	const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== "node_modules");
	const places = [folder, ...folders.map(({ name }) => path.join(folder, name))];
	const files = places.flatMap((place) =>
		entriesOf(place)
			.filter((entry) => entry.isFile() && isMainName(entry.name))
			.map(({ name }) => path.join(place, name)),
	);
	if (files.length > LOOKED_AT_MAX) return undefined;
	const making = files.filter(mayMake);
	return making.length === 1 ? making[0] : undefined;
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith("."));
	} catch {
		return [];
	}
}

function mayMake(file: string): boolean {
	try {
		return statSync(file).size <= LOOKED_AT_BYTES && exportsMake(readFileSync(file, "utf8"));
	} catch {
		return false;
	}
}

function readPackage(folder: string): object {
	const file = path.join(folder, "package.json");
	if (!existsSync(file)) return {};
	// A pipe or a device could be read for ever.
	if (!statSync(file).isFile()) throw new NoSubmissionError(`${file} is not a file: it must be one, or not be there`);
	try {
		const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
		return typeof parsed === "object" && parsed !== null ? parsed : {};
	} catch (error) {
		throw new NoSubmissionError(`${file} is not valid JSON: ${(error as Error).message}`);
	}
}

/** The folder of an installed package, found as Node does: in node_modules here or further up. */
function findPackage(name: string, cwd: string): string | undefined {
	for (let folder = cwd; ; folder = path.dirname(folder)) {
		const place = path.join(folder, "node_modules", name);
		if (existsSync(path.join(place, "package.json"))) return place;
		if (folder === path.dirname(folder)) return undefined;
	}
}

function mainOfPackage(folder: string): string | undefined {
	const { exports, module, main } = readPackage(folder) as Record<string, unknown>;
	const entry = [mainOfExports(exports), module, main, "index.js"].find((name) => typeof name === "string");
	const file = path.join(folder, String(entry));
	return existsSync(file) ? file : undefined;
}

/** What `exports` gives for the package itself: a path, or conditions, of which the usual ones are tried in order. */
function mainOfExports(exports: unknown): string | undefined {
	if (typeof exports === "string") return exports;
	if (typeof exports !== "object" || exports === null) return undefined;
	const conditions = exports as Record<string, unknown>;
	for (const condition of [".", "import", "module", "default"]) {
		const found = mainOfExports(conditions[condition]);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** A module that comes with raft-grade, in a clone as in the package. */
function ownModule(name: string): string {
	const file = path.join(PACKAGE_ROOT, `${name}.ts`);
	if (!existsSync(file)) throw new Error(`${name} is missing from this installation`);
	return file;
}
