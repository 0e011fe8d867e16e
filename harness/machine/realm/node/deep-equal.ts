import { type Brand, brandOf, isObject, typedArrayName } from "./brands.ts";

/** The pairs that are being compared already: to meet one again inside itself is to agree so far. */
type Pairs = Map<object, object>;

/** The equality of `assert.deepStrictEqual` (and `util.isDeepStrictEqual`), or of `assert.deepEqual` if not strict. */
export function isDeepEqual(a: unknown, b: unknown, strict: boolean, pairs: Pairs = new Map()): boolean {
	if (Object.is(a, b)) return true;
	if (!comparesInside(a) || !comparesInside(b)) {
		if (strict || comparesInside(a) || comparesInside(b)) return false;
		// biome-ignore lint/suspicious/noDoubleEquals: loose equality is what is asked for
		return a == b;
	}
	if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
	const brand = brandOf(a);
	if (brand !== brandOf(b) || tagOf(a) !== tagOf(b) || !sameContent(a, b, brand, strict)) return false;
	const listed = brand === "Array" || brand === "TypedArray";
	const keys = keysOf(a, strict, listed);
	const others = keysOf(b, strict, listed);
	if (keys.length !== others.length || !keys.every((key) => isEnumerable(b, key))) return false;

	const partner = pairs.get(a);
	if (partner !== undefined) return partner === b;
	pairs.set(a, b);
	const equal =
		sameMembers(a, b, brand, strict, pairs) &&
		keys.every((key) => isDeepEqual(Reflect.get(a, key), Reflect.get(b, key), strict, pairs));
	pairs.delete(a);
	return equal;
}

// Functions are compared by identity.
function comparesInside(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}

function tagOf(value: object): string {
	return Object.prototype.toString.call(value);
}

function isEnumerable(value: object, key: PropertyKey): boolean {
	return Object.prototype.propertyIsEnumerable.call(value, key);
}

function keysOf(value: object, strict: boolean, listed: boolean): PropertyKey[] {
	const names = Object.keys(value);
	const keys = listed ? names.filter((name) => !/^(0|[1-9]\d*)$/.test(name)) : names;
	if (!strict) return keys;
	return [...keys, ...Object.getOwnPropertySymbols(value).filter((symbol) => isEnumerable(value, symbol))];
}

// What the two are, apart from anything that must be compared in turn.
function sameContent(a: object, b: object, brand: Brand, strict: boolean): boolean {
	switch (brand) {
		case "Date":
			return Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b));
		case "RegExp":
			return String(a) === String(b) && (a as RegExp).lastIndex === (b as RegExp).lastIndex;
		case "Error":
			return (a as Error).message === (b as Error).message && (a as Error).name === (b as Error).name;
		case "Number":
		case "String":
		case "Boolean":
		case "BigInt":
		case "Symbol":
			return Object.is(a.valueOf(), b.valueOf());
		case "Array":
			return (a as unknown[]).length === (b as unknown[]).length;
		case "Map":
		case "Set":
			return (a as Set<unknown>).size === (b as Set<unknown>).size;
		case "TypedArray":
			return sameElements(a as Uint8Array, b as Uint8Array, strict);
		case "ArrayBuffer":
			return sameElements(new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer), true);
		case "DataView":
			return sameElements(bytesOf(a as DataView), bytesOf(b as DataView), true);
		// There is no looking into these, and they are not the same object.
		case "Promise":
		case "WeakMap":
		case "WeakSet":
		case "WeakRef":
			return false;
		default:
			return true;
	}
}

function bytesOf(view: DataView): Uint8Array {
	return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function sameElements(a: Uint8Array, b: Uint8Array, strict: boolean): boolean {
	if (a.length !== b.length || typedArrayName(a) !== typedArrayName(b)) return false;
	// 0 and -0 differ in their bytes only.
	return a.every((element, i) => Object.is(element, b[i]) || (!strict && element === b[i]));
}

function sameMembers(a: object, b: object, brand: Brand, strict: boolean, pairs: Pairs): boolean {
	const equal = (x: unknown, y: unknown) => isDeepEqual(x, y, strict, pairs);
	if (brand === "Array") return sameArray(a as unknown[], b as unknown[], equal);
	if (brand === "Set") return sameSet(a as Set<unknown>, b as Set<unknown>, strict, equal);
	if (brand === "Map") return sameMap(a as Map<unknown, unknown>, b as Map<unknown, unknown>, strict, equal);
	if (brand !== "Error") return true;
	return ["cause", "errors"].every(
		(key) => Object.hasOwn(a, key) === Object.hasOwn(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key)),
	);
}

type Equal = (x: unknown, y: unknown) => boolean;

function sameArray(a: readonly unknown[], b: readonly unknown[], equal: Equal): boolean {
	for (let i = 0; i < a.length; i++) {
		if (Object.hasOwn(a, i) !== Object.hasOwn(b, i) || !equal(a[i], b[i])) return false;
	}
	return true;
}

// Members that are objects, or loosely equal, must each find a partner of their own on the other side.
function sameSet(a: Set<unknown>, b: Set<unknown>, strict: boolean, equal: Equal): boolean {
	const free = [...b].filter((member) => isObject(member) || !a.has(member));
	for (const member of a) {
		if (!isObject(member) && b.has(member)) continue;
		if (strict && !isObject(member)) return false;
		const partner = free.findIndex((other) => equal(member, other));
		if (partner === -1) return false;
		free.splice(partner, 1);
	}
	return true;
}

function sameMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>, strict: boolean, equal: Equal): boolean {
	const free = new Map([...b].filter(([key]) => isObject(key) || !a.has(key)));
	for (const [key, value] of a) {
		if (!isObject(key) && b.has(key)) {
			if (!equal(value, b.get(key))) return false;
			continue;
		}
		if (strict && !isObject(key)) return false;
		const partner = [...free].find(([otherKey, other]) => equal(key, otherKey) && equal(value, other));
		if (partner === undefined) return false;
		free.delete(partner[0]);
	}
	return true;
}
