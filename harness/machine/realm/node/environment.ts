/** What the core's timers are: the object that Node's `setTimeout` returns. */
export interface Timer {
	ref(): Timer;
	unref(): Timer;
	hasRef(): boolean;
	refresh(): Timer;
	close(): Timer;
	[Symbol.toPrimitive](): number;
}

/** Where a log line comes from: the console's method, folded to these five. */
export type LogLevel = "log" | "info" | "debug" | "warn" | "error";

/**
 * What the core of the realm gives these modules: virtual time, timers, chance, and a place for log lines. There is no
 * other way from here to anything that differs from run to run.
 */
export interface NodeEnvironment {
	/** Virtual milliseconds since the run began; may be fractional. */
	now(): number;
	/** The wall-clock date at virtual time 0. */
	epochMs: number;
	/** A number in [0, 1) from this machine's own stream. */
	random(): number;
	setTimeout(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): Timer;
	clearTimeout(timer: unknown): void;
	setInterval(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): Timer;
	clearInterval(timer: unknown): void;
	setImmediate(callback: (...args: unknown[]) => void, ...args: unknown[]): Timer;
	clearImmediate(timer: unknown): void;
	queueMicrotask(callback: () => void): void;
	log(level: LogLevel, text: string): void;
	/** Whether anybody reads the log: if not, its lines need not even be formatted. */
	isLogging(): boolean;
	/** Throws the error that says: what is not available on a simulated machine. */
	refuse(what: string): never;
}

/** Any function, for what only wraps and forwards. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A function, or class, that refuses to be used, under the name that the student wrote. */
export function refusal(env: Pick<NodeEnvironment, "refuse">, what: string): () => never {
	// Not an arrow: `new` must reach the refusal too.
	return function refused() {
		return env.refuse(what);
	};
}
