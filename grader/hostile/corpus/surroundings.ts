import { fails, type Hostile, NOTHING, unusable } from "../hostile.ts";

function imported(module: string, what: string): Hostile {
	return {
		name: `import-${module.replace(/\W/g, "-")}`,
		tries: what,
		act: { module: `import * as taken from "node:${module}"; used.push(taken);` },
		gets: unusable(new RegExp(`node:${module} is not available on a simulated machine`)),
	};
}

/** The environment, the network, other processes. */
export const surroundings: readonly Hostile[] = [
	{
		name: "environment",
		tries: "reads its environment, and reports what it found as an error",
		act: {
			onCommand:
				"throw new Error('env ' + JSON.stringify([process.env, process.argv, process.cwd?.(), process.execPath, process.title]));",
		},
		gets: fails(/start\(\) threw: Error: env /),
	},
	{
		name: "network",
		tries: "calls out by fetch, WebSocket and a beacon",
		act: {
			before:
				"for (const f of [() => fetch('http://127.0.0.1:9/'), () => new WebSocket('ws://127.0.0.1:9/'), () => navigator.sendBeacon('http://127.0.0.1:9/'), () => new XMLHttpRequest()]) { const made = tried(f); if (!(made instanceof ReferenceError)) throw new Error('ESCAPED: a network'); }",
		},
		gets: NOTHING,
	},
	imported("net", "opens a socket"),
	imported("child_process", "starts another process"),
	imported("worker_threads", "starts a thread"),
	imported("vm", "makes another realm"),
	imported("inspector", "attaches a debugger to its own process"),
	imported("module", "makes a require() of Node's own"),
	{
		name: "bindings",
		tries: "asks for Node's internal bindings and for native add-ons",
		act: {
			onCommand:
				"tried(() => process.dlopen({}, '/lib/x.so')); tried(() => process.binding('fs')); tried(() => process.getBuiltinModule('fs'));",
		},
		gets: fails(/process\.(?:dlopen|binding)\(\) is not available on a simulated machine/),
	},
	{
		name: "real-clock",
		tries: "looks for a clock that is not the machine's",
		act: {
			before:
				"const clocks = () => [Date.now(), new Date().getTime(), +new Date(), performance.now(), performance.timeOrigin, process.uptime(), Number(process.hrtime.bigint()), new Date().toLocaleString(), tried(() => new Event('x').timeStamp)].map(String).join(); const before = clocks(); let x = 0; for (let i = 0; i < 3e6; i++) x += i; if (before !== clocks() || new Date().getFullYear() !== 2025) throw new Error('ESCAPED: time goes by ' + x);",
		},
		gets: NOTHING,
	},
];
