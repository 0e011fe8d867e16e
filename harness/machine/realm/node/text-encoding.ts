import { invalidArgument, nodeError } from "./errors.ts";
import { decodeUtf8, encodeUtf8, fromUnits, writeUtf8 } from "./utf8.ts";
import { toWellFormed } from "./well-formed.ts";

type Encoding = "utf-8" | "utf-16le" | "windows-1252";

// The standard's labels for the three encodings that a program here can want.
function encodingOf(label: string): Encoding | undefined {
	switch (label.trim().toLowerCase()) {
		case "utf-8":
		case "utf8":
		case "unicode-1-1-utf-8":
			return "utf-8";
		case "utf-16le":
		case "utf-16":
		case "ucs-2":
		case "unicode":
			return "utf-16le";
		// The web reads everything that says it is Latin-1 or ASCII as windows-1252, and so does Node.
		case "latin1":
		case "iso-8859-1":
		case "ascii":
		case "us-ascii":
		case "l1":
		case "windows-1252":
			return "windows-1252";
		default:
			return undefined;
	}
}

// Where windows-1252 differs from Latin-1: the characters of bytes 80 to 9F.
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** The bytes of any buffer or view, not copied. */
export function bytesOf(source: unknown, name = "input"): Uint8Array {
	if (source instanceof Uint8Array) return source;
	if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
	if (source instanceof ArrayBuffer) return new Uint8Array(source);
	throw invalidArgument(name, "an instance of ArrayBuffer or ArrayBufferView", source);
}

/** The classes of the Encoding standard. */
export function createTextEncoding() {
	class TextEncoder {
		get encoding() {
			return "utf-8";
		}

		encode(text: unknown = "") {
			return encodeUtf8(String(text));
		}

		encodeInto(text: unknown, target: Uint8Array) {
			if (!(target instanceof Uint8Array)) throw invalidArgument("dest", "an instance of Uint8Array", target);
			return writeUtf8(String(text), target);
		}
	}

	class TextDecoder {
		readonly #encoding: Encoding;
		readonly #fatal: boolean;
		readonly #ignoreBOM: boolean;
		/** The start of a character whose rest comes with the next call. */
		#pending: Uint8Array | undefined;
		#pastStart = false;

		constructor(label: unknown = "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
			const encoding = encodingOf(String(label));
			if (encoding === undefined) {
				throw nodeError(RangeError, "ERR_ENCODING_NOT_SUPPORTED", `The "${label}" encoding is not supported`);
			}
			this.#encoding = encoding;
			this.#fatal = Boolean(options?.fatal);
			this.#ignoreBOM = Boolean(options?.ignoreBOM);
		}

		get encoding() {
			return this.#encoding;
		}

		get fatal() {
			return this.#fatal;
		}

		get ignoreBOM() {
			return this.#ignoreBOM;
		}

		decode(input?: unknown, options: { stream?: boolean } = {}) {
			const stream = Boolean(options?.stream);
			const fresh = input === undefined ? new Uint8Array(0) : bytesOf(input);
			const bytes = this.#pending === undefined ? fresh : joined(this.#pending, fresh);
			const decoded = this.#read(bytes, stream);
			if (decoded === undefined) {
				this.#pending = undefined;
				this.#pastStart = false;
				const message = `The encoded data was not valid for encoding ${this.#encoding}`;
				throw nodeError(TypeError, "ERR_ENCODING_INVALID_ENCODED_DATA", message);
			}
			let { text } = decoded;
			const marked = this.#encoding !== "windows-1252" && text.charCodeAt(0) === 0xfeff;
			if (marked && !this.#pastStart && !this.#ignoreBOM) text = text.slice(1);
			this.#pastStart = stream && (this.#pastStart || decoded.text !== "");
			this.#pending = stream && decoded.used < bytes.length ? bytes.slice(decoded.used) : undefined;
			return text;
		}

		#read(bytes: Uint8Array, partial: boolean): { text: string; used: number } | undefined {
			if (this.#encoding === "utf-8") return decodeUtf8(bytes, { fatal: this.#fatal, partial });
			if (this.#encoding === "utf-16le") return decodeUtf16(bytes, this.#fatal, partial);
			const text = fromUnits(bytes).replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252.charAt(c.charCodeAt(0) - 0x80));
			return { text, used: bytes.length };
		}
	}

	for (const Class of [TextEncoder, TextDecoder]) {
		Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
	}
	return { TextEncoder, TextDecoder };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
	const both = new Uint8Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	return both;
}

function decodeUtf16(bytes: Uint8Array, fatal: boolean, partial: boolean): { text: string; used: number } | undefined {
	const units = new Uint16Array(bytes.length >> 1);
	for (let i = 0; i < units.length; i++) {
		units[i] = (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8);
	}
	// Half a unit or half a pair at the end waits for the rest, or stands for one character that never came.
	const cutPair = ((units[units.length - 1] ?? 0) & 0xfc00) === 0xd800;
	const text = fromUnits(units, 0, cutPair ? units.length - 1 : units.length);
	const used = 2 * text.length;
	const whole = toWellFormed(text);
	if (fatal && (whole !== text || (used < bytes.length && !partial))) return undefined;
	if (used === bytes.length || partial) return { text: whole, used };
	return { text: `${whole}\ufffd`, used: bytes.length };
}
