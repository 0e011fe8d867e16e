import { formatChoices, parseChoices, parseSeed, type Seed } from "../harness/index.ts";
import { UsageError } from "./usage-error.ts";

/** What a run of a test is, beside the test: its seed, and, if it was shrunk, the choices that it was shrunk to. */
export interface RunOfTest {
	readonly seed: Seed;
	/** Which choices keep what was drawn, as formatChoices writes them; undefined: all, as in any run that was not shrunk. */
	readonly kept?: string | undefined;
}

/** A run's name, by which it can be made again: `Figure8@90c67a1b5d3e2f48`, or `Figure8@90c67a1b5d3e2f48~L20hZ13` for one that was shrunk. */
export function runName(test: string, { seed, kept }: RunOfTest): string {
	return `${test}@${seed}${kept === undefined ? "" : `~${kept}`}`;
}

/**
 * Reads what stands after the @ in a run's name.
 *
 * @throws UsageError for what names no run.
 */
export function parseRun(text: string): RunOfTest {
	const [seed = "", kept, ...rest] = text.split("~");
	if (rest.length > 0) throw new UsageError(`"${text}" names no run: there is more than one ~ in it`);
	return { seed: toSeed(seed), kept: kept === undefined ? undefined : toKept(kept) };
}

/** In the way in which it is always written: one run has one name. */
function toKept(text: string): string {
	try {
		return formatChoices(parseChoices(text));
	} catch (error) {
		throw error instanceof RangeError ? new UsageError(error.message) : error;
	}
}

/** Reads a seed from the command line. */
export function toSeed(text: string): Seed {
	try {
		return parseSeed(text);
	} catch (error) {
		throw error instanceof RangeError ? new UsageError(error.message) : error;
	}
}
