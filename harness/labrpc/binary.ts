/**
 * Values as bytes, for stable storage and snapshots. A Raft log is long, alike from entry to entry, and saved at every
 * change, so this is where a run spends its time; for such values it is several times faster than JSON, which formats
 * every number anew, and a third of the size: objects with the same keys name them once, and numbers stand as they are.
 *
 * Format: {@link MAGIC}, then one value. A value is a byte {@link Kind} and what belongs to it; a byte below 0x80 is that very number.
 */
import { explainRefusal, MAX_DEPTH } from "./refusal.ts";

/** The first byte of whatever {@link encode} wrote: tells it from other bytes. */
const MAGIC = 0xc1;

const Kind = {
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

/** Thrown to leave a refused value; what is wrong with it is found out afterwards. */
const REFUSED = new Error("refused");

/** For the bytes of a double. */
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

class Writer {
	#bytes = new Uint8Array(1024);
	#length = 0;
	#shapes: (readonly string[])[] = [];

	write(value: unknown): Uint8Array {
		this.#length = 0;
		this.#shapes.length = 0;
		this.#reserve(1);
		this.#bytes[this.#length++] = MAGIC;
		this.#value(value, 0);
		return this.#bytes.slice(0, this.#length);
	}

	/** Makes room for `more` bytes. */
	#reserve(more: number): void {
		const needed = this.#length + more;
		if (needed <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
		larger.set(this.#bytes);
		this.#bytes = larger;
	}

	#value(value: unknown, depth: number): void {
		// Room for every value of fixed length.
		this.#reserve(16);
		switch (typeof value) {
			case "number":
				this.#number(value);
				break;
			case "string":
				this.#text(value);
				break;
			case "boolean":
				this.#bytes[this.#length++] = value ? Kind.true : Kind.false;
				break;
			case "undefined":
				this.#bytes[this.#length++] = Kind.undefined;
				break;
			case "bigint":
				this.#bytes[this.#length++] = Kind.bigint;
				this.#text(String(value));
				break;
			case "object":
				if (value === null) this.#bytes[this.#length++] = Kind.null;
				else this.#object(value, depth);
				break;
			default:
				throw REFUSED;
		}
	}

	#number(value: number): void {
		if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
			this.#bytes[this.#length++] = Kind.double;
			this.#double(value);
		} else if (value >= 0) {
			if (value >= 0x80) this.#bytes[this.#length++] = Kind.unsigned;
			this.#varint(value);
		} else {
			this.#bytes[this.#length++] = Kind.negative;
			this.#varint(-(value + 1));
		}
	}

	#double(value: number): void {
		double[0] = value;
		const bytes = this.#bytes;
		const at = this.#length;
		// One by one: for eight bytes, a call of set() takes several times as long.
		bytes[at] = doubleBytes[0] as number;
		bytes[at + 1] = doubleBytes[1] as number;
		bytes[at + 2] = doubleBytes[2] as number;
		bytes[at + 3] = doubleBytes[3] as number;
		bytes[at + 4] = doubleBytes[4] as number;
		bytes[at + 5] = doubleBytes[5] as number;
		bytes[at + 6] = doubleBytes[6] as number;
		bytes[at + 7] = doubleBytes[7] as number;
		this.#length = at + 8;
	}

	#varint(value: number): void {
		let rest = value;
		while (rest >= 0x80) {
			this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
			rest >>>= 7;
		}
		this.#bytes[this.#length++] = rest;
	}

	#text(text: string): void {
		const length = text.length;
		this.#reserve(length + 16);
		const before = this.#length;
		this.#bytes[this.#length++] = Kind.latin1;
		this.#varint(length);
		const bytes = this.#bytes;
		let n = this.#length;
		for (let i = 0; i < length; i++) {
			const unit = text.charCodeAt(i);
			if (unit > 0xff) {
				this.#length = before;
				this.#wideText(text);
				return;
			}
			bytes[n++] = unit;
		}
		this.#length = n;
	}

	#wideText(text: string): void {
		this.#reserve(2 * text.length + 16);
		this.#bytes[this.#length++] = Kind.utf16;
		this.#varint(text.length);
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			this.#bytes[this.#length++] = unit & 0xff;
			this.#bytes[this.#length++] = unit >> 8;
		}
	}

	#object(value: object, depth: number): void {
		if (depth >= MAX_DEPTH) throw REFUSED;
		const prototype: unknown = Object.getPrototypeOf(value);
		if (prototype === Object.prototype || prototype === null) {
			this.#record(value as Record<string, unknown>, depth + 1);
		} else if (prototype === Array.prototype && Array.isArray(value)) {
			this.#array(value, depth + 1);
		} else if (value instanceof Uint8Array) {
			this.#reserve(value.length + 16);
			this.#bytes[this.#length++] = Kind.bytes;
			this.#varint(value.length);
			this.#bytes.set(value, this.#length);
			this.#length += value.length;
		} else if (prototype === Date.prototype && value instanceof Date) {
			this.#bytes[this.#length++] = Kind.date;
			this.#double(value.getTime());
		} else if (prototype === Map.prototype && value instanceof Map) {
			this.#bytes[this.#length++] = Kind.map;
			this.#varint(value.size);
			for (const [key, item] of value) {
				this.#value(key, depth + 1);
				this.#value(item, depth + 1);
			}
		} else if (prototype === Set.prototype && value instanceof Set) {
			this.#bytes[this.#length++] = Kind.set;
			this.#varint(value.size);
			for (const item of value) this.#value(item, depth + 1);
		} else {
			throw REFUSED;
		}
	}

	#array(items: readonly unknown[], depth: number): void {
		this.#bytes[this.#length++] = Kind.array;
		this.#varint(items.length);
		for (let i = 0; i < items.length; i++) {
			const item = items[i];
			if (item === undefined && !(i in items)) {
				this.#reserve(1);
				this.#bytes[this.#length++] = Kind.hole;
			} else {
				this.#value(item, depth);
			}
		}
	}

	#record(record: Record<string, unknown>, depth: number): void {
		if (Object.getOwnPropertySymbols(record).length > 0) throw REFUSED;
		const shape = this.#shapeOf(record);
		for (let i = 0; i < shape.length; i++) this.#value(record[shape[i] as string], depth);
	}

	/** Writes which keys the record has. Entries of a log have the same as the record before, so that is looked at first. */
	#shapeOf(record: Record<string, unknown>): readonly string[] {
		const shapes = this.#shapes;
		for (let number = shapes.length - 1; number >= 0; number--) {
			const shape = shapes[number] as readonly string[];
			if (!hasShape(record, shape)) continue;
			this.#bytes[this.#length++] = Kind.knownShape;
			this.#varint(number);
			return shape;
		}
		const shape = Object.keys(record);
		if (shapes.length < SHAPES_MAX) shapes.push(shape);
		this.#bytes[this.#length++] = Kind.newShape;
		this.#varint(shape.length);
		for (const key of shape) this.#text(key);
		return shape;
	}
}

/** Objects that all differ are no reason to search for ever. */
const SHAPES_MAX = 16;

function hasShape(record: object, shape: readonly string[]): boolean {
	let i = 0;
	for (const key in record) if (shape[i++] !== key) return false;
	return i === shape.length;
}

class Reader {
	readonly #bytes: Uint8Array;
	#at = 1;
	readonly #shapes: (readonly string[])[] = [];

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	read(): unknown {
		if (this.#bytes[0] !== MAGIC) throw new SyntaxError("decode: these bytes were not written by encode");
		const value = this.#value();
		if (this.#at !== this.#bytes.length) throw new SyntaxError("decode: there are more bytes than encode wrote");
		return value;
	}

	#byte(): number {
		const byte = this.#bytes[this.#at++];
		if (byte === undefined) throw new SyntaxError("decode: the bytes end too early");
		return byte;
	}

	#value(): unknown {
		const kind = this.#byte();
		if (kind < 0x80) return kind;
		switch (kind) {
			case Kind.null:
				return null;
			case Kind.undefined:
				return undefined;
			case Kind.true:
				return true;
			case Kind.false:
				return false;
			case Kind.unsigned:
				return this.#varint();
			case Kind.negative:
				return -this.#varint() - 1;
			case Kind.double:
				return this.#double();
			case Kind.latin1:
			case Kind.utf16:
				return this.#text(kind);
			case Kind.array:
				return this.#array();
			case Kind.newShape:
				return this.#record(this.#newShape());
			case Kind.knownShape:
				return this.#record(this.#knownShape());
			case Kind.bytes:
				// Not slice(): that of a Buffer shares its memory.
				return new Uint8Array(this.#take(this.#varint()));
			case Kind.bigint:
				return BigInt(this.#text(this.#byte()));
			case Kind.date:
				return new Date(this.#double());
			case Kind.map:
				return this.#map();
			case Kind.set:
				return new Set(this.#items(this.#varint()));
			default:
				throw new SyntaxError(`decode: unknown kind ${kind} at byte ${this.#at - 1}`);
		}
	}

	#varint(): number {
		let value = 0;
		let scale = 1;
		for (;;) {
			const byte = this.#byte();
			value += (byte & 0x7f) * scale;
			if (byte < 0x80) return value;
			scale *= 0x80;
		}
	}

	#double(): number {
		for (let i = 0; i < 8; i++) doubleBytes[i] = this.#byte();
		return double[0] as number;
	}

	#take(length: number): Uint8Array {
		const end = this.#at + length;
		if (end > this.#bytes.length) throw new SyntaxError("decode: the bytes end too early");
		const taken = this.#bytes.subarray(this.#at, end);
		this.#at = end;
		return taken;
	}

	#text(kind: number): string {
		const length = this.#varint();
		const units = this.#take(kind === Kind.utf16 ? 2 * length : length);
		let text = "";
		if (kind === Kind.utf16) {
			for (let i = 0; i < units.length; i += 2) {
				text += String.fromCharCode((units[i] as number) | ((units[i + 1] as number) << 8));
			}
			return text;
		}
		for (let i = 0; i < length; i += TEXT_CHUNK) {
			text += String.fromCharCode.apply(null, units.subarray(i, i + TEXT_CHUNK) as unknown as number[]);
		}
		return text;
	}

	#array(): unknown[] {
		const length = this.#varint();
		if (length > this.#bytes.length - this.#at) throw new SyntaxError("decode: the bytes end too early");
		const items: unknown[] = [];
		for (let i = 0; i < length; i++) {
			if (this.#bytes[this.#at] === Kind.hole) this.#at++;
			else items[i] = this.#value();
		}
		items.length = length;
		return items;
	}

	*#items(count: number): Generator<unknown> {
		for (let i = 0; i < count; i++) yield this.#value();
	}

	#map(): Map<unknown, unknown> {
		const map = new Map<unknown, unknown>();
		for (let left = this.#varint(); left > 0; left--) {
			const key = this.#value();
			map.set(key, this.#value());
		}
		return map;
	}

	#newShape(): readonly string[] {
		const keys: string[] = [];
		for (let left = this.#varint(); left > 0; left--) keys.push(this.#text(this.#byte()));
		if (this.#shapes.length < SHAPES_MAX) this.#shapes.push(keys);
		return keys;
	}

	#knownShape(): readonly string[] {
		const shape = this.#shapes[this.#varint()];
		if (shape === undefined) throw new SyntaxError("decode: an unknown shape");
		return shape;
	}

	#record(keys: readonly string[]): object {
		const record: Record<string, unknown> = {};
		for (const key of keys) {
			const value = this.#value();
			if (key === "__proto__")
				Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
			else record[key] = value;
		}
		return record;
	}
}

/** How many arguments a call may have is limited. */
const TEXT_CHUNK = 8192;
