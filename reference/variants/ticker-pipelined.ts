/**
 * The ticker with a pipeline (thesis §10.2.2): entries count as received once they are sent, so that each request carries only what is
 * new, and several are under way to a peer. If one is lost or they arrive in another order, the consistency check refuses those that come
 * too early (§5.3), and the leader goes back, once for all that were under way: else Count would now and then see more RPCs than it allows.
 * nextIndex is a guess; matchIndex, on which commitment rests, still comes from answers alone.
 */
import { makeTicker } from "./ticker.ts";

export const make = makeTicker({ entriesMax: Number.POSITIVE_INFINITY, optimistic: true });
