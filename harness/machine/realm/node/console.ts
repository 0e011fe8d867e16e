import { type LogLevel, type NodeEnvironment, refusal } from "./environment.ts";
import type { Formatters } from "./inspect/format.ts";
import type { Inspect } from "./inspect/inspect.ts";
import type { InspectOptions } from "./inspect/options.ts";
import { tableOf } from "./table.ts";

/** The global `console`: what Node would print becomes lines of this machine's log. */
export function createConsole(env: NodeEnvironment, inspect: Inspect, { format }: Formatters) {
	let indent = "";
	const counts = new Map<string, number>();
	const timers = new Map<string, number>();

	const print = (level: LogLevel, text: string) =>
		env.log(level, indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`));
	const at =
		(level: LogLevel) =>
		(...args: unknown[]) => {
			if (env.isLogging()) print(level, format(...args));
		};
	const log = at("log");
	const warn = at("warn");

	function elapsed(label: unknown, call: string): string | undefined {
		const begun = timers.get(`${label}`);
		if (begun !== undefined) return `${label}: ${duration(env.now() - begun)}`;
		warn(`Warning: No such label '${label}' for console.${call}()`);
		return undefined;
	}

	function trace(...args: unknown[]): void {
		const here = { name: "Trace", message: format(...args), stack: "" };
		Error.captureStackTrace(here, trace);
		// A realm that takes no stacks has none to show.
		print("error", here.stack || `Trace: ${here.message}`);
	}

	function table(data: unknown, columns?: readonly string[]): void {
		// A cell shows an object no deeper than its own properties.
		const show = (value: unknown) =>
			inspect(value, {
				maxArrayLength: 3,
				breakLength: Number.POSITIVE_INFINITY,
				depth: typeof value === "object" ? 0 : 2,
			});
		log(tableOf(data, show, columns) ?? data);
	}

	const group = (...args: unknown[]) => {
		if (args.length > 0) log(...args);
		indent += "  ";
	};

	return {
		log,
		info: at("info"),
		debug: at("debug"),
		warn,
		error: at("error"),
		trace,
		table,
		dir: (value: unknown, options: Partial<InspectOptions> = {}) =>
			print("log", inspect(value, { customInspect: false, ...options })),
		dirxml: log,
		assert: (condition: unknown, ...args: unknown[]) => {
			if (condition) return;
			if (typeof args[0] === "string") warn(`Assertion failed: ${args[0]}`, ...args.slice(1));
			else warn("Assertion failed", ...args);
		},
		count: (label: unknown = "default") => {
			const count = (counts.get(`${label}`) ?? 0) + 1;
			counts.set(`${label}`, count);
			print("log", `${label}: ${count}`);
		},
		countReset: (label: unknown = "default") => {
			if (!counts.delete(`${label}`)) warn(`Warning: Count for '${label}' does not exist`);
		},
		time: (label: unknown = "default") => {
			if (timers.has(`${label}`)) warn(`Warning: Label '${label}' already exists for console.time()`);
			else timers.set(`${label}`, env.now());
		},
		timeEnd: (label: unknown = "default") => {
			const text = elapsed(label, "timeEnd");
			if (text !== undefined) print("log", text);
			timers.delete(`${label}`);
		},
		timeLog: (label: unknown = "default", ...args: unknown[]) => {
			const text = elapsed(label, "timeLog");
			if (text !== undefined) log("%s", text, ...args);
		},
		group,
		groupCollapsed: group,
		groupEnd: () => {
			indent = indent.slice(2);
		},
		clear: () => {},
		timeStamp: () => {},
		profile: () => {},
		profileEnd: () => {},
		Console: refusal(env, "console.Console"),
	};
}

function duration(ms: number): string {
	if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
	if (ms < 60_000) return `${(ms / 1000).toFixed(3)}s`;
	const seconds = ((ms % 60_000) / 1000).toFixed(3).padStart(6, "0");
	return `${Math.floor(ms / 60_000)}:${seconds} (m:ss.mmm)`;
}
