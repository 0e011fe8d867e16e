import { types } from "node:util";
import type { Machine } from "./machine.ts";

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
 * @param onStray - called for a promise of a machine's that cannot be told whose it is, because its prototype was changed. Its
 * reason goes to nobody: on the host, whoever looked at it might run code of the submission's.
 * @returns puts the former listeners back.
 */
export function routeRejections(onStray: () => void): () => void {
	strays.add(onStray);
	if (routes++ === 0) {
		former = process.listeners("unhandledRejection");
		process.removeAllListeners("unhandledRejection");
		process.on("unhandledRejection", route);
	}
	let over = false;
	return () => {
		if (over) return;
		over = true;
		strays.delete(onStray);
		if (--routes > 0) return;
		process.removeListener("unhandledRejection", route);
		for (const listener of former) process.on("unhandledRejection", listener);
		former = [];
	};
}

let routes = 0;
let former: NodeJS.UnhandledRejectionListener[] = [];
const strays = new Set<() => void>();

function route(reason: unknown, promise: Promise<unknown>): void {
	const owner = ownerOf(promise);
	if (owner === undefined) for (const onStray of strays) onStray();
	else if (owner !== "host") owner.rejected(reason);
	else if (former.length > 0) for (const listener of former) listener(reason, promise);
	else throw reason;
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
