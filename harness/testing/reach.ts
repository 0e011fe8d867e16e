/**
 * Runs inside a machine, as part of a submission: looks at everything that can be reached there, and says what does not
 * belong to the machine's realm.
 */

/** What was looked at, and the paths to what came from elsewhere. */
export interface Survey {
	readonly visited: number;
	readonly foreign: readonly string[];
}

type Found = readonly [path: string, value: unknown, calls: number];

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, get, apply, construct } = Reflect;
const { prototype } = Object;

/** More than there should be in a realm. */
const VISITED_MAX = 100_000;

/** How many items of something iterable are looked at. */
const ITEMS_MAX = 20;

/**
 * Walks from the roots over properties, prototypes, accessors and items.
 *
 * @param calls - how many calls deep results and errors of calls are looked at, too: every function is then called in many wrong ways.
 */
export async function survey(roots: Readonly<Record<string, unknown>>, calls: number): Promise<Survey> {
	const seen = new Set<unknown>();
	const foreign: string[] = [];
	let found: Found[] = Object.entries(roots).map(([path, value]) => [path, value, calls]);
	while (found.length > 0) {
		const promises: Found[] = [];
		for (let next = found.pop(); next !== undefined; next = found.pop()) {
			if (seen.size > VISITED_MAX) throw new Error(`there is no end to it: ${next[0]}`);
			const [path, value] = next;
			if (!isObject(value) || seen.has(value)) continue;
			seen.add(value);
			if (leadsToTraps(value)) continue;
			if (!isOfThisRealm(value)) foreign.push(path);
			for (const one of neighbours(value)) found.push([`${path}${one[0]}`, one[1], next[2]]);
			if (typeof value === "function" && next[2] > 0) {
				for (const one of outcomes(value as Callable)) found.push([`${path}(…)`, one, next[2] - 1]);
			}
			if (value instanceof Promise) promises.push(next);
		}
		found = await settled(promises);
	}
	return { visited: seen.size, foreign };
}

type Callable = (...args: unknown[]) => unknown;

function isObject(value: unknown): value is object {
	return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Whether the object's prototypes end at this realm's Object.prototype, or it has none, and whether it leads to nothing else. */
export function isOfThisRealm(value: unknown): boolean {
	if (!isObject(value)) return true;
	let last = value;
	for (let up = getPrototypeOf(last); up !== null; up = getPrototypeOf(last)) last = up;
	if (last !== prototype && last !== value) return false;
	return attempt(() => {
		const made: unknown = (value as { constructor: { constructor: Callable } }).constructor.constructor(
			"return process",
		);
		return (made as Callable)();
	}).every((outcome) => outcome instanceof Error);
}

function* neighbours(value: object): Generator<readonly [string, unknown]> {
	yield ["[[Prototype]]", getPrototypeOf(value)];
	for (const key of ownKeys(value)) {
		const step = typeof key === "string" ? `.${key}` : `[${String(key)}]`;
		const descriptor = getOwnPropertyDescriptor(value, key);
		if (descriptor === undefined) continue;
		yield [step, descriptor.value];
		yield [`${step} (get)`, descriptor.get];
		yield [`${step} (set)`, descriptor.set];
		for (const one of attempt(() => get(value, key))) yield [step, one];
	}
	if (Array.isArray(value)) return;
	const items: unknown[] = [];
	attempt(() => {
		for (const item of value as Iterable<unknown>) if (items.push(item) >= ITEMS_MAX) break;
	});
	for (const item of items) yield ["[…]", item];
}

/** What comes of calling a function wrongly: its results, and what it throws. */
function* outcomes(f: Callable): Generator<unknown> {
	for (const args of [[], [Symbol("s")], [null, null], [{}, {}], [() => {}, {}], [TRAPS, TRAPS]]) {
		yield* attempt(() => apply(f, undefined, args));
		yield* attempt(() => construct(f, args));
	}
}

/** Throws whatever is done to it. */
const TRAPS = new Proxy(
	() => {},
	new Proxy(
		{},
		{
			get: () => () => {
				throw { not: "an error" };
			},
		},
	),
);

/** Whether it is, or was made from, {@link TRAPS}. */
function leadsToTraps(value: object): boolean {
	try {
		for (let up: object | null = value; up !== null; up = getPrototypeOf(up)) if (up === TRAPS) return true;
		return false;
	} catch {
		return true;
	}
}

/** What a function returns or throws, as a list of one. */
function attempt(f: () => unknown): unknown[] {
	try {
		return [f()];
	} catch (thrown) {
		return [thrown];
	}
}

/** What the promises come to, as far as it takes no time. */
async function settled(promises: readonly Found[]): Promise<Found[]> {
	const found: Found[] = [];
	for (const [path, promise, calls] of promises) {
		const note = (value: unknown) => void found.push([`${path} → `, value, calls]);
		(promise as Promise<unknown>).then(note, note);
	}
	for (let i = 0; i < 20; i++) await null;
	return found;
}

/** How many frames from the end of the stack on a function is tried. */
const FRAMES = 200;

/** What a function returns or throws when it is called near the end of the stack: from each of the last frames, of several sizes. */
export function nearTheEnd(f: () => unknown): unknown[] {
	const outcomes: unknown[] = [];
	for (const width of [0, 1, 5, 20, 51]) {
		let left = FRAMES;
		const padding: number[] = new Array(width).fill(0);
		const descend = (...args: number[]): void => {
			try {
				descend(...args);
			} catch {
				// The end. Now back, frame by frame.
			}
			if (left-- <= 0) return;
			try {
				outcomes.push(f());
			} catch (thrown) {
				outcomes.push(thrown);
			}
		};
		descend(...padding);
	}
	return outcomes;
}
