/** A file of Mocha tests. */
export interface Suite {
	readonly name: string;
	/** Imports it: its tests are declared then, the first time in a process. */
	load(): Promise<unknown>;
}

/** The labs' own suites, in order. */
export const SUITES: readonly Suite[] = [
	{ name: "2A", load: () => import("./2a.ts") },
	{ name: "2B", load: () => import("./2b.ts") },
	{ name: "2C", load: () => import("./2c.ts") },
	{ name: "2D", load: () => import("./2d.ts") },
];
