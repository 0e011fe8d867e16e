/**
 * After a refusal the leader goes back half the way to the log's beginning. §5.3 only wants nextIndex to go down until the logs match;
 * how far each time is open, and the fewer rounds the better. A follower may be sent much that it has, or a snapshot that it could have
 * done without.
 */
import { makeRefusing } from "./support/refusing.ts";

export const make = makeRefusing(({ prevLogIndex }) => Math.ceil(prevLogIndex / 2));
