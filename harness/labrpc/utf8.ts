/**
 * UTF-8 in plain JavaScript: a machine's realm has no TextEncoder of V8's own, and the host's must not enter it.
 */

/** Encodes text. A lone surrogate becomes U+FFFD, as in TextEncoder. */
export function textToBytes(text: string): Uint8Array {
	const length = text.length;
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) {
		const unit = text.charCodeAt(i);
		if (unit >= 0x80) return encodeBeyondAscii(text);
		bytes[i] = unit;
	}
	return bytes;
}

/** Decodes bytes. What is not UTF-8 becomes U+FFFD. */
export function bytesToText(bytes: Uint8Array): string {
	for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return decodeBeyondAscii(bytes);
	return charactersOf(bytes);
}

/** Whether all bytes are printable ASCII, so that they can stand in JSON as they are. */
export function isPrintableAscii(bytes: Uint8Array): boolean {
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i] as number;
		if (byte < 0x20 || byte > 0x7e) return false;
	}
	return true;
}

/** How many arguments a call may have is limited. */
const CHUNK = 8192;

/** One character per unit, without decoding. */
function charactersOf(units: Uint8Array | Uint16Array): string {
	if (units.length <= CHUNK) return String.fromCharCode.apply(null, units as unknown as number[]);
	let text = "";
	for (let i = 0; i < units.length; i += CHUNK) {
		text += String.fromCharCode.apply(null, units.subarray(i, i + CHUNK) as unknown as number[]);
	}
	return text;
}

function encodeBeyondAscii(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length * 3);
	let n = 0;
	for (let i = 0; i < text.length; i++) {
		let point = text.charCodeAt(i);
		if (point >= 0xd800 && point < 0xe000) {
			const low = point < 0xdc00 ? text.charCodeAt(i + 1) : Number.NaN;
			if (low >= 0xdc00 && low < 0xe000) {
				point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
				i++;
			} else {
				point = 0xfffd;
			}
		}
		if (point < 0x80) {
			bytes[n++] = point;
		} else if (point < 0x800) {
			bytes[n++] = 0xc0 | (point >> 6);
			bytes[n++] = 0x80 | (point & 0x3f);
		} else if (point < 0x10000) {
			bytes[n++] = 0xe0 | (point >> 12);
			bytes[n++] = 0x80 | ((point >> 6) & 0x3f);
			bytes[n++] = 0x80 | (point & 0x3f);
		} else {
			bytes[n++] = 0xf0 | (point >> 18);
			bytes[n++] = 0x80 | ((point >> 12) & 0x3f);
			bytes[n++] = 0x80 | ((point >> 6) & 0x3f);
			bytes[n++] = 0x80 | (point & 0x3f);
		}
	}
	return bytes.slice(0, n);
}

function decodeBeyondAscii(bytes: Uint8Array): string {
	const units = new Uint16Array(bytes.length);
	let n = 0;
	for (let i = 0; i < bytes.length; ) {
		const lead = bytes[i++] as number;
		if (lead < 0x80) {
			units[n++] = lead;
			continue;
		}
		const extra =
			lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
		let point = extra === 0 ? -1 : lead & (0x3f >> extra);
		// The first continuation byte also rules out overlong forms, surrogates and what lies beyond U+10FFFF.
		let least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
		let most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
		for (let k = 0; k < extra; k++) {
			const next = bytes[i];
			if (next === undefined || next < least || next > most) {
				point = -1;
				break;
			}
			point = (point << 6) | (next & 0x3f);
			least = 0x80;
			most = 0xbf;
			i++;
		}
		if (point < 0) {
			units[n++] = 0xfffd;
		} else if (point < 0x10000) {
			units[n++] = point;
		} else {
			units[n++] = 0xd800 + ((point - 0x10000) >> 10);
			units[n++] = 0xdc00 + ((point - 0x10000) & 0x3ff);
		}
	}
	return charactersOf(units.subarray(0, n));
}
