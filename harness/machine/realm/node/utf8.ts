// UTF-8 both ways, as the WHATWG encoding standard has it. A submission that saves its state through TextEncoder or Buffer
// spends much of its time here, hence the separate path for ASCII and the absence of anything per character but arithmetic.

// As many arguments as `String.fromCharCode.apply` may be given at once without nearing the stack's limit.
const CHUNK_UNITS = 4096;
const REPLACEMENT = 0xfffd;

/** How many bytes `text` takes from `start` on. A lone surrogate becomes U+FFFD. */
export function utf8Length(text: string, start = 0): number {
	let bytes = 0;
	for (let i = start; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80) bytes += 1;
		else if (unit < 0x800) bytes += 2;
		else if (isPair(text, i)) {
			bytes += 4;
			i++;
		} else bytes += 3;
	}
	return bytes;
}

/** Writes as many whole characters of `text` as fit; says how far it came in both. */
export function writeUtf8(text: string, target: Uint8Array, start = 0, offset = 0): { read: number; written: number } {
	const end = target.length;
	let at = offset;
	let i = start;
	for (; i < text.length; i++) {
		let code = text.charCodeAt(i);
		if (code < 0x80) {
			if (at + 1 > end) break;
			target[at++] = code;
		} else if (code < 0x800) {
			if (at + 2 > end) break;
			target[at++] = 0xc0 | (code >> 6);
			target[at++] = 0x80 | (code & 0x3f);
		} else if (isPair(text, i)) {
			if (at + 4 > end) break;
			code = text.codePointAt(i++) as number;
			target[at++] = 0xf0 | (code >> 18);
			target[at++] = 0x80 | ((code >> 12) & 0x3f);
			target[at++] = 0x80 | ((code >> 6) & 0x3f);
			target[at++] = 0x80 | (code & 0x3f);
		} else {
			if (at + 3 > end) break;
			if ((code & 0xf800) === 0xd800) code = REPLACEMENT;
			target[at++] = 0xe0 | (code >> 12);
			target[at++] = 0x80 | ((code >> 6) & 0x3f);
			target[at++] = 0x80 | (code & 0x3f);
		}
	}
	return { read: i - start, written: at - offset };
}

function isPair(text: string, at: number): boolean {
	return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

/** `text` in UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
	const ascii = new Uint8Array(text.length);
	let i = 0;
	for (; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit >= 0x80) break;
		ascii[i] = unit;
	}
	if (i === text.length) return ascii;
	const bytes = new Uint8Array(i + utf8Length(text, i));
	bytes.set(ascii.subarray(0, i));
	writeUtf8(text, bytes, i, i);
	return bytes;
}

/** What {@link decodeUtf8} does where the bytes are not UTF-8, or stop within a character. */
export interface Utf8DecodeOptions {
	/** Answer undefined at the first malformed byte, in place of putting U+FFFD there. */
	fatal?: boolean;
	/** More is to come: leave the start of a character at the end unread. */
	partial?: boolean;
}

/** The text of `bytes`, and how many of them were read; undefined if they are malformed and that is fatal. */
export function decodeUtf8(
	bytes: Uint8Array,
	{ fatal = false, partial = false }: Utf8DecodeOptions = {},
): { text: string; used: number } | undefined {
	let text = "";
	let at = 0;
	while (at < bytes.length) {
		const start = at;
		const limit = Math.min(bytes.length, start + CHUNK_UNITS);
		while (at < limit && (bytes[at] as number) < 0x80) at++;
		if (at > start) text += fromUnits(bytes, start, at);
		if (at === limit) continue;

		// Two units are the most that one character adds.
		const units = new Uint16Array(Math.min(CHUNK_UNITS, bytes.length - at) + 2);
		let count = 0;
		while (at < bytes.length && count < CHUNK_UNITS) {
			const lead = bytes[at] as number;
			if (lead < 0x80) {
				units[count++] = lead;
				at++;
				continue;
			}
			const length = sequenceLength(bytes, at);
			if (length < 0) {
				const cut = at - length === bytes.length && isTruncated(lead, -length);
				if (cut && partial) return { text: text + fromUnits(units, 0, count), used: at };
				if (fatal) return undefined;
				units[count++] = REPLACEMENT;
				at -= length;
				continue;
			}
			const code = codePointOf(bytes, at, length);
			if (code > 0xffff) {
				units[count++] = 0xd800 | ((code - 0x10000) >> 10);
				units[count++] = 0xdc00 | (code & 0x3ff);
			} else units[count++] = code;
			at += length;
		}
		text += fromUnits(units, 0, count);
	}
	return { text, used: at };
}

// The length of the sequence at `at`; if it is malformed, minus the length of the longest part that could have begun one,
// which the standard replaces by a single U+FFFD.
function sequenceLength(bytes: Uint8Array, at: number): number {
	const lead = bytes[at] as number;
	const length = leadLength(lead);
	if (length === 0) return -1;
	// Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
	const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
	const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
	const second = bytes[at + 1];
	if (second === undefined || second < low || second > high) return -1;
	for (let i = 2; i < length; i++) {
		if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return -i;
	}
	return length;
}

function leadLength(lead: number): number {
	if (lead < 0xc2 || lead > 0xf4) return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function isTruncated(lead: number, have: number): boolean {
	return have < leadLength(lead);
}

function codePointOf(bytes: Uint8Array, at: number, length: number): number {
	const trail = (i: number) => (bytes[at + i] as number) & 0x3f;
	const lead = bytes[at] as number;
	if (length === 2) return ((lead & 0x1f) << 6) | trail(1);
	if (length === 3) return ((lead & 0x0f) << 12) | (trail(1) << 6) | trail(2);
	return ((lead & 0x07) << 18) | (trail(1) << 12) | (trail(2) << 6) | trail(3);
}

/** A string of these UTF-16 code units (or Latin-1 bytes). */
export function fromUnits(units: Uint8Array | Uint16Array, start = 0, end = units.length): string {
	let text = "";
	for (let at = start; at < end; at += CHUNK_UNITS) {
		const chunk = units.subarray(at, Math.min(end, at + CHUNK_UNITS));
		text += String.fromCharCode.apply(null, chunk as unknown as number[]);
	}
	return text;
}
