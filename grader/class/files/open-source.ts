import path from "node:path";
import { isModuleName } from "../../modules.ts";
import { isArchiveName, readArchive, withoutArchiveEnding } from "./archive.ts";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import { ARCHIVE_MAX_BYTES, megabytes, NESTING_MAX, type SubmissionLimits } from "./limits.ts";
import { readFolder, readRegularFile } from "./read-folder.ts";
import { readGit } from "./read-git.ts";
import { FileCollector, type SubmissionFiles } from "./submission-files.ts";

/** Where a submission comes from. */
export type Source =
	| { readonly kind: "folder"; readonly place: string }
	/** Files that were handed in one by one. */
	| { readonly kind: "files"; readonly files: readonly HandedIn[] }
	| { readonly kind: "git"; readonly repository: string; readonly at: string | undefined }
	/** Nothing can be read. */
	| { readonly kind: "broken"; readonly why: string };

export interface HandedIn {
	/** What the student called it. */
	readonly name: string;
	/** An absolute path. */
	readonly place: string;
	/** Which attempt it is: of one name, the highest counts. */
	readonly attempt: number;
}

/**
 * Reads a submission into memory, whatever it was handed in as.
 *
 * @throws BrokenSubmission if it cannot be.
 */
export async function openSource(source: Source, limits: SubmissionLimits): Promise<SubmissionFiles> {
	const collector = new FileCollector(limits);
	switch (source.kind) {
		case "broken":
			throw new BrokenSubmission(source.why);
		case "git":
			await readGit(source.repository, source.at, collector);
			return collector.finish();
		case "folder":
			await readFolder(source.place, collector);
			return unnest(collector.finish(), limits, NESTING_MAX);
		case "files":
			return openFiles(source.files, collector, limits);
	}
}

async function openFiles(
	handedIn: readonly HandedIn[],
	collector: FileCollector,
	limits: SubmissionLimits,
): Promise<SubmissionFiles> {
	const archives = handedIn.filter(({ name }) => isArchiveName(name));
	const modules = handedIn.filter(({ name }) => isModuleName(name));
	const archive = archives.toSorted((a, b) => a.attempt - b.attempt).at(-1);
	if (archive !== undefined && modules.length === 0) {
		if (archives.length > 1) collector.note(`took ${quoteName(archive.name)}, the last of ${archives.length} archives`);
		await readArchive(archive.name, await readArchiveFile(archive.place), collector);
		return unnest(collector.finish(), limits, NESTING_MAX - 1);
	}
	if (modules.length === 0) {
		const [first] = handedIn;
		throw new BrokenSubmission(
			first === undefined
				? "nothing was handed in"
				: `${quoteName(first.name)} is neither a module (.ts, .mts, .js, .mjs) nor an archive (.zip, .tar, .tar.gz)`,
		);
	}
	for (const [name, attempts] of byName(handedIn)) {
		const last = attempts.toSorted((a, b) => a.attempt - b.attempt).at(-1);
		if (last === undefined) continue;
		if (attempts.length > 1) collector.note(`took the last of ${attempts.length} attempts at ${quoteName(name)}`);
		const clean = collector.admit(name);
		if (clean !== undefined) collector.add(clean, await readRegularFile(last.place, collector));
	}
	return collector.finish();
}

function byName(handedIn: readonly HandedIn[]): Map<string, HandedIn[]> {
	const names = new Map<string, HandedIn[]>();
	for (const one of handedIn) names.set(one.name, [...(names.get(one.name) ?? []), one]);
	return names;
}

async function readArchiveFile(place: string): Promise<Buffer> {
	const count = (bytes: number) => {
		if (bytes > ARCHIVE_MAX_BYTES)
			throw new BrokenSubmission(`the archive is larger than ${megabytes(ARCHIVE_MAX_BYTES)}`);
	};
	return readRegularFile(place, { count, room: ARCHIVE_MAX_BYTES });
}

/** A folder, or an archive, in which there is no module but an archive: what is meant is in there. */
async function unnest(found: SubmissionFiles, limits: SubmissionLimits, levels: number): Promise<SubmissionFiles> {
	const names = [...found.files.keys()];
	const archives = names.filter(isArchiveName);
	if (levels === 0 || archives.length === 0 || names.some(isModuleName)) return found;
	const last = lastOf(archives);
	const collector = new FileCollector(limits);
	for (const note of found.notes) collector.note(note);
	if (archives.length > 1) collector.note(`took ${quoteName(last)}, the last of ${archives.length} archives`);
	await readArchive(last, found.files.get(last) as Buffer, collector);
	return unnest(collector.finish(), limits, levels - 1);
}

/** Of `lab.zip`, `lab-1.zip` and `lab (2).zip` the last; of any others nobody can say. */
function lastOf(archives: readonly string[]): string {
	const attempts = archives.map((name) => {
		const stem = withoutArchiveEnding(path.posix.basename(name));
		const [, base = stem, number] = /^(.*?)[-_ ]*(?:\(?(\d+)\)?)$/.exec(stem) ?? [];
		return { name, base, number: Number(number ?? 0) };
	});
	const [first, ...others] = attempts.toSorted((a, b) => b.number - a.number);
	const other = others.find(({ base, number }) => base !== first?.base || number === first.number);
	if (first === undefined || other !== undefined)
		throw new BrokenSubmission(
			`it holds two archives, ${quoteName(archives[0] ?? "")} and ${quoteName(archives[1] ?? "")}, and nothing says which one counts`,
		);
	return first.name;
}
