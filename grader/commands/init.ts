import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import pc from "picocolors";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { WIDTH, wrap } from "../report/text.ts";
import { UsageError } from "../usage-error.ts";
import { completeManifest, newManifest } from "./init/manifest.ts";
import { ownSpec } from "./init/own-spec.ts";

export interface InitOptions {
	/** Where the project is to be, relative to `cwd`; made if it does not exist. */
	readonly folder: string;
	/** An absolute path. */
	readonly cwd: string;
}

/** What the template consists of, and what it is called in a project: npm drops files called .gitignore from packages. */
export const TEMPLATE_FILES: readonly (readonly [from: string, to: string])[] = [
	["README.md", "README.md"],
	["gitignore", ".gitignore"],
	["tsconfig.json", "tsconfig.json"],
	["src/raft.ts", "src/raft.ts"],
	[".github/workflows/grade.yml", ".github/workflows/grade.yml"],
];

/** A file to write. */
interface Draft {
	/** Relative to the project's folder, with slashes. */
	readonly name: string;
	readonly text: string;
	/** What to say about it. */
	readonly note: string;
	/** Whether it replaces a file: only package.json does, by one that has all that was in it. */
	readonly replaces: boolean;
}

/**
 * Lays down the student template in a folder. What is there already stays: a package.json gets what it lacks, and any other file that
 * differs from the template's stops everything before anything is written.
 *
 * @throws UsageError if files are in the way, the folder can't be made or written to, or its package.json is unusable.
 */
export async function initProject({ folder, cwd }: InitOptions, output: Output): Promise<ExitCode> {
	if (folder.trim() === "") throw new UsageError("init: name the folder to make, as in raft-grade init raft-lab");
	const place = path.resolve(cwd, folder);
	const root = realPlace(place);
	refuseWhatIsInTheWay(root, place);
	const template = TEMPLATE_FILES.filter(([, to]) => !isThere(root, to));
	const manifest = draftManifest(root);
	const drafts = [
		...manifest.drafts,
		...template.map(([from, to]) => ({ name: to, text: readTemplate(from), note: "", replaces: false })),
	];
	await write(root, drafts);
	report(place, cwd, drafts, manifest.kept, output);
	return ExitCode.passed;
}

/** The folder's real path, although the last of it may not exist yet: relative paths from here must hold on disk. */
function realPlace(place: string): string {
	try {
		return realpathSync(place);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unusable(place, error);
		return path.join(realPlace(path.dirname(place)), path.basename(place));
	}
}

function refuseWhatIsInTheWay(root: string, place: string): void {
	if (kindOf(root) === "file") throw new UsageError(`init: ${place} is a file: name a folder, which may be a new one`);
	const blocking = ["src", ".github", ".github/workflows"].filter((name) => kindOf(path.join(root, name)) === "file");
	const differing = TEMPLATE_FILES.filter(([from, to]) => isThere(root, to) && !isSame(path.join(root, to), from));
	const names = [...blocking, ...differing.map(([, to]) => to)];
	if (names.length === 0) return;
	throw new UsageError(
		`init: ${place} already has ${names.join(", ")}, other than the template's; nothing was written: ` +
			`move ${names.length === 1 ? "it" : "them"} away, or name another folder`,
	);
}

function isThere(root: string, name: string): boolean {
	return kindOf(path.join(root, name)) !== undefined;
}

/** What is at a place. A link that leads nowhere is a file: something would be overwritten. */
function kindOf(place: string): "file" | "folder" | undefined {
	try {
		lstatSync(place);
	} catch {
		return undefined;
	}
	return statSync(place, { throwIfNoEntry: false })?.isDirectory() ? "folder" : "file";
}

/** Whether a file holds what the template's does. Git may have changed the ends of its lines. */
function isSame(file: string, templateName: string): boolean {
	try {
		return readFileSync(file, "utf8").replaceAll("\r\n", "\n") === readTemplate(templateName);
	} catch {
		return false;
	}
}

function readTemplate(name: string): string {
	return readFileSync(path.join(PACKAGE_ROOT, "student-template", name), "utf8");
}

function draftManifest(root: string): { drafts: Draft[]; kept: readonly string[] } {
	const name = "package.json";
	const template = JSON.parse(readTemplate(name));
	const spec = ownSpec(root);
	if (!isThere(root, name)) {
		const text = newManifest(template, path.basename(root), spec);
		return { drafts: [{ name, text, note: "", replaces: false }], kept: [] };
	}
	const file = path.join(root, name);
	const completed = completeManifest(readText(file), file, template, path.basename(root), spec);
	if (completed.added.length === 0) return { drafts: [], kept: completed.kept };
	const note = `, completed by ${completed.added.join(", ")}`;
	return { drafts: [{ name, text: completed.text, note, replaces: true }], kept: completed.kept };
}

function readText(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw unusable(file, error);
	}
}

async function write(root: string, drafts: readonly Draft[]): Promise<void> {
	for (const { name, text, replaces } of drafts) {
		const file = path.join(root, name);
		try {
			await mkdir(path.dirname(file), { recursive: true });
			// Even if it came into being a moment ago, it is not overwritten.
			await writeFile(file, text, { flag: replaces ? "w" : "wx" });
		} catch (error) {
			throw unusable(file, error);
		}
	}
}

/** What the system said about a file or folder, as far as that is the user's to mend. */
function unusable(place: string, error: unknown): unknown {
	const { code, message } = error as NodeJS.ErrnoException;
	return code === undefined ? error : new UsageError(`init: ${place} can't be used: ${message.replace(/^\w+: /, "")}`);
}

function report(place: string, cwd: string, drafts: readonly Draft[], kept: readonly string[], output: Output): void {
	const shown = path.relative(cwd, place) || ".";
	if (drafts.length === 0) output.line(`${shown} has all of the template already`);
	else output.line(pc.bold(`${shown}:`));
	for (const { name, note } of drafts) {
		const [first = "", ...more] = wrap(name + note, WIDTH - 4);
		output.line(`  ${first}`);
		for (const line of more) output.line(`    ${line}`);
	}
	if (kept.length > 0) {
		const sentence = `package.json keeps its own ${kept.join(", ")}`;
		for (const line of wrap(sentence, WIDTH)) output.line(pc.yellow(line));
	}
	output.line("");
	output.line("Next:");
	const commands = ["npm install", "npx raft-grade 2A"];
	if (shown !== ".") commands.unshift(`cd ${/[^\w./@+-]/.test(shown) ? JSON.stringify(shown) : shown}`);
	for (const command of commands) output.line(`  ${command}`);
}
