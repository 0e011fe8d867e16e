/**
 * Asks whether it could win before it stands (thesis §9.6). Terms grow more slowly, and a server that returns brings down no leader;
 * an election takes a round more. The vote itself is figure 2's.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ preVote: true });
