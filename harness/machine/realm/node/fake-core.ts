import { isolate } from "../isolation.ts";
import { lazy } from "../lazy.ts";
import type { DOMExceptionClass } from "./dom-exception.ts";
import { AVAILABLE_MODULES, createNodeModules, type NodeEnvironment, type NodeModules, type Timer } from "./index.ts";
import { createPerformance } from "./performance.ts";

// For the tests: what the core of a realm does for these modules, in the fewest words. Runs inside the realm.

interface Task {
	id: number;
	due: number;
	run(): void;
	every?: number;
}

let now = 0;
let draws = 0;
let nextId = 1;
let tasks: Task[] = [];
const logs: { level: string; text: string }[] = [];
let isLogging = true;
const uncaught: string[] = [];

function schedule(run: () => void, delayMs: number, every?: number): Timer {
	const task: Task = { id: nextId++, due: now + delayMs, run, ...(every !== undefined && { every }) };
	tasks.push(task);
	const timer: Timer & { task: Task } = {
		task,
		ref: () => timer,
		unref: () => timer,
		hasRef: () => true,
		refresh: () => timer,
		close: () => timer,
		[Symbol.toPrimitive]: () => task.id,
	};
	return timer;
}

function clear(timer: unknown): void {
	tasks = tasks.filter((task) => task !== (timer as { task?: Task } | undefined)?.task);
}

const env: NodeEnvironment = {
	now: () => now,
	epochMs: 1_000_000_000_000,
	// A sequence that no generator of chance would give, and that every test can foretell.
	random: () => (draws++ % 16) / 16,
	setTimeout: (callback, ms = 1, ...args) => schedule(() => callback(...args), ms),
	clearTimeout: clear,
	setInterval: (callback, ms = 1, ...args) => schedule(() => callback(...args), ms, ms),
	clearInterval: clear,
	setImmediate: (callback, ...args) => schedule(() => callback(...args), 0),
	clearImmediate: clear,
	queueMicrotask: (callback) => {
		Promise.resolve()
			.then(callback)
			.catch((error) => uncaught.push(String(error)));
	},
	log: (level, text) => logs.push({ level, text }),
	isLogging: () => isLogging,
	refuse: (what) => {
		throw new Error(`${what} is not available on a simulated machine`);
	},
};

/** Runs the next task that is due by `until`; false if there is none. */
function step(until: number): boolean {
	const next = tasks.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due || a.id - b.id)[0];
	if (next === undefined) {
		now = Math.max(now, until);
		return false;
	}
	now = next.due;
	if (next.every === undefined) tasks = tasks.filter((task) => task !== next);
	else next.due += next.every;
	next.run();
	return true;
}

/**
 * Everything that can be reached from `from`, along properties, accessors, symbols and prototypes: how many objects, and
 * which of them are of another realm. It is enough to look at the functions, for a foreign object has foreign methods.
 */
function explore(from: unknown[]): { objects: number; foreign: string[] } {
	const seen = new Set<unknown>();
	const foreign: string[] = [];
	const queue = [...from];
	while (queue.length > 0) {
		const value = queue.pop();
		if (((typeof value !== "object" || value === null) && typeof value !== "function") || seen.has(value)) continue;
		seen.add(value);
		const parent: unknown = Object.getPrototypeOf(value);
		if (typeof value === "function") {
			let root: object = value;
			while (Object.getPrototypeOf(root) !== null) root = Object.getPrototypeOf(root);
			if (root !== Object.prototype) foreign.push(value.name);
		}
		queue.push(parent);
		if (ArrayBuffer.isView(value)) continue;
		for (const key of Reflect.ownKeys(value)) {
			const { value: own, get, set } = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
			queue.push(own, get, set);
		}
	}
	return { objects: seen.size, foreign };
}

isolate(true);
const performance: () => unknown = lazy(() =>
	createPerformance(env, () => node.globals.DOMException() as DOMExceptionClass),
);
const node: NodeModules = createNodeModules(env, performance);
const globals: Record<string, () => unknown> = { ...node.globals, performance };
const mute = () => {
	isLogging = false;
};
const core = {
	env,
	node: { ...node, globals },
	explore,
	step,
	logs,
	mute,
	uncaught,
	createNodeModules,
	AVAILABLE_MODULES,
	draws: () => draws,
};
Object.assign(globalThis, { core, require: node.require });
for (const [name, make] of Object.entries(globals)) {
	Object.defineProperty(globalThis, name, { get: make, configurable: true });
}
for (const name of ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate"]) {
	Object.defineProperty(globalThis, name, { value: Reflect.get(env, name), configurable: true });
}
