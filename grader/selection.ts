import type { Seed } from "../harness/index.ts";
import { catalog, extraCatalog } from "../labs/catalog.ts";
import { parseRun, runName } from "./run-name.ts";
import { similarNames } from "./similar-names.ts";
import { UsageError } from "./usage-error.ts";

/** A test that can be chosen. */
export interface Choosable {
	readonly test: string;
	readonly part: string;
}

/** A test to run; with a seed, that very run of it. */
export interface Selected<Test extends Choosable = Choosable> {
	readonly test: Test;
	readonly seed: Seed | undefined;
	/** Of a run that was shrunk: see RunOfTest. */
	readonly kept?: string | undefined;
}

/** One run of a test, completely named. */
export interface NamedRun<Test extends Choosable = Choosable> extends Selected<Test> {
	readonly seed: Seed;
}

/**
 * Reads what to run: parts (`2A`), tests (`Figure8`), runs (`Figure8@1f3a`), or `all`. Nothing means all. Case does not matter, and the
 * Go lab's names (`TestFigure8`, `TestFigure82C`) are understood too.
 *
 * @param grep - keeps only the tests whose part and name match, as in `2B Backup`.
 * @param tests - those that there are.
 * @param all - those that `all` means.
 * @throws UsageError for an unknown part or test, a seed that isn't one, or a pattern that isn't one or matches nothing.
 */
export function selectTests<Test extends Choosable>(
	words: readonly string[],
	grep: string | undefined,
	tests: readonly Test[],
	all: readonly Test[] = tests,
): readonly Selected<Test>[] {
	const chosen = (words.length === 0 ? ["all"] : words).flatMap((word) => select(word, tests, all));
	const unique = new Map(chosen.map((selected) => [nameOf(selected), selected]));
	const pattern = grep === undefined ? undefined : toPattern(grep);
	const kept = [...unique.values()].filter(({ test }) => pattern?.test(`${test.part} ${test.test}`) ?? true);
	if (kept.length === 0) throw new UsageError(`--grep ${grep}: no test matches; raft-grade --list names them`);
	return kept;
}

/**
 * Reads the name of one run: `Figure8@1f3a`.
 *
 * @throws UsageError if it names no run, or one of no known test.
 */
export function selectRun<Test extends Choosable>(word: string, tests: readonly Test[]): NamedRun<Test> {
	const [chosen] = word.includes("@") ? select(word, tests, tests) : [];
	if (chosen?.seed === undefined) {
		throw new UsageError(`${word}: name a run as test@seed, for example Figure8@90c67a1b5d3e2f48`);
	}
	return { ...chosen, seed: chosen.seed };
}

function select<Test extends Choosable>(
	word: string,
	tests: readonly Test[],
	all: readonly Test[],
): readonly Selected<Test>[] {
	const wanted = word.toLowerCase();
	const meant = wanted === "all" ? all : tests.filter(({ part }) => part.toLowerCase() === wanted);
	if (meant.length > 0) return meant.map((test) => ({ test, seed: undefined }));
	const [name = "", run] = word.split("@");
	const id = findTest(
		name,
		tests.map(({ test }) => test),
	);
	const test = tests.find((known) => known.test === id) as Test;
	return [run === undefined ? { test, seed: undefined } : { test, ...parseRun(run) }];
}

function nameOf({ test, seed, kept }: Selected): string {
	return seed === undefined ? test.test : runName(test.test, { seed, kept });
}

/**
 * The test that a word means.
 *
 * @throws UsageError for an unknown one, with the names that are alike.
 */
export function findTest(
	name: string,
	names: readonly string[] = [...catalog, ...extraCatalog].map(({ id }) => id),
): string {
	const bare = simplify(name);
	const found =
		names.find((known) => known.toLowerCase() === name.toLowerCase()) ??
		names.find((known) => simplify(known) === bare);
	if (found !== undefined) return found;
	const similar = similarNames(names, bare);
	const hint = similar.length > 0 ? `did you mean ${similar.join(" or ")}?` : "raft-grade --list names them";
	throw new UsageError(`there is no part or test "${name}": ${hint}`);
}

/** `TestFigure82C` and `figure8` name the same test. */
function simplify(name: string): string {
	return name
		.toLowerCase()
		.replace(/^test/, "")
		.replace(/[23][abcd]$/, "");
}

function toPattern(text: string): RegExp {
	try {
		return new RegExp(text, "i");
	} catch (error) {
		throw new UsageError(`--grep ${text}: ${(error as Error).message}`);
	}
}
