import { elections } from "./2x/elections.ts";
import { leftToChance } from "./2x/left-to-chance.ts";
import { replication } from "./2x/replication.ts";
import { snapshots } from "./2x/snapshots.ts";

/** Part 2X, in the order of labs/2x.ts. */
export const part2X = [...elections, ...replication, ...snapshots, ...leftToChance];
