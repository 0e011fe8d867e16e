/** The globals that are Node's. The timers are not among them, nor is `performance`: they are the core's own. */
export const GLOBAL_NAMES = [
	"Buffer",
	"TextEncoder",
	"TextDecoder",
	"structuredClone",
	"AbortController",
	"AbortSignal",
	"Event",
	"CustomEvent",
	"EventTarget",
	"DOMException",
	"atob",
	"btoa",
	"console",
	"crypto",
	"process",
] as const;

export type GlobalName = (typeof GLOBAL_NAMES)[number];
