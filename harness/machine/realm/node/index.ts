import { lazy } from "../lazy.ts";
import { createAbort } from "./abort.ts";
import { createAssert } from "./assert.ts";
import { AVAILABLE_MODULES } from "./available.ts";
import { createBase64Globals } from "./base64.ts";
import { createBuffer } from "./buffer.ts";
import { createConsole } from "./console.ts";
import { createCrypto, createWebCrypto } from "./crypto.ts";
import { createDOMException } from "./dom-exception.ts";
import type { NodeEnvironment } from "./environment.ts";
import { createEvent } from "./event.ts";
import { createEventTarget } from "./event-target.ts";
import { createEvents } from "./events.ts";
import type { GlobalName } from "./global-names.ts";
import { createFormat } from "./inspect/format.ts";
import { createInspect } from "./inspect/inspect.ts";
import { createPath } from "./path.ts";
import { createPerfHooks } from "./performance.ts";
import { createProcess } from "./process.ts";
import { createStringDecoder } from "./string-decoder.ts";
import { createStructuredClone } from "./structured-clone.ts";
import { createTextEncoding } from "./text-encoding.ts";
import { createTimers, createTimersPromises } from "./timers.ts";
import { createUtil } from "./util.ts";
import { createTypes } from "./util-types.ts";

export { AVAILABLE_MODULES } from "./available.ts";
export type { NodeEnvironment, Timer } from "./environment.ts";

/** What a submission finds of Node in its realm. */
export interface NodeModules {
	/** A module by its name, with or without `node:`; refuses those that a machine hasn't got. */
	require(name: string): unknown;
	/** What makes each global value, when it is first asked for. */
	globals: Record<GlobalName, () => unknown>;
}

/**
 * Node, as far as a simulated machine has it, built out of nothing but the language and `env`. Nothing is made before it
 * is asked for; what several parts need is made once.
 *
 * @param performance - makes the global `performance`, or returns what has been made.
 */
export function createNodeModules(env: NodeEnvironment, performance: () => unknown): NodeModules {
	const textEncoding = lazy(createTextEncoding);
	const DOMException = lazy(createDOMException);
	const base64 = lazy(() => createBase64Globals(DOMException()));
	const buffer = lazy(() => createBuffer(env, base64()));
	const events = lazy(() => createEvent(() => env.now()));
	const EventTarget = lazy(() => createEventTarget(env, events().stateOf));
	const abort = lazy(() =>
		createAbort(env, { events: events(), EventTarget: EventTarget(), DOMException: DOMException() }),
	);
	const inspect = lazy(createInspect);
	const formatters = lazy(() => createFormat(inspect()));
	const console = lazy(() => createConsole(env, inspect(), formatters()));
	const assert = lazy(() => createAssert(inspect()));
	const webcrypto = lazy(() => createWebCrypto(env, DOMException()));
	const process = lazy(() => createProcess(env));
	const timersPromises = lazy(() => createTimersPromises(env));
	const types = lazy(createTypes);
	const path = lazy(createPath);

	const modules: Record<string, () => unknown> = {
		assert,
		"assert/strict": () => assert().strict,
		buffer,
		console,
		crypto: lazy(() => createCrypto(env, buffer(), webcrypto())),
		events: lazy(() => createEvents(env)),
		path,
		"path/posix": path,
		perf_hooks: lazy(() => createPerfHooks(env, performance())),
		process,
		string_decoder: lazy(() => createStringDecoder(buffer(), textEncoding())),
		timers: lazy(() => createTimers(env, timersPromises())),
		"timers/promises": timersPromises,
		util: lazy(() =>
			createUtil(env, {
				inspect: inspect(),
				formatters: formatters(),
				types: types(),
				textEncoding: textEncoding(),
				timersPromises: timersPromises(),
			}),
		),
		"util/types": types,
	};

	return {
		require(name) {
			const bare = name.replace(/^node:/, "");
			const make = AVAILABLE_MODULES.includes(bare) ? modules[bare] : undefined;
			return make === undefined ? env.refuse(`the module "${name}"`) : make();
		},
		globals: {
			Buffer: () => buffer().Buffer,
			TextEncoder: () => textEncoding().TextEncoder,
			TextDecoder: () => textEncoding().TextDecoder,
			structuredClone: lazy(() => createStructuredClone(env, DOMException())),
			AbortController: () => abort().AbortController,
			AbortSignal: () => abort().AbortSignal,
			Event: () => events().Event,
			CustomEvent: () => events().CustomEvent,
			EventTarget,
			DOMException,
			atob: () => base64().atob,
			btoa: () => base64().btoa,
			console,
			crypto: webcrypto,
			process,
		},
	};
}
