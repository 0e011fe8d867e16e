/** A file of Mocha tests. */
export interface Suite {
	readonly name: string;
	/** Imports it: its tests are declared then, the first time in a process. */
	load(): Promise<unknown>;
}

/** The suites of 2A–2D, in order. */
export const SUITES: readonly Suite[] = [
	{ name: "2A", load: () => import("./2a.ts") },
	{ name: "2B", load: () => import("./2b.ts") },
	{ name: "2C", load: () => import("./2c.ts") },
	{ name: "2D", load: () => import("./2d.ts") },
];

/** All suites, that of part 2X included, which is run on request. */
export const ALL_SUITES: readonly Suite[] = [...SUITES, { name: "2X", load: () => import("./2x.ts") }];
