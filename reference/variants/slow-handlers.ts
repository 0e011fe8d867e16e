/**
 * Handlers are async: each waits up to 3 ms before it looks at a request, as if for a lock, and up to 3 ms before its answer leaves. So
 * requests are handled in another order than they came in, and answers overtake each other. The network does the same (§5.1: servers
 * repeat requests, and RPCs are idempotent, §5.5), and whoever asked compares terms and indices with those of the request.
 */
import { sleep } from "raft-grade";
import { makeWaiting } from "./support/waiting.ts";

const wait = () => sleep(3 * Math.random());

export const make = makeWaiting((persister) => ({ persister, waits: { handling: wait, answering: wait } }));
