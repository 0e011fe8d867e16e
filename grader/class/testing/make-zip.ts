import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a zip archive, and what it may say that isn't so. */
export interface ZipEntry {
	readonly name: string | Buffer;
	readonly content?: string | Buffer;
	/** As Unix has it: type and permissions. */
	readonly mode?: number;
	/** Bit 0: encrypted, bit 11: the name is UTF-8 (the default for a text). */
	readonly flags?: number;
	/** 8, deflated, by default. */
	readonly method?: number;
	/** How large it says it is. */
	readonly declared?: number;
	/** Its compressed content, ready made. */
	readonly packed?: Buffer;
}

const UTF8 = 0x800;

/** Makes a zip archive, with entries as no honest program would write them. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const {
		name,
		content = "",
		mode = 0o100644,
		flags = typeof name === "string" ? UTF8 : 0,
		method = 8,
		...lies
	} of entries) {
		const bytes = Buffer.from(content);
		const packed = lies.packed ?? (method === 8 ? deflateRawSync(bytes) : bytes);
		const nameBytes = Buffer.from(name);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(flags, 2);
		common.writeUInt16LE(method, 4);
		common.writeUInt32LE(crc32Of(bytes), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(lies.declared ?? bytes.length, 18);
		common.writeUInt16LE(nameBytes.length, 22);
		parts.push(Buffer.from("PK\x03\x04", "latin1"), common, nameBytes, packed);
		const entry = Buffer.alloc(46);
		entry.write("PK\x01\x02", 0, "latin1");
		entry.writeUInt16LE((3 << 8) | 20, 4);
		common.copy(entry, 6);
		entry.writeUInt32LE((mode << 16) >>> 0, 38);
		entry.writeUInt32LE(at, 42);
		directory.push(entry, nameBytes);
		at += 30 + nameBytes.length + packed.length;
	}
	const listing = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write("PK\x05\x06", 0, "latin1");
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(listing.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, listing, end]);
}

/** Node 20.19 has it only under another name, if at all. */
function crc32Of(bytes: Buffer): number {
	if (typeof crc32 === "function") return crc32(bytes);
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}
