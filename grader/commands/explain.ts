import pc from "picocolors";
import { type InvariantEntry, invariantEntries } from "../../labs/catalog/invariants.ts";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { DEFAULT_POLICY, type Policy, type PolicyPart, type PolicyTest } from "../policy/policy.ts";
import { WIDTH, wrap } from "../report/text.ts";
import { parseRun, type RunOfTest, runName } from "../run-name.ts";
import { findTest } from "../selection.ts";

export interface ExplainOptions {
	/** A test, a run of one (`Figure8@1f3a`), a part, or an invariant's name; undefined lists what there is. */
	readonly test: string | undefined;
	/** Which tests there are, with which points: a course may have some of its own. The labs' own by default. */
	readonly policy?: Pick<Policy, "known" | "parts">;
}

const INDENT = 16;
/** How much room the names in a list get. */
const NAMES = 29;

/**
 * Prints what is known of a test: what happens in it, where to read, why submissions usually fail it, how to run it.
 *
 * @throws UsageError for a name that nothing has.
 */
export async function explainTest(
	{ test, policy = DEFAULT_POLICY }: ExplainOptions,
	output: Output,
): Promise<ExitCode> {
	for (const line of explanation(test, policy)) output.line(line);
	return ExitCode.passed;
}

function explanation(name: string | undefined, { known, parts }: Pick<Policy, "known" | "parts">): string[] {
	if (name === undefined) return listAll(known, parts);
	const wanted = name.toLowerCase();
	const part = parts.find((each) => each.part.toLowerCase() === wanted);
	if (part !== undefined) return listPart(part, known);
	const invariant = Object.hasOwn(invariantEntries, wanted) ? invariantEntries[wanted] : undefined;
	if (invariant !== undefined) return aboutInvariant(wanted, invariant);
	const [word = "", run] = name.split("@");
	const id = findTest(
		word,
		known.map(({ test }) => test),
	);
	const found = known.find(({ test }) => test === id) as PolicyTest;
	return aboutTest(found, run === undefined ? undefined : parseRun(run));
}

function aboutTest({ test, part, title, points, entry }: PolicyTest, run: RunOfTest | undefined): string[] {
	const { servers, story, paper, causes } = entry;
	const facts = [part, counted(points, "point"), ...(servers === undefined ? [] : [counted(servers, "server")])];
	return [
		`${pc.bold(test)} (${facts.join(", ")})`,
		...wrap(title, WIDTH - 2).map((line) => `  ${line}`),
		"",
		...section("what happens", story === "" ? [] : [story]),
		...section("paper", paper === "" ? [] : [paper]),
		...section(
			"usual causes",
			causes.map((cause) => `- ${cause}`),
		),
		...section("run it", [
			...(run === undefined ? [] : [`npx raft-grade ${runName(test, run)}`]),
			`npx raft-grade ${test}`,
			`npx raft-grade ${test} --race-repeat 50`,
			`npx raft-grade ${test} --speed 1`,
		]),
	];
}

function aboutInvariant(name: string, { rule, paper, causes }: InvariantEntry): string[] {
	return [
		`${pc.bold(name)} (a safety rule, checked at every step of every test)`,
		"",
		...section("the rule", [rule]),
		...section("paper", [paper]),
		...section(
			"usual causes",
			causes.map((cause) => `- ${cause}`),
		),
	];
}

function listAll(known: readonly PolicyTest[], parts: readonly PolicyPart[]): string[] {
	return [
		...parts.flatMap((part) => [...listPart(part, known), ""]),
		pc.bold("Safety rules, checked in every test"),
		...Object.entries(invariantEntries).flatMap(([name, { rule }]) => row(name, rule)),
		"",
		"raft-grade explain <name> tells the story of one, and why it usually fails.",
	];
}

function listPart({ part, title }: PolicyPart, known: readonly PolicyTest[]): string[] {
	const tests = known.filter((test) => test.part === part);
	return [pc.bold(`${part}: ${title}`), ...tests.flatMap((test) => row(test.test, test.title))];
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function row(name: string, about: string): string[] {
	return wrap(about, WIDTH - NAMES).map((line, i) => (i === 0 ? `  ${name}` : "").padEnd(NAMES) + line);
}

/** Paragraphs under a label that stands to the left of the first. */
function section(label: string, paragraphs: readonly string[]): string[] {
	const lines = paragraphs.flatMap((paragraph) => {
		const isListed = paragraph.startsWith("- ");
		const [first = "", ...more] = wrap(paragraph, WIDTH - INDENT - (isListed ? 2 : 0));
		return [first, ...more.map((line) => (isListed ? `  ${line}` : line))];
	});
	return lines.map((line, i) => pc.bold((i === 0 ? `  ${label}` : "").padEnd(INDENT)) + line);
}
