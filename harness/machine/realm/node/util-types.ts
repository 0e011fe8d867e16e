import { type Brand, hasBrand, isObject, typedArrayName } from "./brands.ts";

const BRANDED: readonly Brand[] = [
	"ArrayBuffer",
	"DataView",
	"Date",
	"Map",
	"Map Iterator",
	"Promise",
	"RegExp",
	"Set",
	"Set Iterator",
	"WeakMap",
	"WeakSet",
];

const TYPED_ARRAYS = [
	"BigInt64Array",
	"BigUint64Array",
	"Float32Array",
	"Float64Array",
	"Int16Array",
	"Int32Array",
	"Int8Array",
	"Uint16Array",
	"Uint32Array",
	"Uint8Array",
	"Uint8ClampedArray",
];

const BOXED: readonly Brand[] = ["BigInt", "Boolean", "Number", "String", "Symbol"];

type Predicate = (value: unknown) => boolean;

/** `util.types`. Of a proxy only the engine could tell that it is one, so `isProxy` is always false. */
export function createTypes(): Record<string, Predicate> {
	const isAny =
		(brands: readonly Brand[]): Predicate =>
		(value) =>
			brands.some((brand) => hasBrand(value, brand));
	const isTagged =
		(pattern: RegExp): Predicate =>
		(value) =>
			isObject(value) && pattern.test(Object.prototype.toString.call(value));
	const isFunction =
		(pattern: RegExp): Predicate =>
		(value) =>
			typeof value === "function" && isTagged(pattern)(value);
	const never = () => false;

	const types: Record<string, Predicate> = {
		isAnyArrayBuffer: isAny(["ArrayBuffer"]),
		isArgumentsObject: isAny(["Arguments"]),
		isArrayBufferView: (value) => ArrayBuffer.isView(value),
		isAsyncFunction: isFunction(/^\[object Async(Generator)?Function\]$/),
		isBoxedPrimitive: isAny(BOXED),
		isGeneratorFunction: isFunction(/^\[object (Async)?GeneratorFunction\]$/),
		isGeneratorObject: isAny(["Generator"]),
		isModuleNamespaceObject: isTagged(/^\[object Module\]$/),
		isNativeError: isAny(["Error"]),
		isTypedArray: (value) => typedArrayName(value) !== undefined,
		isCryptoKey: never,
		isExternal: never,
		isKeyObject: never,
		isProxy: never,
		// A machine shares no memory.
		isSharedArrayBuffer: never,
	};
	for (const brand of BRANDED) types[`is${brand.replace(" ", "")}`] = isAny([brand]);
	for (const brand of BOXED) types[`is${brand}Object`] = isAny([brand]);
	for (const name of TYPED_ARRAYS) types[`is${name}`] = (value) => typedArrayName(value) === name;
	return types;
}
