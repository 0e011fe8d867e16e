import { fails, failsAll, type Hostile, NOTHING, unusable } from "../hostile.ts";

/** Ways out of the machine, to Node and the process. */
export const escapes: readonly Hostile[] = [
	{
		name: "constructors",
		tries: "looks for Node's Function behind the constructor of everything that it is handed",
		act: {
			before: `
				const call = peers[me].call("Nothing", {});
				const timer = setTimeout(() => {}, 1);
				const all = { peers, end: peers[0], call: peers[0].call, persister, bytes: persister.readRaftState(), applyCh, send: applyCh.send,
					timer, exit: process.exit, promise: call, buffer: Buffer.from("x"), debug, encode, console, performance, globalThis, error: tried(() => null.x),
					decoded: decode(encode({ list: [new Map()] })), queueMicrotask, URL: globalThis.URL, signal: new AbortController().signal };
				for (const [name, value] of Object.entries(all)) {
					found(name, value);
					for (let at = value; at !== null && at !== undefined; at = Object.getPrototypeOf(at))
						for (const key of Reflect.ownKeys(at)) if (key !== "process" && key !== "global") found(name + "." + String(key), tried(() => value[key]));
					const made = tried(() => value.constructor.constructor("return process")());
					if (made?.exit !== undefined) throw new Error("ESCAPED");
				}
			`,
			after: "server.Nothing = () => null;",
		},
		gets: NOTHING,
	},
	{
		name: "eval",
		tries: "makes code of text, in all ways that the language has",
		act: {
			before: `
				const text = "return process.mainModule ?? process.binding";
				for (const make of [eval, (0, eval), Function, (async () => {}).constructor, (function* () {}).constructor,
					(async function* () {}).constructor, Reflect.construct.bind(null, Function)]) {
					const made = tried(() => make(text));
					found("eval", made);
					if (typeof made === "function") throw new Error("ESCAPED: code of text");
				}
			`,
		},
		gets: NOTHING,
	},
	{
		name: "errors-near-the-end-of-the-stack",
		tries: "provokes stack overflows inside of every function at hand, whose RangeError might be Node's",
		act: {
			before: `
				const functions = [() => JSON.stringify({ a: 1 }), () => encode([1]), () => new Error("x").stack, () => structuredClone([1]),
					() => Buffer.from("x"), () => performance.now(), () => persister.readRaftState(), () => new Proxy({}, {}), () => debug("x"),
					() => Object.defineProperty({}, "x", { get() {} }), () => Promise.reject(1).catch(() => {}), () => /x/.exec("x"), () => new Intl.NumberFormat()];
				for (const f of functions) {
					let left = 40;
					const deep = () => { try { return deep(); } catch (error) { found("overflow", error); if (left-- > 0) found("overflow", tried(f)); throw error; } };
					found("overflow", tried(deep));
				}
			`,
		},
		gets: NOTHING,
	},
	{
		name: "call-sites",
		tries: "sets Error.prepareStackTrace to get at the frames, and through them at whoever called",
		act: {
			module: "const seen = [];",
			onCommand: `
				for (const place of [Error, globalThis.Error, RangeError, Object.getPrototypeOf(TypeError)])
					tried(() => { place.prepareStackTrace = (error, sites) => { seen.push(sites, ...sites.flatMap((site) => [site.getThis?.(), site.getFunction?.(), site])); return sites; }; });
				tried(() => { Error.stackTraceLimit = Infinity; });
				void new Error("x").stack; void tried(() => null.x)?.stack;
				const holder = {}; Error.captureStackTrace?.(holder); void holder.stack;
				for (const one of seen) found("call site", one);
				throw new Error("caught " + seen.length + " call sites");
			`,
		},
		gets: fails(/start\(\) threw: Error: caught 0 call sites/),
	},
	{
		name: "poisoned-error",
		tries: "throws a proxy of proxies whose every property throws, for whoever prints it",
		act: {
			module: "const poison = new Proxy(function () {}, new Proxy({}, { get: () => () => { throw poison; } }));",
			onCommand: "throw poison;",
		},
		gets: fails(/start\(\) threw: something that cannot be printed was thrown/),
	},
	{
		name: "poisoned-inspection",
		tries: "throws, rejects and logs objects with a custom inspection, which Node would call with functions of its own",
		act: {
			module: `
				const bait = { [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) { found("options", options); found("inspect", inspect); return "x"; },
					toJSON(key) { found("toJSON", this); return 1; }, get then() { return undefined; }, get stack() { return "Error: x"; } };
			`,
			onCommand:
				"console.log(bait, [bait]); debug('x', bait); console.error('%o %j', bait, bait); Promise.reject(bait);",
		},
		gets: fails(/an unhandled rejection: an object was thrown, not an Error/),
	},
	{
		name: "thenables",
		tries: "returns thenables and awaits them, hoping that Node resolves one and hands it its own functions",
		act: {
			module: `
				const thenable = () => ({ then(resolve, reject) { found("resolve", resolve); found("reject", reject); resolve({ then: (r) => { found("r", r); r(1); } }); } });
			`,
			after: `
				server.Thenable = thenable;
				server.AsyncThenable = async () => thenable();
				void (async () => { found("reply", await peers[me].call("Thenable", 1)); found("reply", await peers[me].call("AsyncThenable", 1)); await thenable(); })();
			`,
		},
		gets: NOTHING,
	},
	{
		name: "species",
		tries: "puts a promise class of its own where promises are derived, to see what else is resolved with it",
		act: {
			module: `
				class Spy extends Promise { constructor(executor) { super((resolve, reject) => { found("resolve", resolve); executor(resolve, reject); }); } static get [Symbol.species]() { return Spy; } }
				Object.defineProperty(Promise, Symbol.species, { get: () => Spy });
				Promise.prototype.constructor = Spy;
			`,
			before:
				"found('derived', peers[me].call('Nothing', 1).then((x) => found('x', x)).finally(() => {})); found('slept', sleep(1).then(() => {}));",
			after: "server.Nothing = () => Spy.resolve(1);",
		},
		gets: NOTHING,
	},
	{
		name: "async-generators",
		tries: "throws into, returns from and races async generators, whose machinery might be Node's",
		act: {
			after: `
				async function* endless() { try { for (;;) yield thrower; } finally { yield 1; } }
				const thrower = { get then() { return undefined; } };
				void (async () => {
					const generator = endless();
					found("next", generator.next()); found("result", await generator.next());
					found("thrown", await generator.throw(new Error("x")).catch((error) => error)); found("returned", await generator.return(1));
					for await (const x of [sleep(1), peers[me].call("Nothing", 1)]) found("x", x);
					found("made", tried(() => endless.constructor("yield process")()));
				})();
				server.Nothing = async function* () {}.constructor === Function ? () => 1 : () => 2;
			`,
		},
		gets: NOTHING,
	},
	{
		name: "import-of-a-computed-name",
		tries: "imports node:fs under a name that is put together at run time",
		act: { onCommand: "import(['node', 'fs'].join(':')).then((fs) => { throw fs; }, () => {});" },
		gets: fails(/the module "node:fs" is not available on a simulated machine/),
	},
	{
		name: "import-of-fs",
		tries: "simply imports node:fs",
		act: { module: 'import { readFileSync } from "node:fs"; used.push(readFileSync);' },
		gets: unusable(/raft\.ts:\d+:\d+: node:fs is not available on a simulated machine/),
	},
	{
		name: "import-defer",
		tries: "uses forms of import() that a bundler may not know, and that fail with an error of Node's",
		act: { module: 'used.push(() => import.defer("node:fs"), () => import.source("node:fs"));' },
		gets: unusable(/imports are not available/),
	},
	{
		name: "require-tricks",
		tries: "goes to Node through require, module and the caller's arguments",
		act: {
			before: `
				found("module", module); found("require", require); found("exports", exports); found("this", tried(() => (function () { return this; })()));
				for (const f of [() => require.main, () => module.constructor._load("fs"), () => module.parent, () => require.cache, () => make.caller, () => make.arguments,
					() => (function () { return arguments.callee; })(), () => globalThis.process.mainModule]) found("require", tried(f));
			`,
		},
		gets: NOTHING,
	},
	{
		name: "threads-and-webassembly",
		tries:
			"looks for WebAssembly, shared memory, Atomics, other realms, weak references that tell of memory, and clocks",
		act: {
			before: `
				for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "ShadowRealm", "Temporal", "Worker", "MessageChannel", "BroadcastChannel", "gc", "v8", "require", "Deno", "Bun", "fetch", "WebSocket", "EventSource", "localStorage", "navigator"])
					if (typeof globalThis[name] !== "undefined") throw new Error("ESCAPED: there is " + name);
				if (Intl.DateTimeFormat !== undefined) throw new Error("ESCAPED: the real clock");
				const weak = new WeakRef({}); for (let i = 0; i < 50; i++) new Array(100_000).fill(i); if (weak.deref() === undefined) throw new Error("ESCAPED: reclaimed");
			`,
		},
		gets: NOTHING,
	},
	{
		name: "getters-on-the-global-object",
		tries: "defines getters and proxies on its global object, to see who reads them with what in hand",
		act: {
			before: `
				for (const key of ["then", "process", "console", "exports", "constructor", "toJSON", "Symbol", "stack"])
					tried(() => Object.defineProperty(globalThis, key, { get() { found("this", this); return undefined; }, set(value) { found("set", value); }, configurable: true }));
				tried(() => Object.setPrototypeOf(globalThis, new Proxy({}, { get(target, key, receiver) { found("receiver", receiver); return undefined; } })));
			`,
		},
		gets: NOTHING,
	},
	{
		name: "promise-of-nobody",
		tries:
			"rejects promises whose prototype is a proxy, which runs its traps when Node looks at them outside of any step",
		act: {
			onCommand:
				"const trap = { get(t, k, receiver) { found('receiver', receiver); throw new Error('trap'); } }; Object.setPrototypeOf(Promise.reject(1), new Proxy({}, trap)); Object.setPrototypeOf(Promise.reject(2), null);",
		},
		gets: fails(/an unhandled rejection of a promise whose prototype is not Promise\.prototype/),
	},
	{
		name: "rejections-at-the-last-moment",
		tries: "rejects promises in getState(), which the tester calls last, hoping that nobody listens any more",
		act: {
			after:
				"const state = server.getState.bind(server); server.getState = () => { if (performance.now() > 400) Promise.reject({ get code() { throw 1; } }); return state(); };",
		},
		gets: failsAll(/an unhandled rejection: an object was thrown/),
	},
];
