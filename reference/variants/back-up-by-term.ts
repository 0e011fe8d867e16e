/**
 * After a refusal the leader goes back to the first index of the follower's conflicting term, whatever it has of that term itself. That
 * is §5.3's optimization to the letter ("the leader can decrement nextIndex to bypass all of the conflicting entries in that term"). It
 * may send entries that the follower has already.
 */
import { makeRefusing } from "./support/refusing.ts";

export const make = makeRefusing((_, reply) => reply.conflictIndex);
