import type { BufferModule } from "./buffer.ts";
import { nodeError } from "./errors.ts";
import { bytesOf, type createTextEncoding } from "./text-encoding.ts";

/** `node:string_decoder`: text out of pieces that may end within a character. */
export function createStringDecoder({ Buffer }: BufferModule, text: ReturnType<typeof createTextEncoding>) {
	class StringDecoder {
		readonly encoding: string;
		readonly #decoder: InstanceType<(typeof text)["TextDecoder"]> | undefined;
		/** Bytes that don't make a whole group of base64 yet. */
		#pending: Uint8Array = new Uint8Array(0);

		constructor(encoding = "utf8") {
			if (!Buffer.isEncoding(encoding)) {
				throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
			}
			this.encoding = encoding
				.toLowerCase()
				.replace(/^utf-/, "utf")
				.replace(/^ucs-?2$/, "utf16le")
				.replace("binary", "latin1");
			const label = { utf8: "utf-8", utf16le: "utf-16le" }[this.encoding];
			this.#decoder = label === undefined ? undefined : new text.TextDecoder(label, { ignoreBOM: true });
		}

		write(chunk: unknown): string {
			if (typeof chunk === "string") return chunk;
			const bytes = bytesOf(chunk, "buf");
			if (this.#decoder !== undefined) return this.#decoder.decode(bytes, { stream: true });
			if (!this.encoding.startsWith("base64")) return Buffer.from(bytes).toString(this.encoding);
			const joined = new Uint8Array([...this.#pending, ...bytes]);
			const whole = joined.length - (joined.length % 3);
			this.#pending = joined.slice(whole);
			return Buffer.from(joined.subarray(0, whole)).toString(this.encoding);
		}

		end(chunk?: unknown): string {
			const head = chunk === undefined ? "" : this.write(chunk);
			if (this.#decoder !== undefined) return head + this.#decoder.decode();
			const rest = Buffer.from(this.#pending).toString(this.encoding);
			this.#pending = new Uint8Array(0);
			return head + rest;
		}
	}
	return { StringDecoder };
}
