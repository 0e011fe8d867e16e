/**
 * Waits 10 ms for company before it saves and sends a command. When a leader replicates is its own affair (§5.3): start() promises
 * nothing. A leader that crashes within these 10 ms loses what nobody has heard of.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ batchDelayMs: 10 });
