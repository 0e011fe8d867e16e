const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const PADDING = 0x3d;

interface Tables {
	/** The code of each digit. */
	readonly codes: Uint8Array;
	/** The value of each code, 255 for what is no digit. */
	readonly values: Uint8Array;
}

/** Made when it is first needed: in most machines it never is. */
let tables: Tables | undefined;

function makeTables(): Tables {
	const codes = new Uint8Array(ALPHABET.length);
	const values = new Uint8Array(256).fill(255);
	for (let value = 0; value < ALPHABET.length; value++) {
		const code = ALPHABET.charCodeAt(value);
		codes[value] = code;
		values[code] = value;
	}
	return { codes, values };
}

/** How many arguments a call may have is limited. */
const CHUNK = 8192;

/** Base64 with padding, in plain JavaScript: it runs inside machines, which have no Buffer of V8's own. */
export function bytesToBase64(bytes: Uint8Array): string {
	tables ??= makeTables();
	const digits = tables.codes;
	const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
	let n = 0;
	for (let i = 0; i < bytes.length; i += 3) {
		const left = bytes.length - i;
		const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		codes[n++] = digits[word >> 18] as number;
		codes[n++] = digits[(word >> 12) & 63] as number;
		codes[n++] = left > 1 ? (digits[(word >> 6) & 63] as number) : PADDING;
		codes[n++] = left > 2 ? (digits[word & 63] as number) : PADDING;
	}
	let text = "";
	for (let i = 0; i < codes.length; i += CHUNK) {
		text += String.fromCharCode.apply(null, codes.subarray(i, i + CHUNK) as unknown as number[]);
	}
	return text;
}

/**
 * Reads what {@link bytesToBase64} wrote.
 *
 * @throws SyntaxError at a character that is not base64.
 */
export function base64ToBytes(text: string): Uint8Array {
	const digits = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
	tables ??= makeTables();
	const { values } = tables;
	const bytes = new Uint8Array((digits * 3) >> 2);
	let word = 0;
	let n = 0;
	for (let i = 0; i < digits; i++) {
		const value = values[text.charCodeAt(i)] ?? 255;
		if (value === 255) throw new SyntaxError(`not base64: character ${i}`);
		word = (word << 6) | value;
		if ((i & 3) !== 0) bytes[n++] = (word >> (6 - 2 * (i & 3))) & 0xff;
	}
	return bytes;
}
