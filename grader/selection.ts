import { parseSeed, type Seed } from "../harness/index.ts";
import { catalog, parts } from "../labs/catalog.ts";
import { UsageError } from "./usage-error.ts";

/** A test to run; with a seed, that very run of it. */
export interface Selected {
	readonly test: string;
	readonly seed: Seed | undefined;
}

/**
 * Reads what to run: parts (`2A`), tests (`Figure8`), runs (`Figure8@1f3a`), or `all`. Nothing means all. Case does not matter, and the
 * Go lab's names (`TestFigure8`, `TestFigure82C`) are understood too.
 *
 * @param grep - keeps only the tests whose part and name match, as in `2B Backup`.
 * @throws UsageError for an unknown part or test, a seed that isn't one, or a pattern that isn't one or matches nothing.
 */
export function selectTests(words: readonly string[], grep: string | undefined): readonly Selected[] {
	const chosen = words.length === 0 ? select("all") : words.flatMap(select);
	const unique = new Map(chosen.map((selected) => [`${selected.test}@${selected.seed ?? ""}`, selected]));
	const pattern = grep === undefined ? undefined : toPattern(grep);
	const kept = [...unique.values()].filter(({ test }) => pattern?.test(`${partOf(test)} ${test}`) ?? true);
	if (kept.length === 0) throw new UsageError(`--grep ${grep}: no test matches; raft-grade --list names them`);
	return kept;
}

/** The part that a test belongs to. */
export function partOf(test: string): string {
	return catalog.find(({ id }) => id === test)?.part ?? "";
}

function select(word: string): readonly Selected[] {
	const wanted = word.toLowerCase();
	if (wanted === "all") return catalog.map(({ id }) => ({ test: id, seed: undefined }));
	const part = parts.find((known) => known.part.toLowerCase() === wanted)?.part;
	if (part !== undefined) {
		return catalog.filter((entry) => entry.part === part).map(({ id }) => ({ test: id, seed: undefined }));
	}
	const [name = "", seed] = word.split("@");
	return [{ test: findTest(name), seed: seed === undefined ? undefined : toSeed(seed) }];
}

function findTest(name: string): string {
	const bare = simplify(name);
	const found = catalog.find(({ id }) => simplify(id) === bare);
	if (found !== undefined) return found.id;
	const similar = catalog.filter(({ id }) => isSimilar(simplify(id), bare)).map(({ id }) => id);
	const hint =
		similar.length > 0 ? `did you mean ${similar.slice(0, 3).join(" or ")}?` : "raft-grade --list names them";
	throw new UsageError(`there is no part or test "${name}": ${hint}`);
}

/** `TestFigure82C` and `figure8` name the same test. */
function simplify(name: string): string {
	return name
		.toLowerCase()
		.replace(/^test/, "")
		.replace(/[23][abcd]$/, "");
}

/** Whether somebody who typed `typed` may have meant `name`: one holds the other, or they are at most two slips apart. */
function isSimilar(name: string, typed: string): boolean {
	if (typed.length < 3) return false;
	return name.includes(typed) || typed.includes(name) || editDistance(name, typed) <= 2;
}

/** How many characters must be inserted, deleted or replaced to turn one text into the other (Levenshtein). */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
		}
		row = next;
	}
	return row[b.length] as number;
}

/** Reads a seed from the command line. */
export function toSeed(text: string): Seed {
	try {
		return parseSeed(text);
	} catch (error) {
		throw error instanceof RangeError ? new UsageError(error.message) : error;
	}
}

function toPattern(text: string): RegExp {
	try {
		return new RegExp(text, "i");
	} catch (error) {
		throw new UsageError(`--grep ${text}: ${(error as Error).message}`);
	}
}
