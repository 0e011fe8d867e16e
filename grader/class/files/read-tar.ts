import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { BrokenSubmission } from "./broken-submission.ts";
import type { FileCollector } from "./submission-files.ts";

const CHUNK_BYTES = 64 * 1024;

/** Collects the files of a tar archive. */
export async function readTar(archive: Buffer, isGzipped: boolean, into: FileCollector): Promise<void> {
	const { readable, writable } = createTarDecoder({ strict: true });
	// Its own streams hold no more than a few chunks: a bomb is counted as it goes off, and stopped.
	const feeding = feed(archive, isGzipped, writable.getWriter(), into);
	feeding.catch(() => {});
	try {
		for await (const entry of readable) await readEntry(entry, into);
		await feeding;
	} catch (error) {
		const why = error instanceof BrokenSubmission ? error : await feeding.then(() => error).catch((first) => first);
		if (why instanceof BrokenSubmission) throw why;
		throw new BrokenSubmission(`the tar archive is damaged: ${(why as Error).message.replace(/\.$/, "")}`);
	}
}

async function feed(
	archive: Buffer,
	isGzipped: boolean,
	writer: WritableStreamDefaultWriter<Uint8Array>,
	into: FileCollector,
): Promise<void> {
	const write = async (chunks: AsyncIterable<Buffer> | Iterable<Buffer>) => {
		for await (const chunk of chunks) {
			into.pass(chunk.length);
			await writer.write(chunk);
		}
	};
	try {
		if (isGzipped) await pipeline(Readable.from(slices(archive)), createGunzip(), write);
		else await write(slices(archive));
		await writer.close();
	} catch (error) {
		await writer.abort(error).catch(() => {});
		throw error;
	}
}

function* slices(archive: Buffer): Generator<Buffer> {
	for (let at = 0; at < archive.length; at += CHUNK_BYTES) yield archive.subarray(at, at + CHUNK_BYTES);
}

async function readEntry({ header, body }: ParsedTarEntry, into: FileCollector): Promise<void> {
	const clean = into.admit(header.name);
	if (clean === undefined || header.type === "directory") {
		await body.cancel();
		return;
	}
	const { type = "file", linkname = "" } = header;
	switch (type) {
		case "file": {
			// What is declared is looked at before anything is kept.
			if (header.size > into.room) into.count(header.size);
			const chunks: Uint8Array[] = [];
			for await (const chunk of body) {
				into.count(chunk.length);
				chunks.push(chunk);
			}
			// An archive that was added to has several versions of a file: the last one counts.
			into.add(clean, Buffer.concat(chunks), true);
			return;
		}
		case "symlink":
		case "link": {
			await body.cancel();
			// A hard link names a path in the archive, not one relative to itself.
			into.link(clean, type === "symlink" ? linkname : `${"../".repeat(clean.split("/").length - 1)}${linkname}`);
			return;
		}
		default:
			into.refuse(clean, "a pipe, a socket or a device");
	}
}
