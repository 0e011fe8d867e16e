import type { Seed } from "../../harness/index.ts";
import { type CatalogEntry, catalog, extraCatalog, parts } from "../../labs/catalog.ts";

/** What a submission is graded by: which tests, with which points, how often, and who may see them. */
export interface Policy {
	/** The config file, as an absolute path; undefined if there is none and these are the defaults. */
	readonly file: string | undefined;
	/** Whether a test's points are for passing all its schedules, or shared out among them. */
	readonly scoring: "all-or-nothing" | "fraction";
	/** Suites beside the labs' own, in order. */
	readonly suites: readonly PolicySuite[];
	/** What `--target reference` means, as an absolute path; undefined for the model solution that comes along. */
	readonly reference: string | undefined;
	/** Where in each submission of a class the main module lies, relative to its folder; undefined: where submissions say, or the usual places. */
	readonly target: string | undefined;
	readonly limits: PolicyLimits;
	/** The base seed of every grading; undefined: drawn at random. */
	readonly seed: Seed | undefined;
	/** The tests that are graded, in order: what `all` means. */
	readonly tests: readonly PolicyTest[];
	/** All tests that there are, in order, those that are not graded included: they can still be run by name. */
	readonly known: readonly PolicyTest[];
	/** The parts of all tests that there are, in order. */
	readonly parts: readonly PolicyPart[];
}

/** A part of the lab, or of a course's own. */
export interface PolicyPart {
	readonly part: string;
	/** What it is about, in a few words. */
	readonly title: string;
}

/** A file of a course's own tests. */
export interface PolicySuite {
	/** An absolute path. */
	readonly file: string;
	/** The part to which its tests belong. */
	readonly part: string;
	/** The names of the tests that the config says it declares, in order. */
	readonly tests: readonly string[];
}

/** A test, as it is graded. */
export interface PolicyTest {
	/** Its name. */
	readonly test: string;
	readonly part: string;
	/** What it tests, in a few words. */
	readonly title: string;
	/** What passing it is worth. */
	readonly points: number;
	/** Whether a student may see anything of it. */
	readonly visibility: "visible" | "hidden";
	/** How many schedules of it to run if the command doesn't say; undefined if the policy doesn't either. */
	readonly repeats: number | undefined;
	/** What is to be known about it when it fails. */
	readonly entry: PolicyEntry;
}

/** What the labs' catalogue, or the config, says about a test. Texts may be empty for a course's own tests. */
export interface PolicyEntry {
	/** How many servers its cluster has; undefined if nobody said. */
	readonly servers: number | undefined;
	/** What happens in it. */
	readonly story: string;
	/** Where the paper (extended version) says what should happen. */
	readonly paper: string;
	/** What usually causes a failure, the most likely first. */
	readonly causes: readonly string[];
}

/** What one run may use; absent where the policy leaves it to the command's defaults. */
export interface PolicyLimits {
	/** Real seconds for one step of a server. */
	readonly stepTimeoutS?: number;
	/** Real seconds for one run of a test. */
	readonly timeoutS?: number;
	/** Megabytes of memory. */
	readonly memoryMb?: number;
}

/** The 28 tests of 2A–2D, as the catalogue has them. */
export const LAB_TESTS: readonly PolicyTest[] = catalog.map(toTest);

/** The labs' own tests, those of part 2X included. */
export const KNOWN_TESTS: readonly PolicyTest[] = [...LAB_TESTS, ...extraCatalog.map(toTest)];

/** Whether a test is graded if nobody says which are: part 2X only is on request. */
export function isGradedByDefault({ part }: PolicyTest): boolean {
	return part !== "2X";
}

/** The policy without a config: the labs' 28 tests with the catalogue's points, all of them visible. */
export const DEFAULT_POLICY: Policy = {
	file: undefined,
	scoring: "all-or-nothing",
	suites: [],
	reference: undefined,
	target: undefined,
	limits: {},
	seed: undefined,
	tests: LAB_TESTS,
	known: KNOWN_TESTS,
	parts,
};

/** The test of that name, whether it is graded or not; undefined if there is none. */
export function testOf({ known }: Pick<Policy, "known">, name: string): PolicyTest | undefined {
	return known.find(({ test }) => test === name);
}

function toTest({ id, part, title, points, servers, story, paper, causes }: CatalogEntry): PolicyTest {
	const entry = { servers, story, paper, causes };
	return { test: id, part, title, points, visibility: "visible", repeats: undefined, entry };
}
