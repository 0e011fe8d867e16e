/** What `raft-grade/labs` gives: the catalogue of the 28 tests, and the way to declare a test. */

export type { CatalogEntry, Part, TestId } from "./catalog.ts";
export { catalog, entryOf, extraCatalog, parts } from "./catalog.ts";
export type { LabBody, LabOptions } from "./lab.ts";
export { lab } from "./lab.ts";
