/**
 * Wrong solutions: each is the model solution with one mistake that people make in this lab. The labs are only as good as what they catch.
 */
import { apply } from "./apply.ts";
import { commit } from "./commit.ts";
import { log } from "./log.ts";
import type { Mutant } from "./mutant.ts";
import { persistence } from "./persistence.ts";
import { snapshots } from "./snapshots.ts";
import { start } from "./start.ts";
import { terms } from "./terms.ts";
import { timers } from "./timers.ts";
import { votes } from "./votes.ts";

export type { Mutant } from "./mutant.ts";

/** All of them, by family. */
export const mutants: readonly Mutant[] = [
	...votes,
	...terms,
	...timers,
	...log,
	...commit,
	...apply,
	...persistence,
	...snapshots,
	...start,
];
