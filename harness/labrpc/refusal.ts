/**
 * What cannot go over the wire, and how to say so.
 */

/** How deep a value may be nested. */
export const MAX_DEPTH = 500;

/** A value that cannot go over the wire. `path` leads to the offending part, from the name that the caller gave the value. */
export class WireError extends TypeError {
	override name = "WireError";
	readonly path: string;
	readonly reason: string;

	constructor(path: string, reason: string) {
		super(`${path}: ${reason}`);
		this.path = path;
		this.reason = reason;
	}
}

/**
 * Finds the part of a refused value that is to blame. Slow and thorough: it runs once, for the message.
 *
 * @param name - what the caller calls the value; the path begins with it.
 */
export function explainRefusal(root: unknown, name: string): WireError {
	const ancestors: object[] = [];

	function visit(value: unknown, path: string): WireError | undefined {
		if (typeof value === "function") return new WireError(path, "a function cannot be sent over the network");
		if (typeof value === "symbol") return new WireError(path, "a symbol cannot be sent over the network");
		if (typeof value !== "object" || value === null) return undefined;
		if (ancestors.includes(value)) return new WireError(path, "a cycle: the value contains itself");
		if (ancestors.length >= MAX_DEPTH) return new WireError(name, `nested deeper than ${MAX_DEPTH} levels`);
		ancestors.push(value);
		const found = visitParts(value, path);
		ancestors.pop();
		return found;
	}

	function visitParts(value: object, path: string): WireError | undefined {
		if (value instanceof Uint8Array) return undefined;
		switch (Object.getPrototypeOf(value)) {
			case Array.prototype:
				// Not map(): it leaves out holes, and its result has them.
				return firstOf(Array.from(value as unknown[], (item, i) => [item, `${path}[${i}]`] as const));
			case Map.prototype:
				return firstOf(partsOfMap(value as Map<unknown, unknown>, path));
			case Set.prototype:
				return firstOf(Array.from(value as Set<unknown>, (item, i) => [item, `${path}.item(${i})`] as const));
			case Date.prototype:
				return undefined;
			case Object.prototype:
			case null:
				return visitRecord(value, path);
			default:
				return new WireError(path, `${describeInstance(value)} cannot be sent over the network: send a plain object`);
		}
	}

	function visitRecord(value: object, path: string): WireError | undefined {
		const symbol = Object.getOwnPropertySymbols(value)[0];
		if (symbol !== undefined) {
			return new WireError(`${path}[${String(symbol)}]`, "a symbol key cannot be sent over the network");
		}
		return firstOf(Object.entries(value).map(([key, item]) => [item, `${path}${propertyPath(key)}`] as const));
	}

	function firstOf(parts: readonly (readonly [unknown, string])[]): WireError | undefined {
		for (const [item, path] of parts) {
			const found = visit(item, path);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	const found = visit(root, name);
	// Made anew here: the frames of the search would leave none of the caller's in its stack trace.
	return new WireError(found?.path ?? name, found?.reason ?? "cannot be sent over the network");
}

function partsOfMap(map: ReadonlyMap<unknown, unknown>, path: string): (readonly [unknown, string])[] {
	return Array.from(map, ([key, item], i) => [
		[key, `${path}.key(${i})`] as const,
		[item, `${path}.get(${describeKey(key)})`] as const,
	]).flat();
}

function describeInstance(value: object): string {
	if (value instanceof Promise) return "a promise (is an await missing?)";
	const maker: unknown = (value as { constructor?: unknown }).constructor;
	const className = typeof maker === "function" ? maker.name : "";
	return className === "" ? "a class instance" : `an instance of class ${className}`;
}

function describeKey(key: unknown): string {
	return typeof key === "string" ? JSON.stringify(key) : typeof key === "object" ? "…" : String(key);
}

function propertyPath(key: string): string {
	return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
