import { type AnyFunction, type NodeEnvironment, refusal } from "./environment.ts";
import { abortError, invalidArgument } from "./errors.ts";
import type { Signal } from "./event-target.ts";

declare const require: (name: string) => unknown;

interface Emitter {
	on(name: PropertyKey, listener: AnyFunction): unknown;
	off(name: PropertyKey, listener: AnyFunction): unknown;
	emit(name: PropertyKey, ...args: unknown[]): boolean;
	listeners(name: PropertyKey): AnyFunction[];
	listenerCount(name: PropertyKey): number;
	setMaxListeners(count: number): unknown;
	getMaxListeners(): number;
}

type EmitterClass = AnyFunction & { prototype: Emitter; defaultMaxListeners: number } & Record<string, unknown>;

interface Options {
	signal?: Signal;
	close?: readonly PropertyKey[];
}

/** `node:events`: the `events` package, with what Node has gained since: signals, `on`, `errorMonitor` and the like. */
export function createEvents(env: NodeEnvironment): EmitterClass {
	const EventEmitter = require("events/") as EmitterClass;
	const errorMonitor = Symbol("events.errorMonitor");

	const { emit } = EventEmitter.prototype;
	EventEmitter.prototype.emit = function (this: Emitter, name, ...args) {
		if (name === "error" && this.listenerCount(errorMonitor) > 0) emit.call(this, errorMonitor, ...args);
		return emit.call(this, name, ...args);
	};

	return Object.assign(EventEmitter, {
		once,
		on,
		errorMonitor,
		captureRejectionSymbol: Symbol.for("nodejs.rejection"),
		captureRejections: false,
		usingDomains: false,
		getEventListeners: (emitter: Emitter, name: PropertyKey) => emitter.listeners(name),
		getMaxListeners: (emitter: Emitter) => emitter.getMaxListeners(),
		setMaxListeners: (count = 10, ...emitters: Emitter[]) => {
			if (emitters.length === 0) EventEmitter.defaultMaxListeners = count;
			for (const emitter of emitters) emitter.setMaxListeners?.(count);
		},
		EventEmitterAsyncResource: refusal(env, "events.EventEmitterAsyncResource"),
	});
}

/** Adds listeners to an emitter or an event target; returns what takes them all off again. */
function listen(emitter: unknown, listeners: Iterable<[PropertyKey, AnyFunction]>): () => void {
	const entries = [...listeners];
	const target = emitter as Partial<Emitter> & {
		addEventListener?(name: PropertyKey, listener: AnyFunction): void;
		removeEventListener?(name: PropertyKey, listener: AnyFunction): void;
	};
	if (typeof target?.on === "function") {
		for (const entry of entries) target.on(...entry);
		return () => {
			for (const entry of entries) target.off?.(...entry);
		};
	}
	if (typeof target?.addEventListener !== "function") {
		throw invalidArgument("emitter", "an instance of EventEmitter or EventTarget", emitter);
	}
	// For an event target "error" is an event like any other.
	const named = entries.filter(([name], i) => i === 0 || name !== "error");
	for (const entry of named) target.addEventListener(...entry);
	return () => {
		for (const entry of named) target.removeEventListener?.(...entry);
	};
}

/** Runs `abort` when the signal is aborted; returns what forgets about it. */
function whenAborted(signal: Signal | undefined, abort: (error: Error) => void): () => void {
	if (signal === undefined) return () => {};
	const listener = () => abort(abortError(signal.reason));
	signal.addEventListener("abort", listener, { once: true });
	return () => signal.removeEventListener("abort", listener);
}

/** The arguments of the next such event; rejects at an "error" (unless that is the event) and when aborted. */
async function once(emitter: unknown, name: PropertyKey, { signal }: Options = {}): Promise<unknown[]> {
	if (signal?.aborted) throw abortError(signal.reason);
	let finish = () => {};
	try {
		return await new Promise<unknown[]>((resolve, reject) => {
			const listeners: [PropertyKey, AnyFunction][] = [[name, (...args) => resolve(args)]];
			if (name !== "error") listeners.push(["error", reject]);
			const leave = listen(emitter, listeners);
			const forget = whenAborted(signal, reject);
			finish = () => {
				leave();
				forget();
			};
		});
	} finally {
		finish();
	}
}

/** The arguments of every such event from now on, in order, those included that come while nobody waits. */
function on(
	emitter: unknown,
	name: PropertyKey,
	{ signal, close = [] }: Options = {},
): AsyncIterableIterator<unknown[]> {
	if (signal?.aborted) throw abortError(signal.reason);
	const arrived: unknown[][] = [];
	const waiting: { resolve(result: IteratorResult<unknown[]>): void; reject(error: unknown): void }[] = [];
	let failure: { error: unknown } | undefined;
	let finished = false;

	const leave = listen(emitter, [
		[
			name,
			(...args) => {
				const next = waiting.shift();
				if (next === undefined) arrived.push(args);
				else next.resolve({ value: args, done: false });
			},
		],
		...(name === "error" ? [] : [["error", fail] as [PropertyKey, AnyFunction]]),
		...close.map((event): [PropertyKey, AnyFunction] => [event, () => void finish()]),
	]);
	const forget = whenAborted(signal, fail);

	function finish(): Promise<IteratorResult<unknown[]>> {
		leave();
		forget();
		finished = true;
		for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
		return Promise.resolve({ value: undefined, done: true });
	}

	function fail(error: unknown): void {
		const next = waiting.shift();
		if (next === undefined) failure = { error };
		else next.reject(error);
		void finish();
	}

	return {
		next() {
			const value = arrived.shift();
			if (value !== undefined) return Promise.resolve({ value, done: false });
			if (failure !== undefined) {
				const { error } = failure;
				failure = undefined;
				return Promise.reject(error);
			}
			if (finished) return Promise.resolve({ value: undefined, done: true });
			return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
		},
		return: finish,
		throw(error) {
			fail(error);
			return Promise.resolve({ value: undefined, done: true });
		},
		[Symbol.asyncIterator]() {
			return this;
		},
	};
}
