/**
 * Stands after 150 to 300 ms, the range that the paper uses as its example (§5.2), with a heartbeat every 50 ms. §5.6 only asks
 * that a broadcast takes much less than a timeout, and a timeout much less than the time between failures. Twice as many heartbeats as
 * the lab advises, and on a bad network elections that nobody needed: neither is wrong.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ electionTimeoutMinMs: 150, electionTimeoutMaxMs: 300, heartbeatIntervalMs: 50 });
