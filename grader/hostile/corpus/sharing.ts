import { type Hostile, NOTHING } from "../hostile.ts";

/** Leaves something at `place` in one server, and looks for it in the others and in those that come after a crash. */
function leaves(name: string, where: string, before: string): Hostile {
	return {
		name: `shared-${name}`,
		tries: `leaves a note for the other servers, and for its next life, ${where}`,
		act: { module: "const shared = () => { throw new Error('ESCAPED: servers share'); };", before },
		gets: NOTHING,
	};
}

/** Ways by which servers could know of each other what no message told them. */
export const sharing: readonly Hostile[] = [
	leaves(
		"globals",
		"in globals",
		"if (globalThis.note !== undefined || global.note !== undefined) shared(); globalThis.note = me;",
	),
	leaves(
		"modules",
		"in variables of a module",
		"if ((make.count = (make.count ?? 0) + 1) > 1 || used.note) shared(); used.note = me;",
	),
	leaves(
		"node-modules",
		"in what Node's modules export",
		"const events = require('events'), util = require('util'); if (events.note ?? util.inspect.note ?? Buffer.note ?? console.note ?? process.note ?? process.env?.note) shared(); for (const x of [events, util.inspect, Buffer, console, process, process.env ?? {}]) tried(() => { x.note = me; });",
	),
	leaves(
		"prototypes",
		"in prototypes and what is built in",
		"const all = [Object, Function, Array, Map, Promise, Symbol, String, RegExp, Error, Uint8Array, BigInt, Date].flatMap((C) => [C, C.prototype]).concat([Math, JSON, Reflect, Intl]); if (all.some((x) => x.note !== undefined && x !== Object.prototype) || {}.note !== undefined) shared(); for (const x of all) Object.defineProperty(x, 'note', { value: me, enumerable: false });",
	),
	leaves(
		"symbols",
		"with symbols that all realms have in common",
		"const s = Symbol.for('raft'); if (s.note !== undefined || globalThis[s] !== undefined || Object.prototype[s] !== undefined || new WeakMap().has(s)) shared(); Symbol.prototype.note = 1; globalThis[s] = 1; Object.prototype[s] = 1;",
	),
	leaves(
		"regexes",
		"in the statics of RegExp and in lastIndex",
		"const r = () => /(.+)n/g; if (RegExp.$1 !== '' || RegExp.lastMatch !== '' || RegExp.input !== '' || r().lastIndex !== 0) shared(); /(.+)n/.exec('notenote'); const g = r(); g.exec('notenote');",
	),
	leaves(
		"templates",
		"in template objects, which are made once for each place in the code",
		"const t = ((x) => x)`note`; globalThis.seen ??= new WeakSet(); if (globalThis.seen.has(t) || t.note || t.raw.note) shared(); globalThis.seen.add(t); tried(() => { t.raw.note = 1; });",
	),
	leaves(
		"stack-limits",
		"in Error.stackTraceLimit and prepareStackTrace",
		"if (Error.stackTraceLimit === 77 || typeof Error.prepareStackTrace === 'function') shared(); tried(() => { Error.stackTraceLimit = 77; Error.prepareStackTrace = () => me; });",
	),
	leaves(
		"weak-references",
		"for finalizers to tell of when memory is reclaimed",
		"new FinalizationRegistry(() => shared()).register({}, 1); const weak = new WeakRef([]); for (let i = 0; i < 20; i++) new Array(1e5).fill(i); setTimeout(() => { if (weak.deref() === undefined) shared(); }, 300);",
	),
	leaves(
		"random-numbers",
		"in the sequence of Math.random and crypto, which one process would share",
		"const draw = () => [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(1))[0]].join(); const first = draw(); if (globalThis.first === first) shared(); globalThis.first = first;",
	),
	leaves(
		"timers",
		"in numbers of timers, which one process would count",
		"const id = Number(setTimeout(() => {}, 1)); if (id !== 1) shared();",
	),
	leaves(
		"frozen-arguments",
		"in the very objects that make() is handed",
		"for (const x of [peers, peers[0], peers[0].call, persister, persister.save, applyCh, applyCh.send]) { if (x.note !== undefined) shared(); tried(() => { x.note = me; }); }",
	),
];
