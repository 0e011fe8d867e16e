import { lazy } from "../lazy.ts";

/** The kinds of object that code which walks any value must tell apart. */
export type Brand =
	| "Arguments"
	| "Array"
	| "ArrayBuffer"
	| "BigInt"
	| "Boolean"
	| "DataView"
	| "Date"
	| "Error"
	| "Function"
	| "Generator"
	| "Map"
	| "Map Iterator"
	| "Number"
	| "Object"
	| "Promise"
	| "RegExp"
	| "Set"
	| "Set Iterator"
	| "String"
	| "Symbol"
	| "TypedArray"
	| "WeakMap"
	| "WeakRef"
	| "WeakSet";

type Probe = readonly [Base: unknown, brand: Brand, probe: (value: never) => unknown];

// Each probe throws unless its receiver really is what its prototype claims: `Object.create(Map.prototype)` is no Map.
// A promise has no harmless probe, and for an error Node believes the prototype too.
const probes = lazy((): readonly Probe[] => [
	[Map, "Map", (value) => Map.prototype.has.call(value, 0)],
	[Set, "Set", (value) => Set.prototype.has.call(value, 0)],
	[Date, "Date", (value) => Date.prototype.getTime.call(value)],
	[RegExp, "RegExp", (value) => Reflect.get(RegExp.prototype, "source", value)],
	[Error, "Error", () => true],
	[Promise, "Promise", () => true],
	[ArrayBuffer, "ArrayBuffer", (value) => ArrayBuffer.prototype.slice.call(value, 0, 0)],
	[WeakMap, "WeakMap", (value) => WeakMap.prototype.has.call(value, {})],
	[WeakSet, "WeakSet", (value) => WeakSet.prototype.has.call(value, {})],
	[WeakRef, "WeakRef", (value) => WeakRef.prototype.deref.call(value)],
	[Number, "Number", (value) => Number.prototype.valueOf.call(value)],
	[String, "String", (value) => String.prototype.valueOf.call(value)],
	[Boolean, "Boolean", (value) => Boolean.prototype.valueOf.call(value)],
	[BigInt, "BigInt", (value) => BigInt.prototype.valueOf.call(value)],
	[Symbol, "Symbol", (value) => Symbol.prototype.valueOf.call(value)],
]);

function holds(probe: (value: never) => unknown, value: object): boolean {
	try {
		probe(value as never);
		return true;
	} catch {
		return false;
	}
}

// Few objects get as far as this, and none of these can be told from an imitation without disturbing it.
function brandByTag(value: object): Brand {
	switch (Object.prototype.toString.call(value)) {
		case "[object Arguments]":
			return "Arguments";
		// One that lost its prototype.
		case "[object Error]":
			return "Error";
		case "[object Map Iterator]":
			return "Map Iterator";
		case "[object Set Iterator]":
			return "Set Iterator";
		case "[object Generator]":
		case "[object AsyncGenerator]":
			return "Generator";
		default:
			return "Object";
	}
}

/** What `value` really is, whatever its `Symbol.toStringTag` says. An object that is nothing special is an `Object`. */
export function brandOf(value: object): Brand {
	if (typeof value === "function") return "Function";
	if (Array.isArray(value)) return "Array";
	if (ArrayBuffer.isView(value)) return typedArrayName(value) === undefined ? "DataView" : "TypedArray";
	if (Object.getPrototypeOf(value) !== Object.prototype) {
		for (const [Base, brand, probe] of probes()) {
			if (value instanceof (Base as new () => object) && holds(probe, value)) return brand;
		}
	}
	return brandByTag(value);
}

/** "Uint8Array" and so on for a typed array of any subclass, undefined for anything else. */
export function typedArrayName(value: unknown): string | undefined {
	return Reflect.get(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag, value);
}

/** Whether `value` has the brand; false for a primitive. */
export function hasBrand(value: unknown, brand: Brand): boolean {
	return isObject(value) && brandOf(value) === brand;
}

/** Whether `value` is an object or a function. */
export function isObject(value: unknown): value is object {
	return (typeof value === "object" && value !== null) || typeof value === "function";
}
