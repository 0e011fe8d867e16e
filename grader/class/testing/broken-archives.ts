import { randomBytes } from "node:crypto";
import { deflateRawSync, gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { makeZip, type ZipEntry } from "./make-zip.ts";

/** An archive that cannot be graded, and what its student is told. */
export interface BrokenArchive {
	/** With its ending. */
	readonly name: string;
	make(): Buffer | Promise<Buffer>;
	readonly says: RegExp;
}

const MODULE = `export const make = () => ({
	start: () => ({ index: -1, term: 0, isLeader: false }),
	getState: () => ({ term: 0, isLeader: false }),
	snapshot() {},
	kill() {},
});
`;
const RAFT: ZipEntry = { name: "raft.ts", content: MODULE };

/** Files of zeros pack a thousandfold. */
const GIGABYTE_OF_ZEROS = () => deflateRawSync(Buffer.alloc(64 * 2 ** 20));

function zip(name: string, entries: () => readonly ZipEntry[], says: RegExp): BrokenArchive {
	return { name: `${name}.zip`, make: () => makeZip(entries()), says };
}

function tar(name: string, entries: () => readonly TarEntry[], says: RegExp): BrokenArchive {
	return { name: `${name}.tar`, make: async () => Buffer.from(await packTar(entries())), says };
}

function file(name: string, body: string = MODULE): TarEntry {
	return { header: { name, size: Buffer.byteLength(body), type: "file" }, body };
}

function special(name: string, type: NonNullable<TarEntry["header"]["type"]>, linkname?: string): TarEntry {
	return { header: { name, size: 0, type, ...(linkname === undefined ? {} : { linkname }) } };
}

const many = (count: number) => Array.from({ length: count }, (_, i) => `src/file-${i}.ts`);

/** Broken and hostile archives. Each gets a sentence and no points, and harms nobody else's. */
export const brokenArchives: readonly BrokenArchive[] = [
	zip("climbs", () => [RAFT, { name: "../../climbed.txt", content: "out" }], /leads out of the folder/),
	zip("climbs-inside", () => [RAFT, { name: "src/../../climbed.txt" }], /leads out of the folder/),
	zip("climbs-with-backslashes", () => [RAFT, { name: "..\\..\\climbed.txt" }], /leads out of the folder/),
	zip("absolute", () => [RAFT, { name: "/tmp/raft-grade-climbed.txt" }], /an absolute path/),
	zip("drive-letter", () => [RAFT, { name: "C:/climbed.txt" }], /an absolute path/),
	zip("link-out", () => [RAFT, { name: "notes", content: "/etc/passwd", mode: 0o120777 }], /a link that leads out/),
	zip("link-up", () => [RAFT, { name: "a/b", content: "../../x", mode: 0o120777 }], /a link that leads out/),
	zip(
		"link-then-file-through-it",
		() => [RAFT, { name: "dir", content: "src", mode: 0o120777 }, { name: "dir/x.ts", content: "1" }],
		/both as a file and as a folder/,
	),
	zip("device", () => [RAFT, { name: "null", mode: 0o020666 }], /a pipe, a socket or a device/),
	zip("pipe", () => [RAFT, { name: "pipe", mode: 0o010644 }], /a pipe, a socket or a device/),
	zip("control-characters", () => [RAFT, { name: "a\u001b[2Jb.ts" }], /has control characters/),
	zip("nul", () => [RAFT, { name: "raft.ts\0.png" }], /has control characters/),
	zip("twice", () => [RAFT, { ...RAFT, content: "export const make = 1;" }], /"raft\.ts" twice/),
	zip(
		"case-clash",
		() => [RAFT, { name: "Raft.ts", content: MODULE }],
		/"raft\.ts" and "Raft\.ts", which are the same/,
	),
	zip("unicode-clash", () => [RAFT, { name: "caf\u00e9.ts" }, { name: "cafe\u0301.ts" }], /which are the same/),
	zip("file-and-folder", () => [RAFT, { name: "src" }, { name: "src/a.ts" }], /both as a file and as a folder/),
	zip("long-name", () => [RAFT, { name: `${"x".repeat(300)}.ts` }], /too long or too deep/),
	zip("deep", () => [RAFT, { name: `${"d/".repeat(100)}x.ts` }], /too long or too deep/),
	zip("ten-thousand-files", () => many(10_000).map((name) => ({ name })), /more than 2000 files/),
	zip(
		"fifty-thousand-entries",
		() => many(50_001).map((name) => ({ name: `node_modules/${name}`, method: 0 })),
		/more than 50000 entries/,
	),
	zip("encrypted", () => [{ ...RAFT, flags: 0x801 }], /encrypted/),
	zip("unknown-method", () => [{ ...RAFT, method: 99, packed: Buffer.from("x") }], /few programs know \(method 99\)/),
	zip(
		"bomb-that-says-so",
		() => [RAFT, { name: "big.ts", packed: GIGABYTE_OF_ZEROS(), declared: 64 * 2 ** 20 }],
		/larger than 32 MB/,
	),
	zip(
		"bomb-that-lies",
		() => [RAFT, { name: "big.ts", packed: GIGABYTE_OF_ZEROS(), declared: 10 }],
		/damaged|larger than/,
	),
	zip(
		"bomb-of-many",
		() => {
			const packed = deflateRawSync(Buffer.alloc(2 ** 20));
			return Array.from({ length: 100 }, (_, i) => ({ name: `${i}.ts`, packed, declared: 2 ** 20 }));
		},
		/larger than 32 MB/,
	),
	{
		name: "bomb.tar.gz",
		make: async () => gzipSync(Buffer.from(await packTar([file("big.ts", "0".repeat(48 * 2 ** 20))]))),
		says: /larger than 32 MB/,
	},
	{ name: "bomb-without-a-tar.tgz", make: () => gzipSync(Buffer.alloc(64 * 2 ** 20, 1)), says: /damaged/ },
	{ name: "zeros.tgz", make: () => gzipSync(Buffer.alloc(16 * 2 ** 20)), says: /holds no module/ },
	{ name: "truncated.zip", make: () => makeZip([RAFT]).subarray(0, -30), says: /damaged/ },
	{ name: "damaged.zip", make: () => corrupted(makeZip([RAFT]), 60), says: /damaged|no module/ },
	{ name: "empty.zip", make: () => Buffer.alloc(0), says: /is empty/ },
	{ name: "without-entries.zip", make: () => makeZip([]), says: /holds no module/ },
	{ name: "noise.zip", make: () => Buffer.concat([Buffer.from("PK\x03\x04"), randomBytes(2000)]), says: /damaged/ },
	{ name: "text.zip", make: () => Buffer.from("I will hand it in later, sorry\n"), says: /neither a zip nor a tar/ },
	{ name: "rar.rar", make: () => Buffer.from("Rar!\x1a\x07\x01\0"), says: /neither a zip nor a tar/ },
	tar("tar-climbs", () => [file("raft.ts"), file("../climbed.txt")], /leads out of the folder/),
	tar("tar-absolute", () => [file("raft.ts"), file("/tmp/raft-grade-climbed.txt")], /an absolute path/),
	tar("tar-link-out", () => [file("raft.ts"), special("x", "symlink", "/etc/passwd")], /a link that leads out/),
	tar(
		"tar-hard-link-out",
		() => [file("raft.ts"), special("a/x", "link", "../../etc/passwd")],
		/a link that leads out/,
	),
	tar("tar-device", () => [file("raft.ts"), special("sda", "block-device")], /a pipe, a socket or a device/),
	tar("tar-pipe", () => [file("raft.ts"), special("p", "fifo")], /a pipe, a socket or a device/),
	{
		name: "tar-truncated.tar",
		make: async () => Buffer.from(await packTar([file("raft.ts")])).subarray(0, 700),
		says: /damaged/,
	},
	{
		name: "gzip-truncated.tgz",
		make: async () => gzipSync(Buffer.from(await packTar([file("raft.ts")]))).subarray(0, -40),
		says: /damaged/,
	},
	zip("no-module", () => [{ name: "report.txt", content: "see raft.go" }], /holds no module/),
	zip(
		"two-modules",
		() => [
			{ ...RAFT, name: "a/raft.ts" },
			{ ...RAFT, name: "b/raft.ts" },
		],
		/two modules, "a\/raft\.ts" and "b\/raft\.ts"/,
	),
	zip(
		"two-that-make",
		() => [
			{ ...RAFT, name: "one.ts" },
			{ ...RAFT, name: "two.ts" },
		],
		/which both export make/,
	),
	zip("bad-manifest", () => [RAFT, { name: "package.json", content: "{" }], /package\.json is not valid JSON/),
	zip(
		"target-that-climbs",
		() => [RAFT, { name: "package.json", content: '{"raftGrade":{"target":"../../other/raft.ts"}}' }],
		/names "\.\.\/\.\.\/other\/raft\.ts", which is not there/,
	),
	zip(
		"two-archives",
		() => [
			{ name: "a.zip", content: makeZip([RAFT]) },
			{ name: "b.zip", content: makeZip([RAFT]) },
		],
		/two archives/,
	),
	zip(
		"matryoshka",
		() => [{ name: "a.zip", content: makeZip([{ name: "b.zip", content: makeZip([RAFT]) }]) }],
		/holds no module/,
	),
];

function corrupted(archive: Buffer, at: number): Buffer {
	const copy = Buffer.from(archive);
	copy.fill(0xff, at, at + 8);
	return copy;
}
