import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";
import type { FileCollector } from "./submission-files.ts";

const ENDING = /\.(?:zip|tar|tgz|tar\.gz|7z|rar|xz|txz|bz2|tbz2?|zst|jar|gz)$/i;

/** Whether a file's name is that of an archive, of whatever kind. */
export function isArchiveName(name: string): boolean {
	return ENDING.test(name);
}

/** A name without the ending of an archive. */
export function withoutArchiveEnding(name: string): string {
	return name.replace(/\.tar(?=\.[^.]+$)/i, "").replace(/\.[^.]+$/, "");
}

/** Collects the files of an archive. What it is its content says, not its name. */
export async function readArchive(name: string, archive: Buffer, into: FileCollector): Promise<void> {
	const begins = (...bytes: readonly number[]) => bytes.every((byte, i) => archive[i] === byte);
	if (archive.length === 0) throw new BrokenSubmission(`${quoteName(name)} is empty`);
	if (begins(0x50, 0x4b)) return readZip(archive, into);
	if (begins(0x1f, 0x8b)) return readTar(archive, true, into);
	if (archive.toString("latin1", 257, 262) === "ustar") return readTar(archive, false, into);
	throw new BrokenSubmission(
		`${quoteName(name)} is neither a zip nor a tar archive (.tar or .tar.gz) that can be read`,
	);
}
