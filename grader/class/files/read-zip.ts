import type { Readable } from "node:stream";
import { type Entry, fromBufferPromise, getFileNameLowLevel } from "yauzl";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import type { FileCollector } from "./submission-files.ts";

const LINK_MAX_BYTES = 4096;
/** The upper half of an entry's attributes is what Unix calls its mode. */
const TYPES = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
const MADE_ON_UNIX = 3;

/** Collects the files of a zip archive. */
export async function readZip(archive: Buffer, into: FileCollector): Promise<void> {
	try {
		// Names are decoded here: a single one that is no good must not hide which.
		const zip = await fromBufferPromise(archive, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true });
		for await (const entry of zip.eachEntry()) await readEntry(entry, (one) => zip.openReadStreamPromise(one), into);
	} catch (error) {
		if (error instanceof BrokenSubmission) throw error;
		throw new BrokenSubmission(`the zip archive is damaged: ${(error as Error).message}`);
	}
}

async function readEntry(entry: Entry, openEntry: (entry: Entry) => Promise<Readable>, into: FileCollector) {
	// UTF-8 where the archive says so, else the code page of the first PC; backslashes are what some Windows programs write.
	const { generalPurposeBitFlag: flags, extraFields } = entry;
	const raw = entry.fileName as unknown as Buffer;
	const name = getFileNameLowLevel(flags, raw, extraFields, false);
	const clean = into.admit(name);
	const type = typeOf(entry);
	if (clean === undefined || type === TYPES.folder || name.endsWith("/")) return;
	if (type !== TYPES.file && type !== TYPES.link && type !== 0) into.refuse(clean, "a pipe, a socket or a device");
	if (entry.isEncrypted()) throw new BrokenSubmission("the zip archive is encrypted: hand it in without a password");
	if (!entry.canDecodeFileData())
		throw new BrokenSubmission(
			`${quoteName(clean)} is compressed in a way that few programs know (method ${entry.compressionMethod}): zip it with the usual one`,
		);
	// What is declared is looked at before anything is unpacked; that it is true is seen to afterwards.
	if (entry.uncompressedSize > into.room) into.count(entry.uncompressedSize);
	const content = await readStream(await openEntry(entry), into);
	if (type === TYPES.link) into.link(clean, content.subarray(0, LINK_MAX_BYTES).toString("utf8"));
	else into.add(clean, content);
}

function typeOf({ versionMadeBy, externalFileAttributes }: Entry): number {
	return versionMadeBy >>> 8 === MADE_ON_UNIX ? (externalFileAttributes >>> 16) & TYPES.mask : 0;
}

async function readStream(stream: Readable, into: FileCollector): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) {
		into.count(chunk.length);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
