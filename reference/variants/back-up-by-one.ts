/**
 * After a refusal the leader goes back by one entry, as in figure 2 ("decrement nextIndex and retry"). Right, and too slow for one test:
 * in the unreliable Figure 8 logs differ by hundreds of entries and a round trip may take seconds. The paper doubts that more is
 * needed in practice (end of §5.3); the lab says that it is.
 */
import { makeRefusing } from "./support/refusing.ts";

export const make = makeRefusing(({ prevLogIndex }) => prevLogIndex);
