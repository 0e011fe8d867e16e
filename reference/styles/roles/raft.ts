/**
 * Raft as a state pattern: a class for each role (Follower, Candidate, Leader), one of which the server plays at a time.
 * What a server does with a request, a timer or a command depends on the role object alone; the server holds what they share.
 *
 * Choices:
 * - election timeout 400–800 ms; heartbeats every 120 ms;
 * - the log is a Map from index to entry; saved with its terms as runs;
 * - commands and commits are sent in batches, 5 ms after the first; entries are streamed without waiting for answers, and
 *   a command is saved when its batch leaves;
 * - after a refusal, leader and follower each skip all entries of higher terms than the other has there;
 * - check-quorum: a leader that hears from no majority for a second becomes a follower.
 */

import type { Make } from "raft-grade";
import { Server } from "./server.ts";

export const make: Make = (peers, me, persister, applyCh) => new Server(peers, me, persister, applyCh);
