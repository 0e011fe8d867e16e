import { type Dirent, existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { isModuleName } from "../../modules.ts";
import { UsageError } from "../../usage-error.ts";
import { isClassFolder } from "../class-folder.ts";
import { isArchiveName, withoutArchiveEnding } from "../files/archive.ts";
import { isLeftOut } from "../files/submission-files.ts";
import { type CanvasFile, groupCanvasFiles, readCanvasName } from "./canvas.ts";
import { METADATA, readMetadata } from "./gradescope.ts";
import { readMoodleName } from "./moodle.ts";
import { readRepositories } from "./repositories.ts";
import type { Student } from "./student.ts";
import type { Unnamed } from "./submission.ts";

/** Where an export comes from: a gradebook is written for the same. */
export type Platform = "canvas" | "gradescope" | "moodle" | "other";

/** All submissions that there are. */
export interface FoundSubmissions {
	readonly platform: Platform;
	readonly submissions: readonly Unnamed[];
	/** What lay there and is nobody's submission. */
	readonly leftOut: readonly string[];
}

export interface FindOptions {
	/** A branch, tag, commit or date: then folders are repositories. */
	readonly at: string | undefined;
	readonly cwd: string;
	/** A folder that is not to be looked into: where the results go. */
	readonly except: string;
}

/**
 * Finds the submissions of a class.
 *
 * @param spec - a folder of folders, archives or modules; or a list of repositories.
 * @throws UsageError if there are none.
 */
export async function findSubmissions(spec: string, { at, cwd, except }: FindOptions): Promise<FoundSubmissions> {
	const place = path.resolve(cwd, spec);
	if (!existsSync(place)) throw new UsageError(`there is no folder ${spec}: name the one in which the submissions are`);
	if (!statSync(place).isDirectory()) {
		if (isArchiveName(place)) throw new UsageError(`${spec} is an archive: unpack it, and name the folder`);
		if (isModuleName(place)) throw new UsageError(`${spec} is a module: name the folder in which the submissions are`);
		const submissions = await readRepositories(place, at, cwd);
		if (submissions.length === 0) throw new UsageError(`${spec} lists no repositories`);
		return { platform: "other", submissions, leftOut: [] };
	}
	if (isClassFolder(place))
		throw new UsageError(`${spec} holds the results of a class: name the folder in which the submissions are`);
	const single = ["src/raft.ts", "src/raft.js"].find((file) => existsSync(path.join(place, file)));
	if (single !== undefined)
		throw new UsageError(`${spec} is one submission, with its ${single}: name the folder in which all of them are`);
	const found = await inFolder(await exportIn(place), at, except);
	if (found.submissions.length === 0)
		throw new UsageError(`there are no submissions in ${spec}: a folder, an archive or a module for each is expected`);
	return found;
}

/** Gradescope's export has everything in one folder more. */
async function exportIn(folder: string): Promise<string> {
	const entries = await entriesIn(folder);
	const [only] = entries;
	if (only === undefined || entries.length > 1 || !only.isDirectory()) return folder;
	return existsSync(path.join(folder, only.name, METADATA)) ? path.join(folder, only.name) : folder;
}

async function entriesIn(folder: string): Promise<Dirent[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	return entries
		.filter(({ name }) => !isLeftOut(name) && !name.startsWith("."))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function inFolder(folder: string, at: string | undefined, except: string): Promise<FoundSubmissions> {
	const students = existsSync(path.join(folder, METADATA)) ? await readMetadata(folder) : undefined;
	const submissions: Unnamed[] = [];
	const canvas: CanvasFile[] = [];
	const leftOut: string[] = [];
	let isMoodle = false;
	const seen = new Set<string>();
	for (const entry of await entriesIn(folder)) {
		const place = path.join(folder, entry.name);
		seen.add(entry.name);
		if (place === except || entry.name === METADATA || isClassFolder(place)) continue;
		if (entry.isDirectory()) {
			const moodle = readMoodleName(entry.name);
			isMoodle ||= moodle !== undefined;
			// What a student has typed into Moodle's form is no file.
			if (moodle?.isText === true) leftOut.push(entry.name);
			else submissions.push(ofFolder(entry.name, place, students?.get(entry.name), moodle?.student, at));
			continue;
		}
		if (!entry.isFile()) {
			leftOut.push(entry.name);
			continue;
		}
		const exported = readCanvasName(place);
		const moodle = readMoodleName(entry.name);
		if (moodle !== undefined) {
			isMoodle = true;
			submissions.push(ofFile(moodle.file || entry.name, place, moodle.student, entry.name, false));
		} else if (exported !== undefined) canvas.push(exported);
		else if (isModuleName(entry.name) || isArchiveName(entry.name))
			submissions.push(ofPlainFile(entry.name, place, students?.get(entry.name)));
		else leftOut.push(entry.name);
	}
	for (const [name, who] of students ?? []) {
		const [first, ...others] = who;
		if (seen.has(name) || first === undefined) continue;
		const why = `Gradescope's ${METADATA} names ${name}, but there is no such folder`;
		submissions.push({ students: [first, ...others], from: name, isLate: false, source: { kind: "broken", why } });
	}
	const platform = students !== undefined ? "gradescope" : isMoodle ? "moodle" : canvas.length > 0 ? "canvas" : "other";
	return { platform, submissions: [...submissions, ...groupCanvasFiles(canvas)], leftOut };
}

function ofFolder(
	name: string,
	place: string,
	known: readonly Student[] | undefined,
	student: Student | undefined,
	at: string | undefined,
): Unnamed {
	const [first, ...others] = known ?? [];
	const late = withoutLateMark(name);
	return {
		students: first === undefined ? [student ?? { name: late.name }] : [first, ...others],
		from: name,
		isLate: late.isLate,
		source: at === undefined ? { kind: "folder", place } : { kind: "git", repository: place, at },
	};
}

function ofPlainFile(entry: string, place: string, known: readonly Student[] | undefined): Unnamed {
	const stem = isArchiveName(entry) ? withoutArchiveEnding(entry) : path.parse(entry).name;
	const { name, isLate } = withoutLateMark(stem);
	const [first, ...others] = known ?? [];
	// The student's name says nothing of the module's.
	const found = ofFile(entry, place, first ?? { name }, entry, isLate);
	return first === undefined ? found : { ...found, students: [first, ...others] };
}

function ofFile(name: string, place: string, student: Student, from: string, isLate: boolean): Unnamed {
	return { students: [student], from, isLate, source: { kind: "files", files: [{ name, place, attempt: 0 }] } };
}

/** `alice_LATE`, as Canvas marks them. */
function withoutLateMark(name: string): { readonly name: string; readonly isLate: boolean } {
	const bare = name.replace(/[_ -]LATE$/, "");
	return { name: bare, isLate: bare !== name };
}
