import { type AnyFunction, type NodeEnvironment, refusal } from "./environment.ts";
import { requireFunction } from "./errors.ts";

const VERSION = "20.0.0";

// What would reach out of the machine, or end more than the machine's own program.
const REFUSED = [
	"abort",
	"binding",
	"chdir",
	"cpuUsage",
	"disconnect",
	"dlopen",
	"exit",
	"getBuiltinModule",
	"getegid",
	"geteuid",
	"getgid",
	"getgroups",
	"getuid",
	"kill",
	"loadEnvFile",
	"openStdin",
	"reallyExit",
	"resourceUsage",
	"send",
	"setUncaughtExceptionCaptureCallback",
	"setgid",
	"setuid",
	"umask",
];

const LISTENER_METHODS = [
	"addListener",
	"off",
	"on",
	"once",
	"prependListener",
	"prependOnceListener",
	"removeAllListeners",
	"removeListener",
	"setMaxListeners",
];

/** `node:process` and the global `process`: the little of it that a program on a simulated machine can have. */
export function createProcess(env: NodeEnvironment) {
	function hrtime(since?: readonly [number, number]): [seconds: number, nanoseconds: number] {
		const now = nanoseconds(env) - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
		const seconds = now / 1_000_000_000n;
		return [Number(seconds), Number(now - seconds * 1_000_000_000n)];
	}
	hrtime.bigint = () => nanoseconds(env);

	const process: Record<PropertyKey, unknown> = {
		title: "node",
		version: `v${VERSION}`,
		versions: { node: VERSION },
		release: { name: "node" },
		platform: "linux",
		arch: "x64",
		pid: 1,
		ppid: 0,
		env: {},
		argv: [],
		execArgv: [],
		argv0: "node",
		exitCode: undefined,
		stdout: stream(env, "log", 1),
		stderr: stream(env, "error", 2),
		cwd: () => "/",
		uptime: () => env.now() / 1000,
		hrtime,
		memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), {
			rss: () => 0,
		}),
		// There is one queue of jobs here: a tick takes its turn among the promises, where Node lets it go ahead of them.
		nextTick: (callback: AnyFunction, ...args: unknown[]) => {
			requireFunction("callback", callback);
			env.queueMicrotask(() => void callback(...args));
		},
		emitWarning: (warning: unknown, options?: string | { type?: string }) => {
			const type = typeof options === "string" ? options : (options?.type ?? "Warning");
			env.log("warn", warning instanceof Error ? String(warning) : `${type}: ${warning}`);
		},
		// Nothing is ever emitted: an uncaught exception is the machine's business, and a signal has nowhere to come from.
		emit: () => false,
		listeners: () => [],
		listenerCount: () => 0,
		eventNames: () => [],
		[Symbol.toStringTag]: "process",
	};
	for (const name of LISTENER_METHODS) process[name] = () => process;
	for (const name of REFUSED) process[name] = refusal(env, `process.${name}()`);
	Object.defineProperty(process, "stdin", { get: refusal(env, "process.stdin"), configurable: true });
	return process;
}

function nanoseconds(env: NodeEnvironment): bigint {
	return BigInt(Math.round(env.now() * 1e6));
}

// Writing is all that can be done with these, and it writes to the log, which has lines.
function stream(env: NodeEnvironment, level: "log" | "error", fd: number) {
	const write = (chunk: unknown, ...rest: unknown[]) => {
		const text = typeof chunk === "string" ? chunk : String(chunk);
		env.log(level, text.replace(/\n$/, ""));
		const callback = rest.at(-1);
		if (typeof callback === "function") env.queueMicrotask(() => void callback());
		return true;
	};
	return { write, fd, isTTY: false, writable: true, columns: 80 };
}
