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
 * @returns puts the former listeners back.
 */
export function routeRejections(): () => void {
	if (routes++ === 0) {
		former = process.listeners("unhandledRejection");
		process.removeAllListeners("unhandledRejection");
		process.on("unhandledRejection", route);
	}
	let over = false;
	return () => {
		if (over) return;
		over = true;
		if (--routes > 0) return;
		process.removeListener("unhandledRejection", route);
		for (const listener of former) process.on("unhandledRejection", listener);
		former = [];
	};
}

let routes = 0;
let former: NodeJS.UnhandledRejectionListener[] = [];

function route(reason: unknown, promise: Promise<unknown>): void {
	const machine = machineOf(promise);
	if (machine !== undefined) machine.rejected(reason);
	else if (former.length > 0) for (const listener of former) listener(reason, promise);
	else throw reason;
}

function machineOf(promise: object): Machine | undefined {
	// Walking the prototypes of a promise runs no code of the realm's: V8 hands out the promise itself, never a proxy of it.
	for (let at: object | null = promise; at !== null; at = Object.getPrototypeOf(at)) {
		const machine = machines.get(at);
		if (machine !== undefined) return machine;
	}
	return undefined;
}
