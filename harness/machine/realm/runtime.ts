/**
 * The runtime inside every machine: bundled into one script and run in each new realm before the submission. The host
 * gets the functions exported here, hands primitives in through them, and reads {@link outbox}. Nothing of the host's comes in.
 */
import { decode, encode } from "../../labrpc/codec.ts";
import { Effect } from "../effects.ts";
import { taken as messageTaken } from "./apply-channel.ts";
import { random, seedChance } from "./chance.ts";
import { beginStep, EPOCH_MS, installDate, now, setNow } from "./clock.ts";
import { guarded, report, reported, reportThrown } from "./faults.ts";
import { isolate } from "./isolation.ts";
import { createNodeModules } from "./node/index.ts";
import { outbox, post } from "./outbox.ts";
import { deliver as deliverRequest, settle as settleCall } from "./rpc.ts";
import { makeServer, start as propose, state as readState, theServer } from "./server.ts";
import { clearTimer, queueMicrotask, setImmediate, setInterval, setTimeout, Timer } from "./timers.ts";

export { outbox };

/** By it, the host knows whose an unhandled rejection is. */
export const promisePrototype: object = Promise.prototype;

/** Whether hooks of the host's mark this realm's promises: what they put there would be within reach. */
export function hasHookedPromises(): boolean {
	return Object.getOwnPropertySymbols(new Promise(() => {})).length > 0;
}

let logging = false;

/** Prepares the realm: its clock, its chance, its globals. */
export function install(seedA: number, seedB: number, seedC: number, withLog: boolean, withStacks: boolean): void {
	logging = withLog;
	seedChance(seedA, seedB, seedC);
	Math.random = random;
	installDate();
	isolate(withStacks);
	for (const name of Object.keys(globals)) defineGlobal(name, globals[name] as () => unknown);
}

/**
 * Runs the submission's bundle: `program` takes (module, exports, require) and then the globals named by `names`,
 * which reach it as parameters because looking one up on the global object of a realm is slow.
 *
 * @returns whether it ran and exports make().
 */
export function load(program: (...args: unknown[]) => void, names: string): boolean {
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
export function makeCounts(length: number): Float64Array {
	counts = new Float64Array(length);
	return counts;
}

let counts: Float64Array | undefined;

/** Room for bytes that the host is going to write. */
export function allocate(length: number): Uint8Array {
	return new Uint8Array(length);
}

export function boot(nowMs: number, me: number, size: number, state: Uint8Array, snapshot: Uint8Array): boolean {
	beginStep(nowMs);
	return makeServer(make, me, size, state, snapshot);
}

export function start(nowMs: number, command: string): void {
	beginStep(nowMs);
	propose(command);
}

export function state(nowMs: number): number {
	setNow(nowMs);
	return readState();
}

export function snapshot(nowMs: number, index: number, bytes: Uint8Array): void {
	beginStep(nowMs);
	guarded("snapshot() threw", () => theServer().snapshot(index, bytes));
}

export function kill(nowMs: number): void {
	beginStep(nowMs);
	guarded("kill() threw", () => theServer().kill());
}

export function fire(nowMs: number, timerId: number): void {
	beginStep(nowMs);
	Timer.fire(timerId);
}

export function settle(nowMs: number, callId: number, reply: string | undefined): void {
	beginStep(nowMs);
	settleCall(callId, reply);
}

export function deliver(nowMs: number, rpcId: number, method: string, args: string): void {
	beginStep(nowMs);
	deliverRequest(theServer(), rpcId, method, args);
}

export function taken(nowMs: number, message: number): void {
	beginStep(nowMs);
	messageTaken(message);
}

/** A promise of this realm's was rejected and nobody handled it. */
export function rejected(reason: unknown): void {
	reportThrown("rejection", "an unhandled rejection", reason);
}

function refuse(what: string): never {
	throw reported("refused", `${what} is not available on a simulated machine`);
}

function log(topic: string, text: string): void {
	if (logging) post(Effect.log, topic, text);
}

const node = createNodeModules({
	now,
	epochMs: EPOCH_MS,
	random,
	setTimeout,
	clearTimeout: clearTimer,
	setInterval,
	clearInterval: clearTimer,
	setImmediate,
	clearImmediate: clearTimer,
	queueMicrotask,
	log: (level, text) => log(level, text),
	isLogging: () => logging,
	refuse,
});

const globals: Record<string, () => unknown> = {
	...node.globals,
	setTimeout: () => setTimeout,
	clearTimeout: () => clearTimer,
	setInterval: () => setInterval,
	clearInterval: () => clearTimer,
	setImmediate: () => setImmediate,
	clearImmediate: () => clearTimer,
	queueMicrotask: () => queueMicrotask,
	global: () => globalThis,
};

/** What `import … from "raft-grade"` gives inside a machine. */
const submissionApi = Object.freeze({
	encode,
	decode,
	sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(() => resolve(), ms)),
	debug: (topic: string, ...parts: unknown[]) => {
		if (!logging) return;
		const { format } = node.require("util") as { format(...parts: unknown[]): string };
		log(String(topic), format(...parts));
	},
});

function require(name: string): unknown {
	return name === "raft-grade" ? submissionApi : node.require(name);
}

/** A global that is made when it is first looked at: a realm is made often, and most of these are never used. */
function defineGlobal(name: string, create: () => unknown): void {
	const define = (value: unknown) =>
		Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
	Object.defineProperty(globalThis, name, {
		get: () => {
			const value = create();
			define(value);
			return value;
		},
		set: define,
		configurable: true,
		enumerable: false,
	});
}
