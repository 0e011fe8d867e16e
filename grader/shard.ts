import { UsageError } from "./usage-error.ts";

/** One share of a grading's runs: several machines, or several jobs of a CI, make a share each. */
export interface Shard {
	/** Which share, from 1 to `count`. */
	readonly index: number;
	/** How many shares there are. */
	readonly count: number;
}

/**
 * Reads a share as a person types it: `2/4` is the second of four.
 *
 * @throws UsageError if it isn't one.
 */
export function parseShard(text: string): Shard {
	const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim());
	if (match === null) throw new UsageError(`"${text}" is not a shard: give which of how many, such as 1/4`);
	const [index, count] = [Number(match[1]), Number(match[2])];
	if (index < 1) throw new UsageError(`"${text}" is not a shard: they are counted from 1, as in 1/4`);
	if (index > count) throw new UsageError(`"${text}" is not a shard: there is no number ${index} of ${count}`);
	return { index, count };
}

/**
 * Whether a run belongs to a share. Runs are dealt out like cards, so that the shares of a test with many schedules are alike.
 *
 * @param runIndex - the run's number among all planned runs, from 0: tests in order, each one's repetitions in order.
 */
export function inShard(runIndex: number, { index, count }: Shard): boolean {
	return runIndex % count === index - 1;
}
