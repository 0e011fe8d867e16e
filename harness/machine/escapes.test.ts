import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { expect } from "chai";
import { Pace } from "../sim/pace.ts";
import { observe, type Parts, sourceOf, toldBy } from "../testing/observe.ts";
import { submission } from "../testing/submission.ts";

/**
 * What the host must not so much as look at: whoever prints `INSPECTED` calls a function of the submission's with functions of
 * his own, and `PROXY` throws it when somebody asks what kind of error it is.
 */
const POISON = `
	const INSPECTED = {
		[Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) {
			(inspect ?? options).constructor.constructor("return process")().exitCode = 99;
		},
		get stack() { throw INSPECTED; },
		get message() { throw INSPECTED; },
	};
	const PROXY = new Proxy({}, new Proxy({}, { get: () => () => { throw INSPECTED; } }));
`;

const UNPRINTABLE = "something that cannot be printed was thrown";
const STRAY = "an unhandled rejection of a promise whose prototype is not Promise.prototype";

describe("what a submission throws stays in its machine", () => {
	const places: [where: string, sentence: string, parts: Parts][] = [
		["the module", `loading the module threw: ${UNPRINTABLE}`, { module: "throw PROXY;" }],
		["make()", `make() threw: ${UNPRINTABLE}`, { make: "throw PROXY;" }],
		["start()", `start() threw: ${UNPRINTABLE}`, { methods: "start() { throw PROXY; }," }],
		["getState()", `getState() threw: ${UNPRINTABLE}`, { methods: "getState() { throw PROXY; }," }],
		["kill()", `kill() threw: ${UNPRINTABLE}`, { methods: "kill() { throw PROXY; }," }],
		["a timer", `a timer callback threw: ${UNPRINTABLE}`, { make: "setTimeout(() => { throw PROXY; });" }],
		["a microtask", `a microtask threw: ${UNPRINTABLE}`, { make: "queueMicrotask(() => { throw PROXY; });" }],
		["a rejection", `an unhandled rejection: ${UNPRINTABLE}`, { make: "Promise.reject(PROXY);" }],
		["a handler", `the handler tell threw: ${UNPRINTABLE}`, { methods: "tell() { throw PROXY; }," }],
		["an async handler", `the handler tell threw: ${UNPRINTABLE}`, { methods: "async tell() { throw PROXY; }," }],
	];

	for (const [where, sentence, { module = "", make = "", methods = "" }] of places) {
		it(`from ${where}`, async () => {
			const parts = { module: `${POISON}${module}`, make: `${make} setTimeout(() => tell(1), 3);`, methods };
			const { failure } = await observe(parts, {}, async (cluster) => {
				await cluster.sleep(10);
				cluster.server(0).start("x");
				cluster.crash(0);
			});
			expect(failure?.message).to.equal(`S0: ${sentence}`);
		});
	}
});

describe("an unhandled rejection is the submission's own", () => {
	const prototypes: [what: string, code: string][] = [
		["null", "Object.setPrototypeOf(Promise.reject(INSPECTED), null);"],
		["an object", "Object.setPrototypeOf(Promise.reject(INSPECTED), Object.create(null));"],
		["a proxy", "Object.setPrototypeOf(Promise.reject(INSPECTED), PROXY);"],
		["an object above which a proxy stands", "Object.setPrototypeOf(Promise.reject(INSPECTED), Object.create(PROXY));"],
		[
			"Object.prototype",
			"Object.setPrototypeOf(Promise.prototype, null); Object.setPrototypeOf(Promise.reject(INSPECTED), {});",
		],
	];

	for (const [what, code] of prototypes) {
		it(`although the prototype of the promise is ${what}`, async () => {
			const { failure } = await observe({ module: POISON, make: code });
			expect(failure).to.include({ check: "fault-rejection", message: STRAY });
		});
	}

	it("although the promise is of a subclass", async () => {
		const make = "class Later extends Promise {} class Latest extends Later {} Latest.reject(new RangeError('late'));";
		const { failure } = await observe({ make });
		expect(failure?.message).to.equal("S0: an unhandled rejection: RangeError: late");
	});

	for (const [kind, mishap] of [
		["unhandledRejection", () => void Promise.reject(new Error("the tester's"))],
		["uncaughtException", () => void setImmediate(() => Promise.resolve().then(() => queueMicrotask(mistake)))],
	] as const) {
		it(`and an ${kind} of the host's goes where it went before`, async () => {
			const before = process.listeners(kind as "uncaughtException");
			const heard: unknown[] = [];
			process.removeAllListeners(kind);
			process.on(kind, (reason: unknown) => heard.push(reason));
			try {
				const { failure } = await observe({}, {}, async (cluster) => {
					mishap();
					for (let i = 0; i < 5; i++) await cluster.sleep(10);
				});
				expect(failure).to.equal(undefined);
			} finally {
				process.removeAllListeners(kind);
				for (const listener of before) process.on(kind as "uncaughtException", listener);
			}
			expect(heard).to.have.lengthOf(1);
			expect(heard[0]).to.be.an("error").with.property("message", "the tester's");
		});
	}

	it("and leaves no listener behind", async () => {
		const listeners = () => [process.listeners("unhandledRejection"), process.listeners("uncaughtException")];
		const before = listeners();
		await observe({ make: "Promise.reject(1);" });
		expect(listeners()).to.deep.equal(before);
		expect(process.hasUncaughtExceptionCaptureCallback()).to.equal(false);
	});
});

function mistake(): never {
	throw new Error("the tester's");
}

describe("reading the stack of an error runs nothing of the host's", () => {
	const spoilt: [what: string, code: string][] = [
		["a name that is a symbol", "const e = new Error(); e.name = Symbol(); return e.stack;"],
		["a message that is a symbol", "const e = new Error(); e.message = Symbol(); return e.stack;"],
		["a name that cannot be made a string", "const e = new Error(); e.name = Object.create(null); return e.stack;"],
		["a name that is a proxy", "const e = new Error(); e.name = new Proxy(() => {}, {}); return e.stack;"],
		[
			"a getter that throws",
			"const e = new Error(); Object.defineProperty(e, 'name', { get: () => null.x }); return e.stack;",
		],
		[
			"a prototype that is a proxy",
			"const o = Object.create(new Proxy({}, { get: () => Symbol(), has: () => true })); Error.captureStackTrace(o); return o.stack;",
		],
		[
			"the global object for an error",
			"globalThis.name = Symbol(); Error.captureStackTrace(globalThis); return globalThis.stack;",
		],
		[
			"a prepareStackTrace of its own",
			"Error.prepareStackTrace = (error, sites) => { seen.push(sites); throw sites; }; return new Error().stack;",
		],
		[
			"another Error",
			"globalThis.Error = { prepareStackTrace: (error, sites) => { seen.push(sites); throw sites; } }; return new TypeError().stack;",
		],
	];

	for (const explain of [false, true]) {
		for (const [what, code] of spoilt) {
			it(`with ${what}, ${explain ? "with" : "without"} stack traces`, async () => {
				const make = `
					const seen = [];
					const read = () => { ${code} };
					try { seen.push(read()); } catch (error) { seen.push(error); }
					tell(seen.map((one) => (one instanceof Object ? one.constructor.constructor === Function : typeof one)));
				`;
				const [seen] = (await toldBy({ make }, { explain })) as unknown[][];
				expect(seen).to.have.lengthOf(1);
				expect(seen?.[0]).to.be.oneOf([true, "string", "undefined"]);
			});
		}
	}

	/** A function that leaves a mark on the host if it can. */
	const ESCAPE = `
		const escape = () => {
			try {
				const error = new Error();
				error.name = Symbol();
				void error.stack;
			} catch (thrown) {
				thrown.constructor.constructor("return globalThis")().escaped = true;
			}
		};
	`;

	for (const pace of [undefined, new Pace(1_000)]) {
		it(`in a trap that Node springs when it tells of a rejection${pace === undefined ? "" : ", in a paced run"}`, async () => {
			const make = `
				const reject = (get) => Object.setPrototypeOf(Promise.reject(1), new Proxy({}, { get }));
				for (const delay of [0, 20]) {
					setTimeout(() => {
						reject(() => { escape(); throw 1; });
						reject(escape);
						reject(() => reject(escape) && undefined);
					}, delay);
				}
			`;
			const { failure } = await observe({ module: ESCAPE, make }, { explain: true, pace });
			expect(failure).to.include({ check: "fault-rejection", message: STRAY });
			expect(globalThis).to.not.have.property("escaped");
		});
	}

	it("although the tester has waited for something real in between", async () => {
		const methods = "start() { escape(); return { index: 1, term: 1, isLeader: true }; },";
		await toldBy({ module: ESCAPE, make: "setInterval(() => {}, 1);", methods }, { explain: true }, async (cluster) => {
			await new Promise((resolve) => setTimeout(resolve, 2));
			cluster.server(0).start(1);
		});
		expect(globalThis).to.not.have.property("escaped");
	});

	it("and leaves those of the host's own errors as they were", async () => {
		const { prepareStackTrace, stackTraceLimit } = Error;
		await toldBy({ make: "tell(new Error().stack);" }, { explain: true });
		expect(Error.prepareStackTrace).to.equal(prepareStackTrace);
		expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
		expect(new Error("mine").stack).to.match(/^Error: mine\n\s+at .*escapes\.test\.ts/);
	});
});

describe("a process in which promises are hooked", () => {
	it("runs no machine: what the hooks put on its promises would be within reach", async () => {
		const program = await submission(sourceOf({}));
		const message = /^AsyncLocalStorage or async_hooks are in use in this process/;
		const hook = createHook({ init() {} }).enable();
		try {
			const thrown = await observe(program).catch((error: unknown) => error);
			expect(thrown).to.be.an("error").with.property("message").that.matches(message);
		} finally {
			hook.disable();
		}
		await observe(program);
	});

	it("runs none with a store, or the store does not reach it", async () => {
		const program = await submission(
			sourceOf({ make: "tell([Promise.resolve(), (async () => {})()].flatMap(Object.getOwnPropertySymbols).length);" }),
		);
		const storage = new AsyncLocalStorage();
		try {
			const outcome = await storage.run({ secret: 1 }, () =>
				observe(program).then(
					({ told }) => told,
					(error: Error) => error.name,
				),
			);
			expect(outcome).to.be.deep.oneOf(["Error", [0]]);
		} finally {
			storage.disable();
		}
	});
});
