import { expect } from "chai";
import type { Mutant } from "../../../reference/mutants/index.ts";
import type { Measurement, Share } from "./measurement.ts";
import { teethPage } from "./page.ts";

const mutant = (id: string): Mutant => ({
	id,
	family: "votes",
	causes: [],
	breaks: "safety",
	mistake: `What ${id} does.`,
	story: "§5.2",
	edits: [],
});

/** Hits in ten passes: of the labs' own assertions, with invariants, and in race schedules. */
const columns = (own: number, calm: number, race: number): Record<"calm, own" | "calm" | "race", Share> => ({
	"calm, own": { hits: own, of: 10 },
	calm: { hits: calm, of: 10 },
	race: { hits: race, of: 10 },
});

const measurement = (name: string, parts: Partial<Measurement>): Measurement => ({
	name,
	key: "",
	tests: { "calm, own": {}, calm: {}, race: {} },
	labs: columns(0, 0, 0),
	all: columns(0, 0, 0),
	checks: {},
	...parts,
});

describe("the page of npm run teeth", () => {
	const measurements = [
		measurement("seen-by-all", {
			tests: {
				"calm, own": { Backup: { hits: 5, of: 5 } },
				calm: { Backup: { hits: 5, of: 5 } },
				race: { Backup: { hits: 5, of: 5 }, Count: { hits: 1, of: 5 } },
			},
			labs: columns(10, 10, 10),
			all: columns(10, 10, 10),
		}),
		measurement("seen-by-invariants", {
			labs: columns(0, 5, 10),
			all: columns(0, 5, 10),
			caughtByRepeats: { test: "Backup", seed: "1" },
		}),
		measurement("seen-by-extra", {
			tests: { "calm, own": {}, calm: { OldVotes: { hits: 4, of: 5 } }, race: {} },
			all: columns(0, 9, 10),
		}),
		measurement("never-seen", {}),
	];
	const page = teethPage({
		mutants: measurements.map(({ name }) => mutant(name)),
		measurements: new Map(measurements.map((one) => [one.name, one])),
		labTests: ["Backup", "Count"],
		extraTests: ["OldVotes"],
		made: "10 passes",
	});

	it("says how many fifty repeats catch", () => {
		expect(page).to.include("`raft-grade all 2X --race-repeat 50` catches 1 of 4.");
	});

	it("says how likely one pass catches a mistake, in each way to look at it", () => {
		expect(page).to.include("| the 28 of 2A–2D | 25% (1 of 4 ever) | 38% (2 of 4 ever) | 50% (2 of 4 ever) |");
		expect(page).to.include("| with 2X | 25% (1 of 4 ever) | 60% (3 of 4 ever) | 75% (3 of 4 ever) |");
	});

	it("says how many have not been measured yet", () => {
		const two = teethPage({
			mutants: [mutant("seen-by-all"), mutant("not-yet")],
			measurements: new Map(measurements.slice(0, 1).map((one) => [one.name, one])),
			labTests: [],
			extraTests: [],
			made: "",
		});
		expect(two).to.include("1 of them have not been measured yet");
		expect(page).to.not.include("not been measured");
	});

	it("names what is never caught, and what is missed now and then", () => {
		expect(page).to.include("Never caught: never-seen.");
		expect(page).to.include("| seen-by-extra | 90% | 100% |");
		expect(page.split("## Mistake by mistake")[0]).to.not.include("| seen-by-all |");
	});

	it("names what the labs' own assertions never see, and what does", () => {
		expect(page).to.include("- **seen-by-invariants** (invariants, race): What seen-by-invariants does.");
		expect(page).to.include("- **seen-by-extra** (2X): What seen-by-extra does.");
		expect(page).to.include("- **never-seen** (nothing yet):");
		expect(page).to.not.include("- **seen-by-all**");
	});

	it("counts what each test catches, and what only it does", () => {
		expect(page).to.include("| Backup | 1 | 1 | 1 | 0 |");
		expect(page).to.include("| OldVotes | 0 | 1 | 0 | 1 |");
	});
});
