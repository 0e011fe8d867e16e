/** An error as Node throws it: with a `code` that programs test for. */
export function nodeError<E extends Error>(Base: new (message: string) => E, code: string, message: string): E {
	return Object.assign(new Base(message), { code });
}

/** How Node names a value in "Received …". Short, and never runs the student's code. */
export function describe(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (typeof value === "function") return value.name === "" ? "function" : `function ${value.name}`;
	if (typeof value === "object") {
		const maker = (value as { constructor?: unknown }).constructor;
		return typeof maker === "function" && maker.name !== "" ? `an instance of ${maker.name}` : "an object";
	}
	const text = typeof value === "string" ? `'${value}'` : typeof value === "bigint" ? `${value}n` : String(value);
	return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** `ERR_INVALID_ARG_TYPE`, in Node's words. */
export function invalidArgument(name: string, expected: string, actual: unknown): TypeError {
	const message = `The "${name}" argument must be ${expected}. Received ${describe(actual)}`;
	return nodeError(TypeError, "ERR_INVALID_ARG_TYPE", message);
}

/** Throws Node's complaint unless `value` can be called. */
export function requireFunction(name: string, value: unknown): void {
	if (typeof value !== "function") throw invalidArgument(name, "of type function", value);
}

/** `ERR_MISSING_ARGS`, in Node's words. */
export function missingArgument(name: string): TypeError {
	return nodeError(TypeError, "ERR_MISSING_ARGS", `The "${name}" argument must be specified`);
}

/** `ERR_OUT_OF_RANGE`, in Node's words. */
export function outOfRange(name: string, expected: string, actual: unknown): RangeError {
	const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${String(actual)}`;
	return nodeError(RangeError, "ERR_OUT_OF_RANGE", message);
}

/** What Node's promise-returning functions reject with when their signal is aborted. */
export function abortError(reason: unknown): Error {
	const error = nodeError(Error, "ABORT_ERR", "The operation was aborted");
	error.name = "AbortError";
	if (reason !== undefined)
		Object.defineProperty(error, "cause", { value: reason, writable: true, configurable: true });
	return error;
}
