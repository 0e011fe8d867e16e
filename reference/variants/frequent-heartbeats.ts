/**
 * Sends a heartbeat every 60 ms and still waits 300 to 600 ms for one. Heartbeats have to come well within a timeout (§5.2); how often is
 * open. More than the ten a second that the lab advises, fewer than it counts as too many.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ heartbeatIntervalMs: 60 });
