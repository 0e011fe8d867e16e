import { type Hostile, NOTHING } from "../hostile.ts";

function tampering(name: string, what: string, module: string, gets = NOTHING): Hostile {
	return {
		name,
		tries: `replaces ${what} in its realm, on which the machine's runtime might rely`,
		act: { module },
		gets,
	};
}

/** What is built in, changed. */
export const prototypes: readonly Hostile[] = [
	{
		name: "index-setters",
		tries:
			"puts setters for indices on Object.prototype and Array.prototype, to catch what the runtime writes into its outbox",
		act: {
			onCommand: `
				for (const prototype of [Object.prototype, Array.prototype]) for (let i = 0; i < 64; i++)
					Object.defineProperty(prototype, i, { get() { return undefined; }, set(value) { found("outbox", this); if (typeof value === "number" && this.length > 2000) this.length = 0; Object.defineProperty(this, i, { value, writable: true, configurable: true, enumerable: true }); }, configurable: true });
			`,
		},
		gets: NOTHING,
	},
	tampering(
		"promise-then",
		"Promise.prototype.then",
		"const then = Promise.prototype.then; Promise.prototype.then = function (...args) { found('then', this); for (const arg of args) found('then', arg); return then.apply(this, args); };",
	),
	tampering(
		"map-methods",
		"the methods of Map and Set",
		"for (const C of [Map, Set]) for (const key of ['get', 'set', 'delete', 'has', 'add']) { const f = C.prototype[key]; if (f) C.prototype[key] = function (...args) { found('map', this); for (const arg of args) found('map', arg); return f.apply(this, args); }; }",
	),
	tampering(
		"bytes-set",
		"Uint8Array.prototype.set and slice",
		"const { set, slice } = Uint8Array.prototype; Uint8Array.prototype.set = function (...args) { found('set', this); for (const arg of args) found('set', arg); return set.apply(this, args); }; Uint8Array.prototype.slice = function (...args) { found('slice', this); return slice.apply(this, args); };",
	),
	tampering(
		"has-instance",
		"what instanceof says of Uint8Array, Promise, Error and Map",
		"for (const C of [Promise, Error, Map]) Object.defineProperty(C, Symbol.hasInstance, { value: (x) => { found('instance', x); return x?.constructor === C; } });",
	),
	tampering(
		"constructors-gone",
		"Uint8Array, ArrayBuffer, Map, Promise and JSON by functions that give rubbish",
		"for (const name of ['Uint8Array', 'ArrayBuffer', 'DataView', 'Map', 'Promise', 'JSON', 'Number', 'Object', 'Array', 'String']) globalThis[name] = function () { return {}; };",
	),
	tampering(
		"function-call",
		"Function.prototype.call, apply and bind",
		"const { call, apply } = Function.prototype; Reflect.defineProperty(Function.prototype, 'apply', { value: function (self, args) { found('apply', this); found('apply', self); return Reflect.apply(this, self, args ?? []); }, configurable: true });",
	),
	tampering(
		"define-property",
		"Object.defineProperty, freeze and setPrototypeOf",
		"for (const key of ['defineProperty', 'freeze', 'setPrototypeOf', 'getOwnPropertyDescriptor']) { const f = Object[key]; Object[key] = (...args) => { for (const arg of args) found(key, arg); return f(...args); }; }",
	),
	tampering(
		"polluted-descriptors",
		"what an object inherits: get, set, value, then, toJSON, kind, $",
		"for (const key of ['then', 'toJSON', 'kind', '$', 'failure', 'contained', 'status']) Object.defineProperty(Object.prototype, key, { get() { found(key, this); return undefined; }, set(v) { Object.defineProperty(this, key, { value: v, writable: true, configurable: true, enumerable: true }); }, configurable: true });",
	),
];
