/**
 * Draws its timeouts from 400 to 500 ms, a third of the model solution's range. Votes are split more often; §5.2 wants timeouts that are
 * random, so that this is rare and soon resolved, and §9.3 shows that even 5 ms of randomness get a leader elected.
 */
import { makeWith } from "../index.ts";

export const make = makeWith({ electionTimeoutMinMs: 400, electionTimeoutMaxMs: 500 });
