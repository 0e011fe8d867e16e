import type { BufferModule } from "./buffer.ts";
import type { DOMExceptionClass } from "./dom-exception.ts";
import { type AnyFunction, type NodeEnvironment, refusal } from "./environment.ts";
import { invalidArgument, outOfRange, requireFunction } from "./errors.ts";
import { bytesOf } from "./text-encoding.ts";

// What a program may look for and won't find. Ciphers and hashes have no place in the lab, and each would be a library.
const REFUSED = [
	"createCipheriv",
	"createDecipheriv",
	"createDiffieHellman",
	"createECDH",
	"createHash",
	"createHmac",
	"createPrivateKey",
	"createPublicKey",
	"createSecretKey",
	"createSign",
	"createVerify",
	"generateKey",
	"generateKeyPair",
	"generateKeyPairSync",
	"generateKeySync",
	"getCiphers",
	"getHashes",
	"hash",
	"hkdf",
	"hkdfSync",
	"pbkdf2",
	"pbkdf2Sync",
	"privateDecrypt",
	"publicEncrypt",
	"scrypt",
	"scryptSync",
	"sign",
	"timingSafeEqual",
	"verify",
];

/** The global `crypto`: chance from this machine's own stream. */
export function createWebCrypto(env: NodeEnvironment, DOMException: DOMExceptionClass) {
	function getRandomValues<T>(view: T): T {
		if (
			!ArrayBuffer.isView(view) ||
			view instanceof Float32Array ||
			view instanceof Float64Array ||
			view instanceof DataView
		) {
			throw new DOMException("The data argument must be an integer-type TypedArray", "TypeMismatchError");
		}
		if (view.byteLength > 65_536) {
			const message = `The requested length of ${view.byteLength} exceeds 65536 bytes`;
			throw new DOMException(message, "QuotaExceededError");
		}
		fillRandomly(env, bytesOf(view));
		return view;
	}
	const webcrypto = { getRandomValues, randomUUID: () => randomUUID(env) };
	return Object.defineProperty(webcrypto, "subtle", { get: refusal(env, "crypto.subtle"), configurable: true });
}

/** `node:crypto`: its random half. */
export function createCrypto(
	env: NodeEnvironment,
	{ Buffer }: BufferModule,
	webcrypto: ReturnType<typeof createWebCrypto>,
) {
	// Node calls back later even though it could have answered at once.
	function answer<T>(value: T, callback: unknown): T | undefined {
		if (callback === undefined) return value;
		requireFunction("callback", callback);
		env.setImmediate(() => (callback as AnyFunction)(null, value));
		return undefined;
	}

	function randomBytes(size: number, callback?: unknown) {
		return answer(fillRandomly(env, Buffer.alloc(size)), callback);
	}

	function randomInt(...args: [min: number, max?: unknown, callback?: unknown]) {
		const ranged = typeof args[1] === "number";
		const min = ranged ? args[0] : 0;
		const max = (ranged ? args[1] : args[0]) as number;
		if (!Number.isSafeInteger(min)) throw invalidArgument("min", "a safe integer", min);
		if (!Number.isSafeInteger(max)) throw invalidArgument("max", "a safe integer", max);
		if (max <= min) throw outOfRange("max", `greater than the value of "min" (${min})`, max);
		if (max - min > 2 ** 48 - 1) throw outOfRange("max - min", "<= 281474976710655", max - min);
		return answer(min + Math.floor(env.random() * (max - min)), ranged ? args[2] : args[1]);
	}

	function randomFillSync<T>(buffer: T, offset = 0, size?: number): T {
		const bytes = bytesOf(buffer, "buf");
		fillRandomly(env, bytes.subarray(offset, size === undefined ? undefined : offset + size));
		return buffer;
	}

	function randomFill(buffer: unknown, ...rest: unknown[]): void {
		const callback = rest.pop();
		requireFunction("callback", callback);
		const [offset, size] = rest as number[];
		answer(randomFillSync(buffer, offset, size), callback);
	}

	const { getRandomValues } = webcrypto;
	const refused = Object.fromEntries(REFUSED.map((name) => [name, refusal(env, `crypto.${name}()`)]));
	return {
		...refused,
		randomBytes,
		randomInt,
		randomFill,
		randomFillSync,
		getRandomValues,
		randomUUID: webcrypto.randomUUID,
		webcrypto,
	};
}

function fillRandomly<T extends Uint8Array>(env: NodeEnvironment, bytes: T): T {
	// Four bytes to a draw: fewer bits than any generator of numbers in [0, 1) has.
	for (let i = 0; i < bytes.length; i += 4) {
		const bits = Math.floor(env.random() * 2 ** 32);
		for (let j = i; j < Math.min(i + 4, bytes.length); j++) bytes[j] = (bits >>> (8 * (j - i))) & 0xff;
	}
	return bytes;
}

function randomUUID(env: NodeEnvironment): string {
	const bytes = fillRandomly(env, new Uint8Array(16));
	// Version 4, variant 1.
	bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
