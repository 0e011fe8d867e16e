import fc from "fast-check";

/** Any text, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
	fc.string(),
	fc.string({ unit: "binary" }),
	fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
	fc.constantFrom("", "$", "~", "~null", "\ud800", "\udc00x", "é", "😀", "\u2028", '"\\', "\0"),
);

const anyKey: fc.Arbitrary<string> = fc.oneof(
	anyText,
	fc.constantFrom(
		"$",
		"v",
		"__proto__",
		"constructor",
		"toString",
		"hasOwnProperty",
		"toJSON",
		"length",
		"0",
		"-1",
		"",
	),
);

const anyNumber: fc.Arbitrary<number> = fc.oneof(
	fc.integer(),
	fc.double(),
	fc.maxSafeInteger(),
	fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 127, 128, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53),
);

/** Any value that can go over the wire. */
export const anyWireValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => {
	const value = tie("value");
	const options = { maxLength: 5, depthIdentifier: "wire" } as const;
	return {
		value: fc.oneof(
			{ depthIdentifier: "wire", depthSize: "small", withCrossShrink: true },
			fc.constantFrom(null, undefined, true, false),
			anyNumber,
			anyText,
			fc.bigInt(),
			fc.uint8Array({ maxLength: 12 }),
			fc.string().map((text) => new TextEncoder().encode(text)),
			fc.date({ noInvalidDate: false }),
			fc.array(value, options),
			fc.sparseArray(value, { maxLength: 6, maxNumElements: 3, depthIdentifier: "wire" }),
			fc.array(fc.tuple(anyKey, value), options).map(toObject),
			fc.array(fc.tuple(value, value), options).map((entries) => new Map(entries)),
			fc.array(value, options).map((items) => new Set(items)),
			// Like the entries of a log: the same keys again and again.
			fc.array(fc.record({ term: fc.nat(9), command: value }, { noNullPrototype: true }), options),
		),
	};
}).value;

/** Sets every key as an own property, `__proto__` too. */
function toObject(entries: readonly (readonly [string, unknown])[]): object {
	return Object.fromEntries(entries);
}

/** Where two wire values differ, or undefined if they do not: in type, in order, in a zero's sign, in a hole. */
export function difference(one: unknown, other: unknown, path = "value"): string | undefined {
	if (Object.is(one, other)) return undefined;
	if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return path;
	if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return `${path} (its type)`;
	if (one instanceof Date && other instanceof Date) return difference(one.getTime(), other.getTime(), `${path} (date)`);
	if (one instanceof Map && other instanceof Map) return difference([...one], [...other], `${path} (map)`);
	if (one instanceof Set && other instanceof Set) return difference([...one], [...other], `${path} (set)`);
	const [keys, otherKeys] = [Reflect.ownKeys(one), Reflect.ownKeys(other)];
	if (keys.length !== otherKeys.length || keys.some((key, i) => key !== otherKeys[i])) return `${path} (its keys)`;
	for (const key of keys) {
		const found = difference(valueAt(one, key), valueAt(other, key), `${path}.${String(key)}`);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** All objects and buffers that a wire value consists of. */
export function partsOf(value: unknown, parts = new Set<object>()): Set<object> {
	if (typeof value !== "object" || value === null || parts.has(value)) return parts;
	parts.add(value);
	if (value instanceof Uint8Array) parts.add(value.buffer);
	else if (value instanceof Map || value instanceof Set) for (const part of value) partsOf(part, parts);
	else for (const key of Reflect.ownKeys(value)) partsOf(valueAt(value, key), parts);
	return parts;
}

/** An own property, even if it is named `__proto__`. */
function valueAt(object: object, key: PropertyKey): unknown {
	return Object.getOwnPropertyDescriptor(object, key)?.value;
}
