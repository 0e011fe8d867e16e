/**
 * What a machine does to the world outside it. No function of the host enters a machine: a machine writes its effects
 * into its outbox, and when it has run until idle, the host reads them, in order.
 *
 * The outbox is flat: first how many effects it holds, which the host sets back to 0, then {@link EFFECT_SLOTS} slots an effect: the kind, then up to four operands, all of them primitives
 * or byte arrays that the machine's runtime made for the purpose.
 *
 * Constants, not one object of them: the bundler puts their values where they are used.
 */

/** call id, peer, method, arguments (text) */
export const call = 1;
/** rpc id, reply (text) */
export const reply = 2;
/** timer id, delay in ms */
export const timer = 3;
/** timer id */
export const clearTimer = 4;
/** Raft state (bytes), snapshot (bytes) */
export const save = 5;
/** message number, index, command (text) */
export const apply = 6;
/** message number, index, term, snapshot (bytes) */
export const applySnapshot = 7;
/** message number: neither a command nor a snapshot */
export const applyNothing = 8;
/** topic, text */
export const log = 9;
/** one of {@link FaultKind}, a sentence, the stack (text) or "" */
export const fault = 10;
/** index, term, 1 if leader: the answer of start() */
export const started = 11;

/** How many slots an effect takes in the outbox. */
export const EFFECT_SLOTS = 5;

/**
 * How a submission can be at fault in itself, whatever the labs ask of it.
 *
 * - `exception`: a callback, a handler or a method threw.
 * - `rejection`: a promise was rejected and nobody handled it.
 * - `wire`: a value that cannot go over the wire.
 * - `method`: a call of a method that the other server hasn't got.
 * - `shape`: something returned, passed or exported has the wrong shape.
 * - `refused`: use of something that a simulated machine hasn't got.
 * - `hang`: a step that had to be broken off.
 */
export type FaultKind = "exception" | "rejection" | "wire" | "method" | "shape" | "refused" | "hang";
