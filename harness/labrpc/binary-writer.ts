import { MAGIC, SHAPES_MAX } from "./binary-format.ts";
import * as Kind from "./binary-kinds.ts";
import { MAX_DEPTH } from "./refusal.ts";

/** Thrown to leave a refused value; what is wrong with it is found out afterwards. */
export const REFUSED: unique symbol = Symbol("refused");

/** For the bytes of a double. */
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

/** Writes values in the format of binary-format.ts. Its buffer serves again for the next value. */
export class Writer {
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
				this.#bytes[this.#length++] = value ? Kind.trueValue : Kind.falseValue;
				break;
			case "undefined":
				this.#bytes[this.#length++] = Kind.undefinedValue;
				break;
			case "bigint":
				this.#bytes[this.#length++] = Kind.bigint;
				this.#text(String(value));
				break;
			case "object":
				if (value === null) this.#bytes[this.#length++] = Kind.nullValue;
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

function hasShape(record: object, shape: readonly string[]): boolean {
	let i = 0;
	for (const key in record) if (shape[i++] !== key) return false;
	return i === shape.length;
}
