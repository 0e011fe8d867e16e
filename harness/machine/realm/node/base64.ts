import { missingArgument } from "./errors.ts";
import { encodeUtf8, fromUnits } from "./utf8.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** `bytes` in base64; the URL alphabet comes without padding, as in Node. */
export function encodeBase64(bytes: Uint8Array, url = false): string {
	const alphabet = encodeUtf8(url ? URL_ALPHABET : ALPHABET);
	const units = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
	let at = 0;
	for (let i = 0; i < bytes.length; i += 3) {
		const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		units[at++] = alphabet[group >> 18] as number;
		units[at++] = alphabet[(group >> 12) & 0x3f] as number;
		units[at++] = alphabet[(group >> 6) & 0x3f] as number;
		units[at++] = alphabet[group & 0x3f] as number;
	}
	// What the last group has too few bytes for.
	const missing = (3 - (bytes.length % 3)) % 3;
	units.fill(0x3d, at - missing);
	return fromUnits(units, 0, url ? at - missing : at);
}

/** What `text` says in either alphabet. As lenient as Node: skips what belongs to none, stops at the first `=`. */
export function decodeBase64(text: string): Uint8Array {
	const bytes = new Uint8Array((text.length * 3) >> 2);
	let count = 0;
	let bits = 0;
	let group = 0;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit === 0x3d) break;
		const value = sextet(unit);
		if (value < 0) continue;
		group = ((group << 6) | value) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[count++] = (group >> bits) & 0xff;
		}
	}
	return bytes.slice(0, count);
}

function sextet(unit: number): number {
	if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
	if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
	if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
	if (unit === 0x2b || unit === 0x2d) return 62;
	return unit === 0x2f || unit === 0x5f ? 63 : -1;
}

/** The globals of that name. They are strict where Buffer is lenient, and complain with a DOMException. */
export function createBase64Globals(DOMException: new (message: string, name: string) => Error) {
	const invalid = (message: string) => new DOMException(message, "InvalidCharacterError");

	function btoa(...given: unknown[]): string {
		const text = textOf(given);
		const bytes = new Uint8Array(text.length);
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			if (unit > 0xff) throw invalid("Invalid character");
			bytes[i] = unit;
		}
		return encodeBase64(bytes);
	}

	function atob(...given: unknown[]): string {
		let text = textOf(given).replace(/[\t\n\f\r ]/g, "");
		if (text.length % 4 === 0) text = text.replace(/={1,2}$/, "");
		if (/[^A-Za-z0-9+/]/.test(text)) throw invalid("Invalid character");
		if (text.length % 4 === 1) throw invalid("The string to be decoded is not correctly encoded.");
		return fromUnits(decodeBase64(text));
	}

	return { atob, btoa };
}

function textOf(given: readonly unknown[]): string {
	if (given.length === 0) throw missingArgument("data");
	return `${given[0]}`;
}
