import type { Mutant } from "../../../reference/mutants/index.ts";
import { markdownTable } from "../../statistics.ts";
import { COLUMNS, type Column } from "./columns.ts";
import { type Measurement, REPEATS, type Share } from "./measurement.ts";

/** What a page is made of. */
export interface TeethData {
	readonly mutants: readonly Mutant[];
	readonly measurements: ReadonlyMap<string, Measurement>;
	readonly labTests: readonly string[];
	readonly extraTests: readonly string[];
	/** How it was measured, in a line. */
	readonly made: string;
}

/** docs/teeth.md. */
export function teethPage(data: TeethData): string {
	return [
		intro(data),
		`## In one pass\n\n${inOnePass(data)}`,
		`## What only invariants, race schedules or 2X bring to light\n\n${hiddenFromTheLabs(data)}`,
		`## Mistake by mistake\n\n${byMutant(data)}`,
		`## Test by test\n\n${byTest(data)}`,
	].join("\n\n");
}

function intro({ made, mutants, measurements }: TeethData): string {
	const missing = mutants.length - measurements.size;
	const soFar = missing === 0 ? "" : ` ${missing} of them have not been measured yet, and stand in none of the tables.`;
	return `# What the labs catch

${mutants.length} mistakes that people make in this lab, each put into the model solution (\`reference/mutants/\` tells their stories), and how surely the tests
notice.${soFar} Written by \`npm run teeth\`: ${made}.

A pass is one run of each test. Three ways to look at it: **calm, own**: the lab's own assertions in a calm schedule, which is what the Go tester would see;
**calm**: with the safety invariants, which is what a single \`raft-grade all\` does; **race**: with a race schedule, as seven in eight of \`--race-repeat\` are. Part
2X is run on request: \`raft-grade all 2X\`.`;
}

/** The share of mistakes that are caught, with mistakes counting by their chance. */
function inOnePass({ mutants, measurements }: TeethData): string {
	const measured = mutants.flatMap(({ id }) => measurements.get(id) ?? []);
	const row = (name: string, sharesOf: (measurement: Measurement, column: Column) => Share) => [
		name,
		...COLUMNS.map((column) => {
			const shares = measured.map((measurement) => sharesOf(measurement, column));
			const mean = shares.reduce((sum, { hits, of }) => sum + hits / of, 0) / shares.length;
			const ever = shares.filter(({ hits }) => hits > 0).length;
			return `${percent(mean)} (${ever} of ${shares.length} ever)`;
		}),
	];
	const table = markdownTable(
		["tests", ...COLUMNS],
		[row("the 28 of 2A–2D", ({ labs }, column) => labs[column]), row("with 2X", ({ all }, column) => all[column])],
	);
	const rare = measured.filter(({ all }) => all.calm.hits / all.calm.of < 0.95 || all.race.hits / all.race.of < 0.95);
	const rareRows = rare.map(({ name, all }) => [name, share(all.calm), share(all.race)]);
	const never = measured.filter(({ all }) => all.calm.hits + all.race.hits === 0).map(({ name }) => name);
	const repeats = measured.filter(({ caughtByRepeats }) => caughtByRepeats !== undefined).length;
	return `The chance that one pass catches a mistake, on average over all of them; and how many were ever caught.

${table}

\`raft-grade all 2X --race-repeat ${REPEATS}\` catches ${repeats} of ${measured.length}.

${never.length === 0 ? "Every one of them is caught by some schedule." : `Never caught: ${never.join(", ")}.`} Those that a pass of all tests and 2X misses more than once in twenty times:

${rareRows.length === 0 ? "none." : markdownTable(["mistake", "calm", "race"], rareRows)}`;
}

function hiddenFromTheLabs({ mutants, measurements }: TeethData): string {
	const rows = mutants.flatMap(({ id, mistake, hiddenBecause }) => {
		const measurement = measurements.get(id);
		if (measurement === undefined || measurement.labs["calm, own"].hits > 0) return [];
		const { labs, all } = measurement;
		const means = [
			...(labs.calm.hits > 0 ? ["invariants"] : []),
			...(labs.race.hits > 0 ? ["race"] : []),
			...(all.calm.hits > labs.calm.hits || all.race.hits > labs.race.hits ? ["2X"] : []),
		];
		return [{ id, mistake, means: means.join(", ") || "nothing yet", why: hiddenBecause }];
	});
	return `${rows.length} mistakes were seen in no calm pass of the 28 tests by the labs' own assertions, and so by no Go tester that makes the same passes.

${rows.map(({ id, mistake, means, why }) => `- **${id}** (${means}): ${mistake}${why === undefined ? "" : ` ${why}`}`).join("\n")}`;
}

function byMutant({ mutants, measurements }: TeethData): string {
	const families = [...new Set(mutants.map(({ family }) => family))];
	return families
		.map((family) => {
			const rows = mutants
				.filter((mutant) => mutant.family === family)
				.flatMap(({ id }) => {
					const measurement = measurements.get(id);
					if (measurement === undefined) return [];
					const { labs, all } = measurement;
					const cells = COLUMNS.flatMap((column) => [share(labs[column]), share(all[column])]);
					return [[id, ...cells, bestTests(measurement)]];
				});
			const head = ["mistake", ...COLUMNS.flatMap((column) => [column, "+2X"]), "caught by"];
			return `### ${family}\n\n${markdownTable(head, rows)}`;
		})
		.join("\n\n");
}

/** The tests that catch it most surely, with invariants, in either schedule. */
function bestTests({ tests }: Measurement): string {
	const hits = (test: string) => (tests.calm[test]?.hits ?? 0) + (tests.race[test]?.hits ?? 0);
	const names = [...new Set([...Object.keys(tests.calm), ...Object.keys(tests.race)])];
	const best = names.sort((a, b) => hits(b) - hits(a)).slice(0, 3);
	const more = names.length - best.length;
	return `${best.join(", ")}${more > 0 ? `, ${more} more` : ""}`;
}

/** Which tests earn their keep. */
function byTest({ labTests, extraTests, measurements }: TeethData): string {
	const all = [...measurements.values()];
	const catching = (test: string, column: Column) =>
		all.filter(({ tests }) => tests[column][test] !== undefined).map(({ name }) => name);
	const everCaughtBy = ({ tests }: Measurement) => new Set(COLUMNS.flatMap((column) => Object.keys(tests[column])));
	const rows = [...labTests, ...extraTests].map((test) => {
		const alone = all.filter((measurement) => {
			const by = everCaughtBy(measurement);
			return by.size === 1 && by.has(test);
		});
		return [test, ...COLUMNS.map((column) => String(catching(test, column).length)), String(alone.length)];
	});
	return `How many of the mistakes each test catches at all in the runs that were made of it, and how many no other test does.

${markdownTable(["test", ...COLUMNS, "alone"], rows)}`;
}

function share({ hits, of }: Share): string {
	return percent(hits / of);
}

function percent(value: number): string {
	return `${Math.round(100 * value)}%`;
}
