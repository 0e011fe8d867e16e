import { MAGIC, SHAPES_MAX } from "./binary-format.ts";
import * as Kind from "./binary-kinds.ts";
import { makeDate } from "./dates.ts";

/** For the bytes of a double. */
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

/** Reads one value in the format of binary-format.ts. */
export class Reader {
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
			case Kind.nullValue:
				return null;
			case Kind.undefinedValue:
				return undefined;
			case Kind.trueValue:
				return true;
			case Kind.falseValue:
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
				return makeDate(this.#double());
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
