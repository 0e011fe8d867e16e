import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { parseSeed } from "../../harness/index.ts";
import { parts as labParts } from "../../labs/catalog.ts";
import { showPath } from "../schema-issues.ts";
import { similarNames } from "../similar-names.ts";
import {
	isGradedByDefault,
	KNOWN_TESTS,
	type Policy,
	type PolicyLimits,
	type PolicyPart,
	type PolicySuite,
	type PolicyTest,
} from "./policy.ts";
import type { Config } from "./schema.ts";

type SuiteConfig = NonNullable<Config["suites"]>[number];
type SuiteTestConfig = SuiteConfig["tests"][string];

/** What tests of a suite belong to that doesn't say. */
const EXTRA_PART = "extra";

/** The word for all tests, on the command line and in `repeats`. */
const ALL = "all";

/**
 * Turns a config that fits its schema into a policy.
 *
 * @param file - the config file, as an absolute path: other files are relative to it.
 * @param complain - hears what is wrong, in one sentence each: names that nothing has, files that don't exist. The policy returned is of
 * use only if there was nothing.
 */
export function resolvePolicy(config: Config, file: string, complain: (sentence: string) => void): Policy {
	const folder = path.dirname(file);
	const suiteConfigs = config.suites ?? [];
	checkSuiteNames(suiteConfigs, complain);
	const declared = [...KNOWN_TESTS, ...suiteConfigs.flatMap(ownTests)];
	const names = namesOf(declared);
	checkNames(config, names, complain);
	checkGivenOnce(config, suiteConfigs, complain);

	const isHidden = isNamedIn(config.hidden ?? []);
	const known = declared.map(
		(test): PolicyTest => ({
			...test,
			points: config.points?.[test.test] ?? test.points,
			visibility: isHidden(test) ? "hidden" : test.visibility,
			repeats: test.repeats ?? repeatsOf(test, config.repeats),
		}),
	);
	return {
		file,
		scoring: config.scoring ?? "all-or-nothing",
		suites: suiteConfigs.map((suite, i) => resolveSuite(suite, i, folder, complain)),
		reference: config.reference === undefined ? undefined : resolveReference(config.reference, folder, complain),
		target: config.target,
		limits: resolveLimits(config.limits),
		seed: config.seed === undefined ? undefined : resolveSeed(config.seed, complain),
		tests: config.tests === undefined ? known.filter(isGradedByDefault) : known.filter(isNamedIn(config.tests)),
		known,
		parts: partsOf(known),
	};
}

interface Names {
	readonly parts: readonly string[];
	readonly tests: readonly string[];
}

function namesOf(tests: readonly PolicyTest[]): Names {
	return { parts: [...new Set(tests.map(({ part }) => part))], tests: tests.map(({ test }) => test) };
}

function ownTests({ part = EXTRA_PART, tests }: SuiteConfig): PolicyTest[] {
	return Object.entries(tests).map(([test, own]) => ownTest(test, part, own));
}

function ownTest(test: string, part: string, own: SuiteTestConfig): PolicyTest {
	const { points = 0, title = test, hidden = false, repeats, servers, story = "", paper = "", causes = [] } = own;
	return {
		test,
		part,
		title,
		points,
		visibility: hidden ? "hidden" : "visible",
		repeats,
		entry: { servers, story, paper, causes },
	};
}

function isNamedIn(names: readonly string[]): (test: PolicyTest) => boolean {
	return ({ test, part }) => names.includes(test) || names.includes(part) || names.includes(ALL);
}

function repeatsOf({ test, part }: PolicyTest, repeats: Config["repeats"]): number | undefined {
	if (typeof repeats !== "object") return repeats;
	return repeats[test] ?? repeats[part] ?? repeats[ALL];
}

function partsOf(tests: readonly PolicyTest[]): PolicyPart[] {
	const own = namesOf(tests).parts.filter((part) => labParts.every((known) => known.part !== part));
	return [...labParts, ...own.map((part) => ({ part, title: "the course's own tests" }))];
}

/** Names must tell tests and parts apart on the command line, where case does not matter and `@` begins a seed. */
function checkSuiteNames(suites: readonly SuiteConfig[], complain: (sentence: string) => void): void {
	const taken = new Map(KNOWN_TESTS.map(({ test }) => [test.toLowerCase(), `the labs have a test ${test}`]));
	for (const { part } of labParts) taken.set(part.toLowerCase(), `${part} is a part of the labs`);
	taken.set(ALL, `"${ALL}" means all tests`);
	for (const [i, { part }] of suites.entries()) {
		if (part === undefined) continue;
		const where = showPath(["suites", i, "part"]);
		if (!/^[A-Za-z0-9][\w-]*$/.test(part)) complain(`${where} is "${part}": use letters, digits, - and _`);
		else if (labParts.every((known) => known.part !== part)) {
			const reason = taken.get(part.toLowerCase());
			if (reason !== undefined) complain(`${where} cannot be "${part}": ${reason}`);
		}
	}
	for (const { part = EXTRA_PART } of suites) {
		const key = part.toLowerCase();
		if (!taken.has(key)) taken.set(key, `${part} is the part of a suite`);
	}
	for (const [i, { tests }] of suites.entries()) {
		for (const test of Object.keys(tests)) {
			const where = showPath(["suites", i, "tests", test]);
			const reason = taken.get(test.toLowerCase());
			if (!/^[A-Za-z][\w-]*$/.test(test)) {
				complain(
					`${where}: a test's name begins with a letter and has letters, digits, - and _ only; rename "${test}"`,
				);
			} else if (reason !== undefined) complain(`${where}: ${reason} already; give this one another name`);
			else taken.set(test.toLowerCase(), `there is a test ${test} in suites[${i}]`);
		}
	}
}

function checkNames(config: Config, names: Names, complain: (sentence: string) => void): void {
	const partsAndTests = [...names.parts, ...names.tests];
	for (const key of ["hidden", "tests"] as const) {
		for (const [i, name] of (config[key] ?? []).entries()) {
			if (name !== ALL && !partsAndTests.includes(name)) {
				complain(`${showPath([key, i])}: there is no part or test "${name}"${hint(partsAndTests, name)}`);
			}
		}
	}
	if (typeof config.repeats === "object") {
		for (const name of Object.keys(config.repeats)) {
			if (name !== ALL && !partsAndTests.includes(name)) {
				complain(`${showPath(["repeats", name])}: there is no part or test "${name}"${hint(partsAndTests, name)}`);
			}
		}
	}
	for (const name of Object.keys(config.points ?? {})) {
		const where = showPath(["points", name]);
		if (names.parts.includes(name) || name === ALL)
			complain(`${where}: points are given test by test, not for "${name}"`);
		else if (!names.tests.includes(name)) complain(`${where}: there is no test "${name}"${hint(names.tests, name)}`);
	}
}

/** Two figures for one thing: whichever counted, somebody would be surprised. */
function checkGivenOnce(config: Config, suites: readonly SuiteConfig[], complain: (sentence: string) => void): void {
	for (const [i, { tests }] of suites.entries()) {
		for (const [test, own] of Object.entries(tests)) {
			for (const key of ["points", "repeats"] as const) {
				const elsewhere = config[key];
				if (own[key] === undefined || typeof elsewhere !== "object" || elsewhere[test] === undefined) continue;
				const [here, there] = [showPath(["suites", i, "tests", test, key]), showPath([key, test])];
				complain(`${there} says the same as ${here}: leave one of them out`);
			}
		}
	}
}

function hint(names: readonly string[], typed: string): string {
	const similar = similarNames(names, typed);
	return similar.length > 0 ? `: did you mean ${similar.join(" or ")}?` : "; raft-grade --list names them";
}

function resolveSuite(
	{ file, part = EXTRA_PART, tests }: SuiteConfig,
	index: number,
	folder: string,
	complain: (sentence: string) => void,
): PolicySuite {
	const absolute = path.resolve(folder, file);
	const where = showPath(["suites", index, "file"]);
	if (!/\.[mc]?[jt]s$/.test(file)) complain(`${where}: ${file} is no module: name a .ts, .mts, .js or .mjs file`);
	else if (!existsSync(absolute)) complain(`${where}: there is no file ${file}; paths are relative to the config file`);
	return { file: absolute, part, tests: Object.keys(tests) };
}

function resolveReference(reference: string, folder: string, complain: (sentence: string) => void): string {
	const absolute = path.resolve(folder, reference);
	if (!existsSync(absolute)) {
		complain(`reference: there is no file or folder ${reference}; paths are relative to the config file`);
	} else if (statSync(absolute).isFile() && !/\.m?[jt]s$/.test(absolute)) {
		complain(`reference: ${reference} is no module: name a .ts, .mts, .js or .mjs file, or its folder`);
	}
	return absolute;
}

/** Without the keys that are undefined, so that defaults can be spread under what is left. */
function resolveLimits({ stepTimeoutS, timeoutS, memoryMb }: NonNullable<Config["limits"]> = {}): PolicyLimits {
	return {
		...(stepTimeoutS === undefined ? {} : { stepTimeoutS }),
		...(timeoutS === undefined ? {} : { timeoutS }),
		...(memoryMb === undefined ? {} : { memoryMb }),
	};
}

function resolveSeed(text: string, complain: (sentence: string) => void): Policy["seed"] {
	try {
		return parseSeed(text);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		complain(`seed: ${error.message}`);
		return undefined;
	}
}
