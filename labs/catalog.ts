import { part2A } from "./catalog/2a.ts";
import { part2B } from "./catalog/2b.ts";
import { part2C } from "./catalog/2c.ts";
import { part2D } from "./catalog/2d.ts";
import { part2X } from "./catalog/2x.ts";
import type { Entry, Part } from "./catalog/entry.ts";

export type { Part } from "./catalog/entry.ts";

const entries = [...part2A, ...part2B, ...part2C, ...part2D] as const;

/** The name of a test: one of the 28 of 2A–2D, or of part 2X. */
export type TestId = (typeof entries | typeof part2X)[number]["id"];

/** A test of the catalogue. */
export interface CatalogEntry extends Entry {
	readonly id: TestId;
}

/** The parts of the lab, in order, and what each is about. */
export const parts: readonly { readonly part: Part; readonly title: string }[] = [
	{ part: "2A", title: "leader election" },
	{ part: "2B", title: "log" },
	{ part: "2C", title: "persistence" },
	{ part: "2D", title: "log compaction" },
	{ part: "2X", title: "trouble at the worst moment" },
];

/** The 28 tests in the order in which they are run. Their points sum to 100. */
export const catalog: readonly CatalogEntry[] = entries;

/** The tests of part 2X, which are run only when somebody asks for them: beyond the labs, and worth points of their own. */
export const extraCatalog: readonly CatalogEntry[] = part2X;

const byId: ReadonlyMap<string, CatalogEntry> = new Map(
	[...catalog, ...extraCatalog].map((entry) => [entry.id, entry]),
);

/** The catalogue's entry for a test, or undefined if there is no test of that name. */
export function entryOf(id: string): CatalogEntry | undefined {
	return byId.get(id);
}
