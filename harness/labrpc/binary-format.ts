/**
 * Values as bytes, for stable storage and snapshots. A Raft log is long, alike from entry to entry, and saved at every
 * change, so this is where a run spends its time; for such values it is several times faster than JSON, which formats
 * every number anew, and a third of the size: objects with the same keys name them once, and numbers stand as they are.
 *
 * Format: {@link MAGIC}, then one value. A value is a byte of binary-kinds.ts and what belongs to it; a byte below 0x80 is that very number.
 */
/** The first byte of whatever encode wrote: tells it from other bytes. */
export const MAGIC = 0xc1;

/** Objects that all differ are no reason to search for ever. */
export const SHAPES_MAX = 16;
