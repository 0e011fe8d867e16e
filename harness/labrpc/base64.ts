const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding, in plain JavaScript: it runs inside machines, which have no Buffer of V8's own. */
export function bytesToBase64(bytes: Uint8Array): string {
	let text = "";
	for (let i = 0; i < bytes.length; i += 3) {
		const left = bytes.length - i;
		const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
		text += left > 1 ? ALPHABET.charAt((word >> 6) & 63) : "=";
		text += left > 2 ? ALPHABET.charAt(word & 63) : "=";
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
	const bytes = new Uint8Array((digits * 3) >> 2);
	let word = 0;
	let n = 0;
	for (let i = 0; i < digits; i++) {
		const value = ALPHABET.indexOf(text.charAt(i));
		if (value < 0) throw new SyntaxError(`not base64: character ${i}`);
		word = (word << 6) | value;
		if ((i & 3) !== 0) bytes[n++] = (word >> (6 - 2 * (i & 3))) & 0xff;
	}
	return bytes;
}
