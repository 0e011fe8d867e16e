/** Values as bytes, for stable storage and snapshots: why, and in which format, says binary-format.ts. */
import { Reader } from "./binary-reader.ts";
import { REFUSED, Writer } from "./binary-writer.ts";
import { explainRefusal } from "./refusal.ts";

/**
 * Writes a value as bytes, compactly.
 *
 * @throws WireError if the value, or a part of it, would not survive.
 */
export function encode(value: unknown): Uint8Array {
	// A getter in the value may call encode again: it gets a writer of its own.
	const writer = idle ?? new Writer();
	idle = undefined;
	try {
		return writer.write(value);
	} catch (error) {
		throw error === REFUSED ? explainRefusal(value, "value") : error;
	} finally {
		idle = writer;
	}
}

/**
 * Reads a value that {@link encode} wrote.
 *
 * @throws TypeError if `bytes` is no Uint8Array, RangeError if it is empty, SyntaxError (as a rule) if it was not
 * written by encode.
 */
export function decode<T = unknown>(bytes: Uint8Array): T {
	if (!(bytes instanceof Uint8Array)) throw new TypeError("decode: a Uint8Array was expected");
	if (bytes.length === 0) throw new RangeError("decode: nothing to decode (0 bytes): nothing was saved yet");
	return new Reader(bytes).read() as T;
}

let idle: Writer | undefined;
