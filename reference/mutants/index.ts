/**
 * Wrong solutions: each is the model solution with one mistake that people make in this lab. The labs are only as good as what they catch.
 */
import { appending } from "./appending.ts";
import { apply } from "./apply.ts";
import { asynchrony } from "./asynchrony.ts";
import { candidates } from "./candidates.ts";
import { commit } from "./commit.ts";
import { compaction } from "./compaction.ts";
import { installing } from "./installing.ts";
import type { Mutant } from "./mutant.ts";
import { persistence } from "./persistence.ts";
import { replicating } from "./replicating.ts";
import { start } from "./start.ts";
import { terms } from "./terms.ts";
import { timers } from "./timers.ts";
import { votes } from "./votes.ts";

export type { Mutant } from "./mutant.ts";

/** All of them, by family. */
export const mutants: readonly Mutant[] = [
	...votes,
	...candidates,
	...terms,
	...timers,
	...appending,
	...replicating,
	...commit,
	...apply,
	...persistence,
	...compaction,
	...installing,
	...asynchrony,
	...start,
];
