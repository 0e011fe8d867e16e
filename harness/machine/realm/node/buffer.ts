import { decodeBase64, encodeBase64 } from "./base64.ts";
import { type NodeEnvironment, refusal } from "./environment.ts";
import { decodeUtf8, encodeUtf8, fromUnits, utf8Length } from "./utf8.ts";

declare const require: (name: string) => unknown;

type BufferInstance = Omit<Uint8Array<ArrayBuffer>, "toString"> & {
	toString(encoding?: unknown, start?: unknown, end?: unknown): string;
	write(text: string, ...where: unknown[]): number;
	equals(other: Uint8Array): boolean;
};

/** The parts of the `buffer` package's class that are read or replaced here. */
interface BufferClass {
	new (size: number): Uint8Array;
	prototype: BufferInstance;
	from(value: unknown, encodingOrOffset?: unknown, length?: unknown): BufferInstance;
	alloc(size: number): BufferInstance;
	byteLength(value: unknown, encoding?: unknown): number;
	isEncoding(encoding: unknown): boolean;
	compare(a: Uint8Array, b: Uint8Array): number;
	copyBytesFrom(view: NodeJS.TypedArray, offset?: number, length?: number): Uint8Array;
	poolSize: number;
}

interface BufferPackage {
	Buffer: BufferClass;
	SlowBuffer: unknown;
	INSPECT_MAX_BYTES: number;
	kMaxLength: number;
}

/**
 * `node:buffer`: the `buffer` package, with the encodings that it lacks (base64url) or reads otherwise than today's Node
 * (malformed UTF-8 and hex), and with a UTF-8 that is several times as fast: much saved state passes through it.
 */
export function createBuffer(env: NodeEnvironment, { atob, btoa }: { atob: unknown; btoa: unknown }) {
	const { Buffer, SlowBuffer, kMaxLength, INSPECT_MAX_BYTES } = require("buffer/") as BufferPackage;
	const base = { from: Buffer.from, isEncoding: Buffer.isEncoding, byteLength: Buffer.byteLength };
	const { toString: slowToString, write, equals } = Buffer.prototype;
	const adopt = (bytes: Uint8Array): BufferInstance => Object.setPrototypeOf(bytes, Buffer.prototype);

	Buffer.isEncoding = (encoding) =>
		typeof encoding === "string" && (encoding.toLowerCase() === "base64url" || base.isEncoding(encoding));

	Buffer.from = (value, encoding, length) => {
		const bytes = typeof value === "string" ? encode(value, encoding) : undefined;
		return bytes === undefined ? base.from(value, encoding, length) : adopt(bytes);
	};

	Buffer.byteLength = (value, encoding) => {
		if (typeof value !== "string") return base.byteLength(value, encoding);
		if (codecOf(encoding) === "utf8") return utf8Length(value);
		return encode(value, encoding)?.length ?? base.byteLength(value, encoding);
	};

	Buffer.prototype.toString = function (this: Uint8Array, encoding?: unknown, start?: unknown, end?: unknown) {
		const codec = codecOf(encoding);
		if (codec === undefined) return slowToString.call(this, encoding, start, end);
		const whole = start === undefined && end === undefined;
		return decode(
			whole ? this : this.subarray(clamp(start, 0, this.length), clamp(end, this.length, this.length)),
			codec,
		);
	};

	Buffer.prototype.write = function (this: Uint8Array, text: string, ...where: unknown[]) {
		const encoding = where.find((argument) => typeof argument === "string");
		const codec = codecOf(encoding);
		// In UTF-8 only whole characters are written, which the package gets right.
		if (codec === undefined || codec === "utf8") return write.call(this, text, ...where);
		const [offset = 0, room] = where.filter((argument) => typeof argument === "number");
		const bytes = encode(text, codec) as Uint8Array;
		const fit = Math.min(bytes.length, this.length - offset, room ?? Number.POSITIVE_INFINITY);
		this.set(bytes.subarray(0, fit), offset);
		return fit;
	};

	Buffer.prototype.equals = function (this: Uint8Array, other: Uint8Array) {
		return other instanceof Uint8Array ? Buffer.compare(this, other) === 0 : equals.call(this, other);
	};

	Buffer.copyBytesFrom = (view, offset = 0, length = view.length - offset) => {
		const part = view.subarray(offset, offset + length);
		return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
	};

	return {
		Buffer,
		SlowBuffer,
		kMaxLength,
		INSPECT_MAX_BYTES,
		constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 0x1fffffe8 },
		kStringMaxLength: 0x1fffffe8,
		atob,
		btoa,
		isUtf8: (bytes: Uint8Array) => decodeUtf8(bytes, { fatal: true }) !== undefined,
		isAscii: (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80),
		transcode: refusal(env, "buffer.transcode()"),
		resolveObjectURL: refusal(env, "buffer.resolveObjectURL()"),
		Blob: refusal(env, "Blob"),
		File: refusal(env, "File"),
	};
}

/** What {@link createBuffer} makes. */
export type BufferModule = ReturnType<typeof createBuffer>;

type Codec = "utf8" | "hex" | "base64" | "base64url";

// Undefined for the encodings that are left to the package.
function codecOf(encoding: unknown): Codec | undefined {
	if (encoding === undefined || encoding === null || encoding === "") return "utf8";
	if (typeof encoding !== "string") return undefined;
	const name = encoding.toLowerCase();
	if (name === "utf8" || name === "utf-8") return "utf8";
	return name === "hex" || name === "base64" || name === "base64url" ? name : undefined;
}

function encode(text: string, encoding: unknown): Uint8Array | undefined {
	// Node takes anything but a string to mean the default here.
	switch (codecOf(typeof encoding === "string" ? encoding : undefined)) {
		case "utf8":
			return encodeUtf8(text);
		case "hex":
			return decodeHex(text);
		case "base64":
		case "base64url":
			return decodeBase64(text);
		default:
			return undefined;
	}
}

function decode(bytes: Uint8Array, codec: Codec): string {
	if (codec === "utf8") return (decodeUtf8(bytes) as { text: string }).text;
	if (codec !== "hex") return encodeBase64(bytes, codec === "base64url");
	const digit = (value: number) => value + (value < 10 ? 0x30 : 0x57);
	const units = new Uint8Array(2 * bytes.length);
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i] as number;
		units[2 * i] = digit(byte >> 4);
		units[2 * i + 1] = digit(byte & 0xf);
	}
	return fromUnits(units);
}

// Up to the first two characters that are no byte, like Node.
function decodeHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) {
		const pair = text.slice(2 * i, 2 * i + 2);
		if (!/^[0-9a-fA-F]{2}$/.test(pair)) return bytes.slice(0, i);
		bytes[i] = Number.parseInt(pair, 16);
	}
	return bytes;
}

function clamp(value: unknown, fallback: number, length: number): number {
	if (value === undefined) return fallback;
	const index = Math.trunc(Number(value)) || 0;
	return Math.min(Math.max(index, 0), length);
}
