/**
 * The ticker with at most 100 entries in an AppendEntries; the rest goes when these are confirmed. Figure 2 has "one or more entries" in a
 * request, as many as a leader sees fit. A follower that lacks much is brought up to date in several round trips.
 */
import { makeTicker } from "./ticker.ts";

export const make = makeTicker({ entriesMax: 100, optimistic: false });
