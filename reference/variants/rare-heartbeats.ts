/**
 * Sends a heartbeat only every 150 ms and waits 400 to 800 ms for one. What was lost is repeated later, and followers that learn of a
 * commit by heartbeat apply later. §5.2 asks for heartbeats that come well within a timeout, and here two can be lost.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ electionTimeoutMinMs: 400, electionTimeoutMaxMs: 800, heartbeatIntervalMs: 150 });
