/**
 * Values as bytes, for stable storage and snapshots. A Raft log is long, alike from entry to entry, and saved at every
 * change, so this is where a run spends its time; for such values it is several times faster than JSON, which formats
 * every number anew, and a third of the size: objects with the same keys name them once, and numbers stand as they are.
 *
 * Format: {@link MAGIC}, then one value. A value is a byte {@link Kind} and what belongs to it; a byte below 0x80 is that very number.
 */
/** The first byte of whatever encode wrote: tells it from other bytes. */
export const MAGIC = 0xc1;

/** What a value begins with. */
export const Kind = {
	null: 0x80,
	undefined: 0x81,
	true: 0x82,
	false: 0x83,
	/** A varint. */
	unsigned: 0x84,
	/** A varint: minus the number, minus 1. */
	negative: 0x85,
	/** 8 bytes, little-endian. */
	double: 0x86,
	/** Length, then a byte a character. */
	latin1: 0x87,
	/** Length, then two bytes a character: faithful to lone surrogates too. */
	utf16: 0x88,
	/** Length, then the items. */
	array: 0x89,
	hole: 0x8a,
	/** How many keys, the keys (text), then the values in that order. It gets the next shape number. */
	newShape: 0x8b,
	/** A shape number, then the values. */
	knownShape: 0x8c,
	/** Length, then the bytes. */
	bytes: 0x8d,
	/** Its decimal digits, as text. */
	bigint: 0x8e,
	/** A double: ms since 1970. */
	date: 0x8f,
	/** Size, then key and value in turn. */
	map: 0x90,
	/** Size, then the items. */
	set: 0x91,
} as const;

/** Objects that all differ are no reason to search for ever. */
export const SHAPES_MAX = 16;
