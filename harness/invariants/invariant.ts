import type { EventListener } from "../events.ts";
import type { FailureDetails } from "../failure.ts";

/** Says that an invariant is violated: a sentence about servers, terms and indices. */
export type Fail = (sentence: string, details: FailureDetails) => void;

/** A safety property: makes a listener that looks at every event of a run and calls `fail` when the property is violated. */
export type Invariant = (fail: Fail) => EventListener;
