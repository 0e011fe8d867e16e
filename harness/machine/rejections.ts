import { types } from "node:util";
import type { Machine } from "./machine.ts";
import { withPlainStacks } from "./plain-stacks.ts";

/** Whose a promise is, by the prototype that all promises of a realm share. */
const machines = new WeakMap<object, Machine>();

/** From now on, unhandled rejections of promises with this prototype are the machine's. */
export function watchRejections(promisePrototype: object, machine: Machine): void {
	machines.set(promisePrototype, machine);
}

/**
 * Routes the process's unhandled rejections while simulations run: those of a machine's promises go to the machine,
 * the others to whoever listened before (Mocha, for one, makes any of them a failure).
 *
 * @param onStray - called for a promise of a machine's that cannot be told whose it is, because its prototypes were changed. Its
 * reason goes to nobody: on the host, whoever looked at it might run code of the submission's.
 * @returns puts the former listeners back.
 */
export function routeRejections(onStray: () => void): () => void {
	strays.add(onStray);
	if (routes++ === 0) {
		former = process.listeners("unhandledRejection");
		process.removeAllListeners("unhandledRejection");
		process.on("unhandledRejection", route);
		isCapturing = !process.hasUncaughtExceptionCaptureCallback();
		if (isCapturing) process.setUncaughtExceptionCaptureCallback(capture);
	}
	let over = false;
	return () => {
		if (over) return;
		over = true;
		strays.delete(onStray);
		if (--routes > 0) return;
		process.removeListener("unhandledRejection", route);
		if (isCapturing) process.setUncaughtExceptionCaptureCallback(null);
		for (const listener of former) process.on("unhandledRejection", listener);
		former = [];
	};
}

/**
 * Ends a callback as Node would: runs the host's microtasks, and tells of rejections. To do that, Node reads properties of
 * rejected promises, and if proxies are among their prototypes, it runs a submission's code outside of any step of its machine; here, it
 * runs with plain stacks there too.
 */
export function endCallback(): void {
	for (;;) {
		try {
			withPlainStacks(() => (process as unknown as { _tickCallback(): void })._tickCallback());
			return;
		} catch (error) {
			// There may be more rejections to tell of: Node would go on with them outside.
			capture(error);
		}
	}
}

let routes = 0;
let isCapturing = false;
let former: NodeJS.UnhandledRejectionListener[] = [];
const strays = new Set<() => void>();

function route(reason: unknown, promise: Promise<unknown>): void {
	const owner = ownerOf(promise);
	if (owner === undefined) for (const onStray of strays) onStray();
	else if (owner !== "host") owner.rejected(reason);
	else if (former.length > 0) for (const listener of former) listener(reason, promise);
	else throw reason;
}

/** Before Node tells of a rejection, it reads properties of the promise. A proxy among the prototypes can throw then, in nobody's call. */
function capture(error: unknown): void {
	if (!isHosts(error)) {
		for (const onStray of strays) onStray();
		return;
	}
	// Once more, so that it takes the way it would have taken.
	process.setUncaughtExceptionCaptureCallback(null);
	isCapturing = false;
	setImmediate(() => {
		throw error;
	});
}

/** Whether something belongs to the host, asked so that no code of a realm's runs. */
function isHosts(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	for (let at: object | null = value; at !== null && !types.isProxy(at); at = Object.getPrototypeOf(at)) {
		if (at === Object.prototype) return true;
	}
	return false;
}

/** Whose a promise is, if its prototypes tell. Walking them runs no code of a realm's: V8 hands out the promise itself, and a proxy ends the walk. */
function ownerOf(promise: object): Machine | "host" | undefined {
	let at: object | null = promise;
	while (at !== null && !types.isProxy(at)) {
		if (at === Promise.prototype) return "host";
		const machine = machines.get(at);
		if (machine !== undefined) return machine;
		at = Object.getPrototypeOf(at);
	}
	return undefined;
}
