/**
 * The runtime inside every machine: bundled into one script and run in each new realm before the submission. The host
 * gets the functions exposed here, hands primitives in through them, and reads {@link outbox}. Nothing of the host's comes in.
 *
 * Servers are started hundreds of times a second, so what runs at the top level, here and in all that this imports, is to be next to nothing.
 */
import { decode, encode } from "../../labrpc/codec.ts";
import { beforeDates } from "../../labrpc/dates.ts";
import * as Effect from "../effects.ts";
import { taken as messageTaken } from "./apply-channel.ts";
import { random, seedChance } from "./chance.ts";
import { beginStep, EPOCH_MS, now, setNow, virtualDate } from "./clock.ts";
import { guarded, report, reported, reportThrown } from "./faults.ts";
import { isolate } from "./isolation.ts";
import { lazy } from "./lazy.ts";
import type { DOMExceptionClass } from "./node/dom-exception.ts";
import { GLOBAL_NAMES } from "./node/global-names.ts";
import { createNodeModules, type NodeEnvironment, type NodeModules } from "./node/index.ts";
import { createPerformance } from "./node/performance.ts";
import { outbox, post } from "./outbox.ts";
import { deliver as deliverRequest, settle as settleCall } from "./rpc.ts";
import { makeServer, start as propose, state as readState, theServer } from "./server.ts";
import { clearTimer, queueMicrotask, setImmediate, setInterval, setTimeout, Timer } from "./timers.ts";

/** By it, the host knows whose an unhandled rejection is. */
const promisePrototype: object = Promise.prototype;

/** Whether hooks of the host's mark this realm's promises: what they put there would be within reach. */
function hasHookedPromises(): boolean {
	return Object.getOwnPropertySymbols(new Promise(() => {})).length > 0;
}

let logging = false;

/** Prepares the realm: its clock, its chance, its globals. */
function install(seedA: number, seedB: number, seedC: number, withLog: boolean, withStacks: boolean): void {
	logging = withLog;
	seedChance(seedA, seedB, seedC);
	Math.random = random;
	defineLazily("Date", virtualDate);
	beforeDates(virtualDate);
	isolate(withStacks);
	Object.assign(globalThis, timers, { global: globalThis });
	defineLazily("performance", performance);
	for (const name of GLOBAL_NAMES) defineLazily(name, () => node().globals[name]());
}

/**
 * Runs the submission's bundle: `program` takes (module, exports, require) and then the globals named by `names`,
 * which reach it as parameters because looking one up on the global object of a realm is slow.
 *
 * @returns whether it ran and exports make().
 */
function load(program: (...args: unknown[]) => void, names: string): boolean {
	const module: { exports: Record<string, unknown> } = { exports: {} };
	const values = names.split(",").map((name) => (globalThis as Record<string, unknown>)[name]);
	try {
		if (counts !== undefined) program = program(counts) as unknown as typeof program;
		program(module, module.exports, require, ...values);
	} catch (thrown) {
		reportThrown("exception", "loading the module threw", thrown);
		return false;
	}
	make = module.exports.make;
	if (typeof make === "function") return true;
	const exported = Object.keys(module.exports).join(", ");
	const found = make === undefined ? `it exports ${exported === "" ? "nothing" : exported}` : `make is ${typeof make}`;
	report("shape", `the module must export a function make(peers, me, persister, applyCh), but ${found}`);
	return false;
}

let make: unknown;

/** Room for the counters of a bundle that counts how often it goes round its loops. Such a bundle is a function of them that gives the program. */
function makeCounts(length: number): Float64Array {
	counts = new Float64Array(length);
	return counts;
}

let counts: Float64Array | undefined;

/** Room for bytes that the host is going to write. */
function allocate(length: number): Uint8Array {
	return new Uint8Array(length);
}

function boot(nowMs: number, me: number, size: number, state: Uint8Array, snapshot: Uint8Array): boolean {
	beginStep(nowMs);
	return makeServer(make, me, size, state, snapshot);
}

function start(nowMs: number, command: string): void {
	beginStep(nowMs);
	propose(command);
}

function state(nowMs: number): number {
	setNow(nowMs);
	return readState();
}

function snapshot(nowMs: number, index: number, bytes: Uint8Array): void {
	beginStep(nowMs);
	guarded("snapshot() threw", () => theServer().snapshot(index, bytes));
}

function kill(nowMs: number): void {
	beginStep(nowMs);
	guarded("kill() threw", () => theServer().kill());
}

function fire(nowMs: number, timerId: number): void {
	beginStep(nowMs);
	Timer.fire(timerId);
}

function settle(nowMs: number, callId: number, reply: string | undefined): void {
	beginStep(nowMs);
	settleCall(callId, reply);
}

function deliver(nowMs: number, rpcId: number, method: string, args: string): void {
	beginStep(nowMs);
	deliverRequest(theServer(), rpcId, method, args);
}

function taken(nowMs: number, message: number): void {
	beginStep(nowMs);
	messageTaken(message);
}

/** A promise of this realm's was rejected and nobody handled it. */
function rejected(reason: unknown): void {
	reportThrown("rejection", "an unhandled rejection", reason);
}

function refuse(what: string): never {
	throw reported("refused", `${what} is not available on a simulated machine`);
}

function log(topic: string, text: string): void {
	if (logging) post(Effect.log, topic, text);
}

const timers = {
	setTimeout,
	clearTimeout: clearTimer,
	setInterval,
	clearInterval: clearTimer,
	setImmediate,
	clearImmediate: clearTimer,
	queueMicrotask,
};

const environment = (): NodeEnvironment => ({
	now,
	epochMs: EPOCH_MS,
	random,
	...timers,
	log: (level, text) => log(level, text),
	isLogging: () => logging,
	refuse,
});

/** Made when it is first asked for: many a submission needs no more of Node than the time, and servers are started often. */
const node: () => NodeModules = lazy(() => createNodeModules(environment(), performance));
const performance: () => unknown = lazy(() =>
	createPerformance({ now, epochMs: EPOCH_MS, refuse }, () => node().globals.DOMException() as DOMExceptionClass),
);

/** What `import … from "raft-grade"` gives inside a machine. */
const submissionApi = Object.freeze({
	encode,
	decode,
	sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(() => resolve(), ms)),
	debug: (topic: string, ...parts: unknown[]) => {
		if (!logging) return;
		const { format } = node().require("util") as { format(...parts: unknown[]): string };
		log(String(topic), format(...parts));
	},
});

function require(name: string): unknown {
	return name === "raft-grade" ? submissionApi : node().require(name);
}

/** A global that is made when it is first looked at: a realm is made often, and most of these are never used. */
function defineLazily(name: string, create: () => unknown): void {
	const set = (value: unknown) =>
		Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
	accessor.get = () => {
		const value = create();
		set(value);
		return value;
	};
	accessor.set = set;
	Object.defineProperty(globalThis, name, accessor);
}

/** One for all: to make one each takes as long as to define it. */
const accessor = { get: (): unknown => undefined, set: (_: unknown): unknown => undefined, configurable: true };

/** From the wrapper of the bundle (bundle.ts): gives the host its door into this realm. */
declare function expose(door: object): void;

expose({
	outbox,
	promisePrototype,
	hasHookedPromises,
	install,
	load,
	makeCounts,
	allocate,
	boot,
	start,
	state,
	snapshot,
	kill,
	fire,
	settle,
	deliver,
	taken,
	rejected,
});
