import type { Schedule } from "../../../harness/index.ts";

/**
 * With whose eyes a pass is looked at. *calm, own*: the lab's own assertions in a calm schedule, which is what the Go tester would see. *calm*: with the
 * safety invariants, which is what a single `raft-grade all` does. *race*: with race schedules too, as most of `--race-repeat` are.
 */
export const COLUMNS = ["calm, own", "calm", "race"] as const;

/** One of {@link COLUMNS}. */
export type Column = (typeof COLUMNS)[number];

/** The schedule of a column's runs. */
export function scheduleFor(column: Column): Schedule {
	return column === "race" ? "race" : "calm";
}
