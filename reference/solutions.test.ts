import { readdir, readFile } from "node:fs/promises";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type CommandResult, ROOT, run } from "../grader/testing/command.ts";
import { catalog, extraCatalog, type TestId } from "../labs/catalog.ts";
import type { CheckLine } from "./mutants/check.ts";
import { variants } from "./variants/index.ts";

/** Runs of the labs: each test with a few seeds, to notice at once what breaks a right solution; `npm run soak` tries many. */
interface Work {
	/** Main modules, relative to this folder. They are run one after the other, in one process. */
	readonly files: readonly string[];
	readonly tests: readonly TestId[];
	readonly schedules: string;
	readonly seeds: number;
}

const ALL_TESTS = catalog.map(({ id }) => id);
const EXTRA_TESTS = extraCatalog.map(({ id }) => id);

/** Those that set the nearest limits, and where servers that do everything on time can get into each other's way. */
const CALM_TOO: readonly TestId[] = ["ManyElections", "RPCBytes", "Backup", "Count"];

/** Right solutions, as different as they could be made: a test that fails one of them is wrong itself. */
const solutions = [
	{ name: "the model solution", file: "index.ts" },
	{ name: "callbacks", file: "styles/callbacks.ts" },
	{ name: "loops", file: "styles/loops.ts" },
	{ name: "roles", file: "styles/roles/raft.ts" },
];

const fileOf = (variant: string) => `variants/${variant}.ts`;

describe("right solutions", () => {
	const results: CommandResult[] = [];
	const lines: CheckLine[] = [];

	before("run the labs against each", async function () {
		this.timeout(600_000);
		const waiting = plan();
		const work = async () => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await runLabs(next));
		};
		await Promise.all(Array.from({ length: os.availableParallelism() }, work));
		for (const { stdout } of results) {
			for (const line of stdout.trimEnd().split("\n")) lines.push(JSON.parse(line) as CheckLine);
		}
	});

	it("can all be run", () => {
		for (const { code, stderr } of results) expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
	});

	for (const { name, file } of solutions) {
		it(`${name}: passes all tests, calm and race`, () => {
			expectPassed(lines, file, { tests: ALL_TESTS.flatMap((test) => [test, test]), seeds: 1 });
		});
	}

	for (const { name, file } of solutions) {
		it(`${name}: passes part 2X, race`, () => {
			expectPassed(lines, file, { tests: EXTRA_TESTS, seeds: 1 });
		});
	}

	for (const [i, { id }] of variants.entries()) {
		it(`${id}: passes a third of part 2X, race`, () => {
			expectPassed(lines, fileOf(id), { tests: thirdOfExtraTests(i), seeds: 1 });
		});
	}

	for (const { id, tooSlowFor = [] } of variants) {
		it(`${id}: passes all tests${tooSlowFor.map((test) => ` but ${test}`).join("")}`, () => {
			const tests = [...ALL_TESTS, ...CALM_TOO].filter((test) => !tooSlowFor.includes(test));
			expectPassed(lines, fileOf(id), { tests, seeds: 1 });
		});
	}
});

describe("variants", () => {
	const folder = pathOf("variants/");

	it("are the modules in their folder", async () => {
		const modules = (await readdir(folder)).filter((name) => name.endsWith(".ts") && name !== "index.ts");
		expect(modules.sort()).to.deep.equal(variants.map(({ id }) => `${id}.ts`).sort());
		expect(variants).to.have.length.at.least(12);
	});

	for (const { id } of variants) {
		it(`${id}: says how it differs, and where the paper leaves that open`, async () => {
			const source = await readFile(pathOf(fileOf(id)), "utf8");
			expect(source).to.match(/^\/\*\*\n/);
			expect(source.slice(0, source.indexOf("*/"))).to.match(/§\d|figure \d/i);
		});
	}
});

/** Starting a process takes as long as a good part of a pass, so that several variants share one. */
const VARIANTS_PER_PROCESS = 9;

function plan(): Work[] {
	const bySlowness = new Map<string, string[]>();
	for (const { id, tooSlowFor = [] } of variants) {
		const key = tooSlowFor.join();
		bySlowness.set(key, [...(bySlowness.get(key) ?? []), fileOf(id)]);
	}
	const work: Work[] = solutions.map(({ file }) => ({
		files: [file],
		tests: ALL_TESTS,
		schedules: "calm,race",
		seeds: 1,
	}));
	work.push({ files: solutions.map(({ file }) => file), tests: EXTRA_TESTS, schedules: "race", seeds: 1 });
	for (const third of [0, 1, 2]) {
		const files = variants.filter((_, i) => i % 3 === third).map(({ id }) => fileOf(id));
		work.push({ files, tests: thirdOfExtraTests(third), schedules: "race", seeds: 1 });
	}
	for (const [key, all] of bySlowness) {
		const tests = ALL_TESTS.filter((test) => !key.split(",").includes(test));
		for (const files of chunks(all)) {
			const calmTests = tests.filter((test) => CALM_TOO.includes(test));
			work.push(
				{ files, tests, schedules: "race", seeds: 1 },
				{ files, tests: calmTests, schedules: "calm", seeds: 1 },
			);
		}
	}
	return work;
}

/** All of part 2X with every variant takes minutes; so each test of it meets every third. */
function thirdOfExtraTests(variant: number): TestId[] {
	return EXTRA_TESTS.filter((_, i) => i % 3 === variant % 3);
}

function chunks(files: readonly string[]): string[][] {
	const count = Math.ceil(files.length / VARIANTS_PER_PROCESS);
	return Array.from({ length: count }, (_, i) => files.slice(VARIANTS_PER_PROCESS * i, VARIANTS_PER_PROCESS * (i + 1)));
}

/** Runs tests in a process of their own, as the labs' suites would otherwise become part of this one. */
function runLabs({ files, tests, schedules, seeds }: Work): Promise<CommandResult> {
	const targets = files.flatMap((file) => ["--target", pathOf(file)]);
	const options = ["--tests", tests.join(), "--schedules", schedules, "--seeds", String(seeds), "--share"];
	return run(process.execPath, ["--import", "tsx", pathOf("mutants/check.ts"), ...targets, ...options], ROOT);
}

/** What was run of a module, of the same part as these tests, are these, each once for every schedule it is to be run with, and none failed. */
function expectPassed(lines: readonly CheckLine[], file: string, { tests, seeds }: { tests: TestId[]; seeds: number }) {
	const isExtra = (test: TestId) => EXTRA_TESTS.includes(test);
	const checked = lines.filter(
		({ program, test }) => program === pathOf(file) && isExtra(test) === tests.some(isExtra),
	);
	const failed = checked.flatMap(({ test, failures }) => failures.map((f) => `${test}@${f.seed}: ${f.message}`));
	expect(failed).to.deep.equal([]);
	expect(checked.map(({ test }) => test).sort()).to.deep.equal([...tests].sort());
	expect(new Set(checked.map(({ runs }) => runs))).to.deep.equal(new Set([seeds]));
}

function pathOf(file: string): string {
	return fileURLToPath(new URL(file, import.meta.url));
}
