import { type Brand, brandOf, isObject, typedArrayName } from "./brands.ts";
import type { DOMExceptionClass } from "./dom-exception.ts";
import type { NodeEnvironment } from "./environment.ts";
import { missingArgument } from "./errors.ts";

// The error types that keep their name; every other one becomes a plain Error.
const ERROR_NAMES = ["EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];

type Seen = Map<object, object>;

/** The global of that name: a deep copy by the rules of the HTML standard, everything but transfer. */
export function createStructuredClone(env: NodeEnvironment, DOMException: DOMExceptionClass) {
	const refuseClone = (what: string): never => {
		throw new DOMException(`${what} could not be cloned.`, "DataCloneError");
	};

	function clone(value: unknown, seen: Seen): unknown {
		if (typeof value === "symbol") return refuseClone(String(value));
		if (typeof value === "function") return refuseClone(Function.prototype.toString.call(value));
		if (!isObject(value)) return value;
		const known = seen.get(value);
		if (known !== undefined) return known;
		const brand = brandOf(value);
		switch (brand) {
			case "Array":
				return cloneArray(value as unknown[], seen);
			case "Object":
			case "Arguments":
				return cloneProperties(value, remember(seen, value, {}), seen);
			case "Map":
				return cloneMap(value as Map<unknown, unknown>, seen);
			case "Set":
				return cloneSet(value as Set<unknown>, seen);
			case "Error":
				return cloneError(value as Error, seen);
			case "TypedArray":
			case "DataView":
				return cloneView(value as DataView, seen);
			default:
				return remember(seen, value, cloneLeaf(value, brand) ?? refuseClone(nameOf(value, brand)));
		}
	}

	function cloneArray(source: unknown[], seen: Seen): object {
		const copy = remember(seen, source, new Array<unknown>(source.length));
		const keys = Object.keys(source);
		// The usual array, without holes and extras, is much faster by number than by name.
		const dense = keys.length === source.length && keys.at(-1) === String(source.length - 1);
		if (!dense) return cloneProperties(source, copy, seen);
		for (let i = 0; i < keys.length; i++) {
			if (Object.hasOwn(source, i)) copy[i] = clone(source[i], seen);
		}
		return copy;
	}

	function cloneProperties(source: object, copy: object, seen: Seen): object {
		for (const key of Object.keys(source)) {
			// A getter run for an earlier property may have taken this one away.
			if (!Object.hasOwn(source, key)) continue;
			const value = clone((source as Record<string, unknown>)[key], seen);
			// Plain assignment would run into the setter of `__proto__`.
			if (key === "__proto__") {
				Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
			} else (copy as Record<string, unknown>)[key] = value;
		}
		return copy;
	}

	function cloneMap(source: Map<unknown, unknown>, seen: Seen): object {
		const copy = remember(seen, source, new Map<unknown, unknown>());
		for (const [key, value] of [...Map.prototype.entries.call(source)]) copy.set(clone(key, seen), clone(value, seen));
		return copy;
	}

	function cloneSet(source: Set<unknown>, seen: Seen): object {
		const copy = remember(seen, source, new Set<unknown>());
		for (const value of [...Set.prototype.values.call(source)]) copy.add(clone(value, seen));
		return copy;
	}

	function cloneError(source: Error, seen: Seen): object {
		const Kind = ERROR_NAMES.includes(source.name) ? (globalThis as Record<string, unknown>)[source.name] : Error;
		// Made without its constructor, which would look for a stack of its own.
		const copy: Error = Reflect.construct(Error, [], Kind as typeof Error);
		remember(seen, source, copy);
		const put = (key: string, value: unknown) =>
			Object.defineProperty(copy, key, { value, writable: true, configurable: true });
		put("stack", typeof source.stack === "string" ? source.stack : undefined);
		if (dataOf(source, "message") !== undefined) put("message", String(dataOf(source, "message")));
		if (Object.hasOwn(source, "cause")) put("cause", clone(source.cause, seen));
		return copy;
	}

	function cloneView(source: DataView, seen: Seen): object {
		const buffer = clone(source.buffer, seen);
		const name = typedArrayName(source) ?? "DataView";
		const View = (globalThis as unknown as Record<string, unknown>)[name] as Uint8ArrayConstructor;
		const length = name === "DataView" ? source.byteLength : (source as unknown as Uint8Array).length;
		return remember(seen, source, new View(buffer as ArrayBuffer, source.byteOffset, length));
	}

	return function structuredClone(...given: [value?: unknown, options?: { transfer?: readonly unknown[] }]): unknown {
		const [value, options] = given;
		if (given.length === 0) throw missingArgument("value");
		const { transfer = [] } = options ?? {};
		if (transfer.length > 0) return env.refuse("structuredClone() with transfer");
		return clone(value, new Map());
	};
}

function remember<T extends object>(seen: Seen, source: object, copy: T): T {
	seen.set(source, copy);
	return copy;
}

// What has no parts to be cloned in turn; undefined for what cannot be cloned at all.
function cloneLeaf(value: object, brand: Brand): object | undefined {
	switch (brand) {
		case "Boolean":
			return Object(Boolean.prototype.valueOf.call(value));
		case "Number":
			return Object(Number.prototype.valueOf.call(value));
		case "String":
			return Object(String.prototype.valueOf.call(value));
		case "BigInt":
			return Object(BigInt.prototype.valueOf.call(value));
		case "Date":
			return new Date(Date.prototype.getTime.call(value));
		case "RegExp":
			return new RegExp((value as RegExp).source, (value as RegExp).flags);
		case "ArrayBuffer":
			return ArrayBuffer.prototype.slice.call(value, 0);
		default:
			return undefined;
	}
}

function dataOf(source: object, key: string): unknown {
	return Object.getOwnPropertyDescriptor(source, key)?.value;
}

function nameOf(value: object, brand: Brand): string {
	return brand === "Symbol" || brand === "Generator"
		? `[object ${brand}]`
		: `#<${value.constructor?.name ?? "Object"}>`;
}
