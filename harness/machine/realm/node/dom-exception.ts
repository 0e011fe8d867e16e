// The names that have a code, from the time before errors were told apart by name; all later ones have code 0.
const CODES: Readonly<Record<string, readonly [constant: string, code: number]>> = {
	IndexSizeError: ["INDEX_SIZE_ERR", 1],
	InvalidCharacterError: ["INVALID_CHARACTER_ERR", 5],
	NotFoundError: ["NOT_FOUND_ERR", 8],
	NotSupportedError: ["NOT_SUPPORTED_ERR", 9],
	InvalidStateError: ["INVALID_STATE_ERR", 11],
	SyntaxError: ["SYNTAX_ERR", 12],
	InvalidAccessError: ["INVALID_ACCESS_ERR", 15],
	AbortError: ["ABORT_ERR", 20],
	QuotaExceededError: ["QUOTA_EXCEEDED_ERR", 22],
	TimeoutError: ["TIMEOUT_ERR", 23],
	DataCloneError: ["DATA_CLONE_ERR", 25],
};

/** The class of what web APIs throw. */
export function createDOMException() {
	class DOMException extends Error {
		readonly #name: string;

		constructor(message: unknown = "", options: unknown = "Error") {
			const detailed = typeof options === "object" && options !== null;
			const { name = "Error", ...rest } = (detailed ? options : { name: options }) as { name?: unknown };
			super(String(message), rest);
			this.#name = String(name);
			// V8 wrote the stack's first line before there was a name.
			const heading = this.message === "" ? this.#name : `${this.#name}: ${this.message}`;
			const frames = this.stack?.match(/(?<=\n) {4}at .*/g) ?? [];
			const stack = [heading, ...frames].join("\n");
			Object.defineProperty(this, "stack", { value: stack, writable: true, configurable: true });
		}

		override get name() {
			return this.#name;
		}

		get code() {
			return Object.hasOwn(CODES, this.#name) ? (CODES[this.#name]?.[1] ?? 0) : 0;
		}
	}

	Object.defineProperty(DOMException.prototype, Symbol.toStringTag, { value: "DOMException", configurable: true });
	for (const [constant, value] of Object.values(CODES)) {
		Object.defineProperty(DOMException, constant, { value, enumerable: true });
		Object.defineProperty(DOMException.prototype, constant, { value, enumerable: true });
	}
	return DOMException;
}

/** The class that {@link createDOMException} makes. */
export type DOMExceptionClass = ReturnType<typeof createDOMException>;
