/**
 * How often the true cause is among the first two that a report names: `tsx grader/studies/hints.ts` writes docs/hints.md. The rules (grader/hints/rank.ts)
 * were made looking at runs of base seed 1; this measures on others.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadProgram, parseSeed, runSeed } from "../../harness/index.ts";
import type { CauseId } from "../../labs/catalog/causes.ts";
import { catalog, entryOf, extraCatalog } from "../../labs/catalog.ts";
import { ALL_SUITES } from "../../labs/suites.ts";
import { type Mutant, mutants } from "../../reference/mutants/index.ts";
import { gatherEvidence } from "../hints/evidence.ts";
import { rankCauses } from "../hints/rank.ts";
import { LabRunner } from "../lab-runner.ts";
import { narrate } from "../narrative/narrate.ts";

/** A failed run, and what was made of it. */
interface Hinted {
	readonly mutant: Mutant;
	readonly test: string;
	readonly ranked: readonly CauseId[];
}

const REFERENCE = fileURLToPath(new URL("../../reference/index.ts", import.meta.url));

const { values } = parseArgs({
	options: {
		seed: { type: "string", default: "2" },
		/** How many tests are tried beside the one that is known to catch the mutant. */
		tests: { type: "string", default: "7" },
		/** How many seeds of each. */
		seeds: { type: "string", default: "2" },
		/** How many failures of one mutant are enough. */
		failures: { type: "string", default: "3" },
		/** Only every so-manyth mutant. */
		every: { type: "string", default: "1" },
		out: { type: "string" },
	},
});

const runner = await LabRunner.load(ALL_SUITES);
const hinted: Hinted[] = [];
for (const [k, mutant] of mutants.entries())
	if (k % Number(values.every) === 0) hinted.push(...(await failuresOf(mutant, k)));
const text = page(hinted);
if (values.out === undefined) process.stdout.write(text);
else writeFileSync(values.out, text);

async function failuresOf(mutant: Mutant, k: number): Promise<Hinted[]> {
	const program = await loadProgram(REFERENCE, mutant.edits);
	const found: Hinted[] = [];
	for (const test of testsFor(mutant, k)) {
		for (let i = 0; i < Number(values.seeds); i++) {
			if (found.length >= Number(values.failures)) return found;
			const seed = runSeed(parseSeed(values.seed), test, i, i % 2 === 0 ? "calm" : "race");
			const { failure, journal, figures } = await runner.run(program, { test, seed, journal: true });
			if (failure === undefined || journal === undefined) continue;
			const { culprit } = narrate(journal.events, figures.servers, failure);
			const ranked = rankCauses(gatherEvidence(journal.events, figures.servers, failure, culprit), entryOf(test)?.aims);
			found.push({ mutant, test, ranked });
			break;
		}
	}
	return found;
}

/** The test that is known to catch it, and others, which differ from mutant to mutant. */
function testsFor({ caughtBy }: Mutant, k: number): string[] {
	const all = [...catalog, ...extraCatalog].map(({ id }) => id as string);
	const others = Array.from({ length: Number(values.tests) }, (_, i) => all[(7 * k + 5 * i) % all.length] as string);
	return [...new Set([...(caughtBy === undefined ? [] : [caughtBy.test as string]), ...others])];
}

function isHit({ mutant, ranked }: Hinted, among: number): boolean {
	return ranked.slice(0, among).some((cause) => mutant.causes.includes(cause));
}

function page(all: readonly Hinted[]): string {
	const failed = new Set(all.map(({ mutant }) => mutant));
	const share = (part: readonly Hinted[], among: number) => {
		const of = [...new Set(part.map(({ mutant }) => mutant))].map((mutant) => {
			const own = part.filter((each) => each.mutant === mutant);
			return own.filter((each) => isHit(each, among)).length / own.length;
		});
		return `${Math.round((100 * of.reduce((sum, each) => sum + each, 0)) / of.length)} %`;
	};
	const families = [...new Set([...failed].map(({ family }) => family))];
	const rows = families.map((family) => {
		const part = all.filter(({ mutant }) => mutant.family === family);
		const count = new Set(part.map(({ mutant }) => mutant)).size;
		return `| ${family} | ${count} | ${part.length} | ${share(part, 1)} | ${share(part, 2)} | ${share(part, 3)} |`;
	});
	const missed = [...failed].flatMap((mutant) => {
		const own = all.filter((each) => each.mutant === mutant && !isHit(each, 2));
		if (own.length === 0) return [];
		const shown = own.map(({ test, ranked }) => `${test}: ${ranked.slice(0, 2).join(", ")}`).join("; ");
		return [`| ${mutant.id} | ${mutant.causes.join(", ")} | ${shown} |`];
	});
	return [
		"# Are the hints right?",
		"",
		"A report names what usually causes a failure, ranked by what the run shows: `grader/hints` says how. Here each known mistake",
		"(`reference/mutants`) fails some tests, and what truly is wrong with it is compared with what the report names first. The rules were made",
		`with runs of base seed 1; these are of base seed ${values.seed}. Written by \`npx tsx grader/studies/hints.ts --tests ${values.tests} --failures ${values.failures} --out docs/hints.md\` (with \`NODE_OPTIONS=--max-old-space-size=9000\`: some journals are long).`,
		"",
		`${failed.size} of ${Math.ceil(mutants.length / Number(values.every))} mistakes failed in the runs that were tried; of the others this says nothing. The seeds are new to the rules, the mistakes`,
		"are not, and most tests are not: a mistake that nobody thought of may fare worse. Tests of part 2X were made for some of these mistakes, and what a test was",
		"made for counts as what it shows (labs/catalog/2x, `aims`). A mistake counts once, however often it failed. Share with the",
		"true cause among the first one, two or three:",
		"",
		"| family | mistakes | failed runs | first | first two | first three |",
		"| --- | ---: | ---: | ---: | ---: | ---: |",
		...rows,
		`| all | ${failed.size} | ${all.length} | ${share(all, 1)} | ${share(all, 2)} | ${share(all, 3)} |`,
		"",
		"## Missed",
		"",
		"| mistake | its cause | named instead |",
		"| --- | --- | --- |",
		...missed,
		"",
	].join("\n");
}
